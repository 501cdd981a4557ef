// Expressions of dice, numbers, texts and variables, as they stand in results ("{2d6+$level}"), conditions ("$terrain = \"forest\" and
// $level >= 5") and ranges. One small grammar for all three:
//
//   or > and > not > = != < <= > >= in > + - > * / % > -x > number, "text", $name, dice, name(...), (...)
//   dice: [count]d(sides|%) with any of  !  !>=n  (explode)  kh kl dh dl [n]  (keep or drop the highest or lowest)
//
// Everything is capped, so that no text that somebody types makes a server roll for minutes. A fault says where, in characters from 0.

export type FormulaValue = number | string | boolean;
export type Variables = Readonly<Record<string, FormulaValue>>;

export const MOST_FORMULA_LENGTH = 300;
export const MOST_DICE = 200;
export const MOST_SIDES = 1_000_000;
const MOST_DEPTH = 24;
const MOST_LISTED = 50;
const LARGEST_NUMBER = 1_000_000_000;

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
export const FUNCTIONS = {
  min: [1, 10],
  max: [1, 10],
  abs: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
  round: [1, 1],
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

export interface Dice {
  readonly kind: 'dice';
  readonly count: number;
  readonly sides: number;
  /** Another die is thrown for each face from here on; undefined = none explodes. */
  readonly explodesFrom?: number;
  /** How many count, and from which end. */
  readonly keep?: { readonly highest: boolean; readonly count: number };
  readonly at: number;
}

export type Formula =
  | { readonly kind: 'value'; readonly value: FormulaValue; readonly at: number }
  | { readonly kind: 'variable'; readonly name: string; readonly at: number }
  | Dice
  | { readonly kind: 'minus' | 'not'; readonly of: Formula; readonly at: number }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Formula;
      readonly right: Formula;
      readonly at: number;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Formula;
      readonly right: Formula;
      readonly at: number;
    }
  | { readonly kind: 'in'; readonly of: Formula; readonly among: readonly Formula[]; readonly at: number }
  | { readonly kind: 'and' | 'or'; readonly left: Formula; readonly right: Formula; readonly at: number }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly of: readonly Formula[];
      readonly at: number;
    };

export type FormulaFaultCode =
  | 'syntax'
  | 'too-long'
  | 'too-deep'
  | 'too-many-dice'
  | 'too-many-sides'
  | 'unknown-function'
  | 'unknown-variable'
  | 'wrong-kind'
  | 'divided-by-zero'
  | 'out-of-range'
  | 'endless';

/** What is wrong with a formula, and where. Its message repeats nothing but what the formula's author wrote. */
export class FormulaFault extends Error {
  override readonly name = 'FormulaFault';

  constructor(
    readonly code: FormulaFaultCode,
    /** Characters from the begin of the text, from 0. */
    readonly at: number,
    readonly reason: string,
  ) {
    super(`${reason} (at character ${at + 1})`);
  }
}

/** @param offset where the formula begins in the text that faults count in. @throws FormulaFault */
export function parseFormula(text: string, offset = 0): Formula {
  return new Parser(text, offset).parse();
}

const NUMBER = /\d+(?:\.\d+)?/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const DICE = /(\d*)[dD](\d+|%)/y;
const KEEP = /([kd])([hl])(\d*)/iy;
const EXPLODE = /!(?:(>=)?(\d+))?(?!=)/y;
const TEXT = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y;
const COMPARE = /==|!=|<=|>=|=|<|>/y;

class Parser {
  private place = 0;
  private depth = 0;
  private dice = 0;

  constructor(
    private readonly text: string,
    private readonly offset: number,
  ) {}

  parse(): Formula {
    if (this.text.length > MOST_FORMULA_LENGTH)
      throw new FormulaFault(
        'too-long',
        this.offset,
        `A formula has at most ${MOST_FORMULA_LENGTH} characters`,
      );
    const formula = this.either();
    if (this.peek() !== '') throw this.fault(`"${this.peek()}" does not belong here`);
    return formula;
  }

