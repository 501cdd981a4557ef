import {
  type ArithmeticOperator,
  type ComparisonOperator,
  type Dice,
  type Formula,
  FormulaFault,
  type FormulaValue,
  type FunctionName,
  type Variables,
} from './formula.js';
import type { RandomStream } from './random-stream.js';

/** One throw as it lay on the table. */
export interface Thrown {
  /** As the dice are written: `4d6kh3`. */
  readonly dice: string;
  readonly faces: readonly number[];
  readonly total: number;
}

/** A die that explodes again and again ends here; with two sides that happens to one in 10^30. */
const MOST_EXPLOSIONS = 100;
const MOST_SIZE = 1e12;

/**
 * What a formula comes to. Numbers are rounded to six decimals, so that no machine's last bit shows.
 * @param thrown hears of each throw, in the order of the text
 * @throws FormulaFault
 */
export function evaluate(
  formula: Formula,
  variables: Variables,
  stream: RandomStream,
  thrown: (throwOf: Thrown) => void = () => undefined,
): FormulaValue {
  const value = (of: Formula): FormulaValue => evaluate(of, variables, stream, thrown);
  const number = (of: Formula): number => ofKind('number', value(of), of.at);
  const flag = (of: Formula): boolean => ofKind('boolean', value(of), of.at);
  switch (formula.kind) {
    case 'value':
      return formula.value;
    case 'variable':
      return variableOf(formula.name, variables, formula.at);
    case 'dice':
      return throwDice(formula, stream, thrown);
    case 'minus':
      return -number(formula.of);
    case 'not':
      return !flag(formula.of);
    case 'and':
      return flag(formula.left) && flag(formula.right);
    case 'or':
      return flag(formula.left) || flag(formula.right);
    case 'arithmetic':
      return calculate(formula.operator, number(formula.left), number(formula.right), formula.at);
    case 'comparison':
      return compare(formula.operator, value(formula.left), value(formula.right), formula.at);
    case 'in': {
      const sought = value(formula.of);
      return formula.among.map(value).some((each) => isSame(each, sought));
    }
    case 'call':
      return rounded(CALLS[formula.name](formula.of.map(number)), formula.at);
  }
}

const CALLS: Readonly<Record<FunctionName, (of: number[]) => number>> = {
  min: (of) => Math.min(...of),
  max: (of) => Math.max(...of),
  abs: ([of]) => Math.abs(of!),
  floor: ([of]) => Math.floor(of!),
  ceil: ([of]) => Math.ceil(of!),
  round: ([of]) => Math.round(of!),
};

function throwDice(dice: Dice, stream: RandomStream, thrown: (throwOf: Thrown) => void): number {
  const faces: number[] = [];
  const values: number[] = [];
  for (let die = 0; die < dice.count; die += 1) {
    let face = stream.between(1, dice.sides);
    let sum = face;
    faces.push(face);
    for (let more = 0; more < MOST_EXPLOSIONS && face >= (dice.explodesFrom ?? Infinity); more += 1) {
      face = stream.between(1, dice.sides);
      sum += face;
      faces.push(face);
    }
    values.push(sum);
  }
  const { keep } = dice;
  const kept =
    keep === undefined ? values : values.sort((a, b) => (keep.highest ? b - a : a - b)).slice(0, keep.count);
  const total = kept.reduce((sum, each) => sum + each, 0);
  thrown({ dice: textOfDice(dice), faces, total });
  return total;
}

export function textOfDice({ count, sides, explodesFrom, keep }: Dice): string {
  const explodes = explodesFrom === undefined ? '' : explodesFrom === sides ? '!' : `!>=${explodesFrom}`;
  return `${count}d${sides}${explodes}${keep === undefined ? '' : `k${keep.highest ? 'h' : 'l'}${keep.count}`}`;
}

function variableOf(name: string, variables: Variables, at: number): FormulaValue {
  if (!Object.hasOwn(variables, name))
    throw new FormulaFault('unknown-variable', at, `There is no value for $${name}`);
  return variables[name]!;
}

interface Kinds {
  number: number;
  boolean: boolean;
}
const SAID: Readonly<Record<keyof Kinds, string>> = { number: 'a number', boolean: 'true or false' };

function ofKind<K extends keyof Kinds>(kind: K, value: FormulaValue, at: number): Kinds[K] {
  if (typeof value !== kind) throw new FormulaFault('wrong-kind', at, `This has to be ${SAID[kind]}`);
  return value as Kinds[K];
}

function calculate(operator: ArithmeticOperator, left: number, right: number, at: number): number {
  if ((operator === '/' || operator === '%') && right === 0)
    throw new FormulaFault('divided-by-zero', at, 'Nothing can be divided by zero');
  switch (operator) {
    case '+':
      return rounded(left + right, at);
    case '-':
      return rounded(left - right, at);
    case '*':
      return rounded(left * right, at);
    case '/':
      return rounded(left / right, at);
    case '%':
      return rounded(left % right, at);
  }
}

function rounded(value: number, at: number): number {
  if (Math.abs(value) > MOST_SIZE) throw new FormulaFault('out-of-range', at, 'This number grows too large');
  // Adding 0 makes of -0 what everybody writes.
  return Math.round(value * 1e6) / 1e6 + 0;
}

/** Texts are the same whatever their capitals are. */
function isSame(left: FormulaValue, right: FormulaValue): boolean {
  return typeof left === 'string' && typeof right === 'string'
    ? left.toLowerCase() === right.toLowerCase()
    : left === right;
}

function compare(operator: ComparisonOperator, left: FormulaValue, right: FormulaValue, at: number): boolean {
  if (operator === '=') return isSame(left, right);
  if (operator === '!=') return !isSame(left, right);
  const [low, high] = [ofKind('number', left, at), ofKind('number', right, at)];
  switch (operator) {
    case '<':
      return low < high;
    case '<=':
      return low <= high;
    case '>':
      return low > high;
    case '>=':
      return low >= high;
  }
}
