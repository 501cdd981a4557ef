// How likely each sum of dice is, exactly. Counting works with whole numbers of equally likely throws, so nothing is lost to rounding.
import { type Dice, type Formula, FormulaFault } from './formula.js';
import { type Fraction, fraction, NEVER, sumOf, timesOf } from './fraction.js';

/** Chances by value; they sum to one. */
export type Odds = ReadonlyMap<number, Fraction>;

/** What is worked out while somebody waits: dice of a table, not of an army. */
const MOST_COUNTED_DICE = 20;
const MOST_COUNTED_SIDES = 1_000;
const MOST_VALUES = 20_000;
/** Pairs of values of two sides of a formula. */
const MOST_COMBINED = 5_000;

/**
 * Of a formula of dice, numbers, + - and *: what a table is rolled with.
 * @throws FormulaFault for anything else, and for dice that explode: they have no last value
 */
export function oddsOf(formula: Formula): Odds {
  switch (formula.kind) {
    case 'value':
      if (typeof formula.value !== 'number') throw notCounted(formula.at);
      return new Map([[formula.value, fraction(1n, 1n)]]);
    case 'dice':
      return oddsOfDice(formula);
    case 'minus':
      return mapped(oddsOf(formula.of), (value) => -value);
    case 'arithmetic': {
      const { operator } = formula;
      if (operator === '/' || operator === '%') throw notCounted(formula.at);
      const [left, right] = [oddsOf(formula.left), oddsOf(formula.right)];
      if (left.size * right.size > MOST_COMBINED) throw tooMany(formula.at);
      return combined(left, right, (a, b) => (operator === '+' ? a + b : operator === '-' ? a - b : a * b));
    }
    default:
      throw notCounted(formula.at);
  }
}

function oddsOfDice({ count, sides, explodesFrom, keep, at }: Dice): Odds {
  if (explodesFrom !== undefined)
    throw new FormulaFault(
      'endless',
      at,
      'Dice that explode have no last value: a table cannot have ranges for them',
    );
  if (count > MOST_COUNTED_DICE || sides > MOST_COUNTED_SIDES || count * sides > MOST_VALUES)
    throw tooMany(at);
  const ways =
    keep === undefined || keep.count === count
      ? waysOfSum(count, sides)
      : waysOfKept({ count, sides, at }, keep);
  const whole = BigInt(sides) ** BigInt(count);
  return new Map([...ways].sort(([a], [b]) => a - b).map(([sum, of]) => [sum, fraction(of, whole)]));
}

/** Throws that sum to each value, by adding one die after the other. */
function waysOfSum(count: number, sides: number): Map<number, bigint> {
  let ways = new Map([[0, 1n]]);
  for (let die = 0; die < count; die += 1) {
    const next = new Map<number, bigint>();
    const last = [...ways.keys()].reduce((most, sum) => Math.max(most, sum), 0);
    // A sliding sum over the last `sides` values: each new sum is reached from them alone.
    let window = 0n;
    for (let sum = 1; sum <= last + sides; sum += 1) {
      window += (ways.get(sum - 1) ?? 0n) - (ways.get(sum - 1 - sides) ?? 0n);
      if (window > 0n) next.set(sum, window);
    }
    ways = next;
  }
  return ways;
}

/**
 * Throws of which the kept dice sum to each value. Faces are dealt out from the end that is kept: of the dice that show none of the earlier
 * faces, `n` show this one in C(rest, n) ways, and as many of them count as are still wanted.
 */
function waysOfKept(
  { count, sides, at }: Pick<Dice, 'count' | 'sides' | 'at'>,
  keep: NonNullable<Dice['keep']>,
): Map<number, bigint> {
  if (count * sides > 2_000) throw tooMany(at);
  let states = new Map<string, bigint>([[`${count} 0`, 1n]]);
  for (let step = 0; step < sides; step += 1) {
    const face = keep.highest ? sides - step : step + 1;
    const next = new Map<string, bigint>();
    for (const [state, ways] of states) {
      const [rest, sum] = state.split(' ').map(Number) as [number, number];
      const isLast = step === sides - 1;
      for (let show = isLast ? rest : 0; show <= rest; show += 1) {
        const wanted = Math.max(0, keep.count - (count - rest));
        const key = `${rest - show} ${sum + Math.min(show, wanted) * face}`;
        next.set(key, (next.get(key) ?? 0n) + ways * choose(rest, show));
      }
    }
    states = next;
  }
  return new Map([...states].map(([state, ways]) => [Number(state.split(' ')[1]), ways]));
}

function choose(of: number, count: number): bigint {
  let ways = 1n;
  for (let index = 1; index <= count; index += 1) ways = (ways * BigInt(of - count + index)) / BigInt(index);
  return ways;
}

function combined(left: Odds, right: Odds, work: (a: number, b: number) => number): Odds {
  const odds = new Map<number, Fraction>();
  for (const [a, chanceOfA] of left)
    for (const [b, chanceOfB] of right) {
      const value = work(a, b);
      odds.set(value, sumOf(odds.get(value) ?? NEVER, timesOf(chanceOfA, chanceOfB)));
    }
  return odds;
}

function mapped(odds: Odds, work: (value: number) => number): Odds {
  return new Map([...odds].map(([value, chance]) => [work(value), chance]));
}

function notCounted(at: number): FormulaFault {
  return new FormulaFault(
    'wrong-kind',
    at,
    'A table is rolled with dice and numbers, with + - and * between them',
  );
}

function tooMany(at: number): FormulaFault {
  return new FormulaFault('too-many-dice', at, 'Too many dice to work out their odds');
}