  private either(): Formula {
    return this.nested(() => this.chain(['or'], () => this.both()));
  }

  private both(): Formula {
    return this.chain(['and'], () => this.negation());
  }

  private chain(words: readonly ('and' | 'or')[], next: () => Formula): Formula {
    let left = next();
    for (;;) {
      const at = this.at();
      const kind = words.find((word) => this.word(word));
      if (kind === undefined) return left;
      left = { kind, left, right: next(), at };
    }
  }

  private negation(): Formula {
    const at = this.at();
    if (!this.word('not')) return this.comparison();
    return this.nested(() => ({ kind: 'not', of: this.negation(), at }));
  }

  private comparison(): Formula {
    const left = this.sum();
    const at = this.at();
    if (this.word('in')) return { kind: 'in', of: left, among: this.list(MOST_LISTED), at };
    const found = this.match(COMPARE);
    if (found === undefined) return left;
    const operator = (found[0] === '==' ? '=' : found[0]) as ComparisonOperator;
    return { kind: 'comparison', operator, left, right: this.sum(), at };
  }

  private sum(): Formula {
    return this.operators(['+', '-'], () => this.product());
  }

  private product(): Formula {
    return this.operators(['*', '/', '%'], () => this.unary());
  }

  private operators(signs: readonly ArithmeticOperator[], next: () => Formula): Formula {
    let left = next();
    for (;;) {
      const at = this.at();
      const operator = signs.find((sign) => this.peek() === sign);
      if (operator === undefined) return left;
      this.place += 1;
      left = { kind: 'arithmetic', operator, left, right: next(), at };
    }
  }

  private unary(): Formula {
    const at = this.at();
    if (this.peek() !== '-') return this.atom();
    this.place += 1;
    return this.nested(() => ({ kind: 'minus', of: this.unary(), at }));
  }

  private atom(): Formula {
    const at = this.at();
    const sign = this.peek();
    if (sign === '(') {
      this.place += 1;
      const inner = this.either();
      this.expect(')');
      return inner;
    }
    if (sign === '$') {
      this.place += 1;
      const name = this.matchHere(WORD)?.[0];
      if (name === undefined) throw this.fault('A variable needs a name after $');
      return { kind: 'variable', name, at };
    }
    const dice = this.match(DICE);
    if (dice) return this.throwOf(dice, at);
    const number = this.match(NUMBER);
    if (number) return { kind: 'value', value: this.inRange(Number(number[0]), at), at };
    const text = this.match(TEXT);
    if (text) return { kind: 'value', value: (text[1] ?? text[2]!).replace(/\\(.)/g, '$1'), at };
    const word = this.match(WORD)?.[0];
    if (word !== undefined) return this.named(word, at);
    throw this.fault(sign === '' ? 'Something is missing at the end' : `"${sign}" does not belong here`);
  }

  private named(word: string, at: number): Formula {
    if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true', at };
    if (!Object.hasOwn(FUNCTIONS, word))
      throw new FormulaFault(
        'unknown-function',
        at,
        `There is no "${word}"; texts stand in quotes, variables begin with $`,
      );
    const name = word as FunctionName;
    const [least, most] = FUNCTIONS[name];
    const of = this.list(most);
    if (of.length < least) throw new FormulaFault('syntax', at, `${name} needs a value`);
    return { kind: 'call', name, of, at };
  }

  private list(most: number): Formula[] {
    this.expect('(');
    const values: Formula[] = [];
    do {
      if (values.length === most) throw this.fault(`At most ${most} values stand here`);
      values.push(this.either());
    } while (this.take(','));
    this.expect(')');
    return values;
  }

  private throwOf([, count, sides]: RegExpExecArray, at: number): Formula {
    const dice = {
      count: count === '' ? 1 : Number(count),
      sides: sides === '%' ? 100 : Number(sides),
    };
    this.dice += dice.count;
    if (dice.count < 1) throw new FormulaFault('out-of-range', at, 'At least one die is thrown');
    if (this.dice > MOST_DICE)
      throw new FormulaFault('too-many-dice', at, `At most ${MOST_DICE} dice are thrown at once`);
    if (dice.sides < 1 || dice.sides > MOST_SIDES)
      throw new FormulaFault('too-many-sides', at, `A die has 1 to ${MOST_SIDES} sides`);
    return { kind: 'dice', ...dice, ...this.modifiers(dice.count, dice.sides), at };
  }

  private modifiers(count: number, sides: number): Pick<Dice, 'keep' | 'explodesFrom'> {
    const modifiers: { keep?: NonNullable<Dice['keep']>; explodesFrom?: number } = {};
    for (;;) {
      const at = this.at();
      const explode = this.matchHere(EXPLODE);
      const keep = explode ? undefined : this.matchHere(KEEP);
      if (explode) {
        if (modifiers.explodesFrom !== undefined) throw new FormulaFault('syntax', at, 'Dice explode once');
        const from = explode[2] === undefined ? sides : Number(explode[2]);
        if (from < 2 || from > sides)
          throw new FormulaFault('endless', at, `Dice of ${sides} sides explode from 2 to ${sides}`);
        modifiers.explodesFrom = from;
      } else if (keep) {
        if (modifiers.keep !== undefined)
          throw new FormulaFault('syntax', at, 'Dice are kept or dropped once');
        modifiers.keep = keepOf(keep, count, at);
      } else return modifiers;
    }
  }

  private nested<T>(work: () => T): T {
    this.depth += 1;
    if (this.depth > MOST_DEPTH)
      throw new FormulaFault('too-deep', this.at(), `At most ${MOST_DEPTH} levels of brackets`);
    const done = work();
    this.depth -= 1;
    return done;
  }

  private inRange(value: number, at: number): number {
    if (value > LARGEST_NUMBER)
      throw new FormulaFault('out-of-range', at, `Numbers go up to ${LARGEST_NUMBER}`);
    return value;
  }

  private skip(): void {
    while (/\s/.test(this.text.charAt(this.place))) this.place += 1;
  }

  private at(): number {
    this.skip();
    return this.offset + this.place;
  }

  private peek(): string {
    this.skip();
    return this.text.charAt(this.place);
  }

  private take(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.place += 1;
    return true;
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw this.fault(`"${sign}" is missing`);
  }

  private word(word: string): boolean {
    this.skip();
    WORD.lastIndex = this.place;
    if (WORD.exec(this.text)?.[0].toLowerCase() !== word) return false;
    this.place += word.length;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    this.skip();
    return this.matchHere(pattern);
  }

  private matchHere(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.place;
    const found = pattern.exec(this.text) ?? undefined;
    if (found) this.place += found[0].length;
    return found;
  }

  private fault(reason: string): FormulaFault {
    return new FormulaFault('syntax', this.at(), reason);
  }
}

function keepOf(
  [, how, which, digits]: RegExpExecArray,
  count: number,
  at: number,
): NonNullable<Dice['keep']> {
  const named = digits === '' ? 1 : Number(digits);
  if (named > count) throw new FormulaFault('out-of-range', at, `There are ${count} dice only`);
  const isHigh = which!.toLowerCase() === 'h';
  // Dropping the lowest n is keeping the highest of the others.
  return how!.toLowerCase() === 'k'
    ? { highest: isHigh, count: named }
    : { highest: !isHigh, count: count - named };
}

/** Each formula within, itself included. */
export function* formulasWithin(formula: Formula): Generator<Formula> {
  yield formula;
  const parts =
    formula.kind === 'minus' || formula.kind === 'not'
      ? [formula.of]
      : formula.kind === 'in'
        ? [formula.of, ...formula.among]
        : formula.kind === 'call'
          ? formula.of
          : 'left' in formula
            ? [formula.left, formula.right]
            : [];
  for (const part of parts) yield* formulasWithin(part);
}
