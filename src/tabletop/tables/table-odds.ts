// What a table gives how often, exactly. Rows by themselves always; whole results, through tables within tables, as long as they can be
// counted: dice within a text stay as they are written, since a reader wants "2d6 goblins: 1 in 4" and not eleven lines of it.
import { evaluate } from './formula-roll.js';
import type { Formula, Variables } from './formula.js';
import { formulasWithin } from './formula.js';
import { ALWAYS, type Fraction, fraction, NEVER, sumOf, timesOf } from './fraction.js';
import { MOST_TABLE_DEPTH, type ReadRow, type ReadTable } from './random-table.js';
import { inRow, NO_CHANCE, RollFault, rowsThatApply } from './table-roll.js';

/** Chances of the rows, in their order; of a deck those of its first card. @throws RollFault */
export function oddsOfRows(table: ReadTable, variables: Variables): readonly Fraction[] {
  if (table.dice !== undefined) {
    const sums = [...table.dice.odds];
    return table.rows.map(({ low, high }) =>
      sums.reduce((chance, [sum, of]) => (sum >= low && sum <= high ? sumOf(chance, of) : chance), NEVER),
    );
  }
  const applying = new Set(rowsThatApply(table, variables));
  const whole = [...applying].reduce((sum, { weight }) => sum + weight, 0);
  if (whole === 0) throw new RollFault('no-row', table.id, undefined, 'No row applies to these variables');
  return table.rows.map((row) => (applying.has(row) ? fraction(BigInt(row.weight), BigInt(whole)) : NEVER));
}

export interface OddsWorld {
  /** undefined = there is none of that name, or it is not to be looked into. */
  readonly find: (table: string) => ReadTable | undefined;
  /** What stands for a table that is not looked into. */
  readonly nameOf: (table: string) => string;
  readonly variables: Variables;
}

const MOST_RESULTS = 1_000;
const MOST_STEPS = 50_000;

/**
 * Chances of whole results. A deck counts as if each card had been put back.
 * @returns null where there are more of them than are counted
 * @throws RollFault
 */
export function oddsOfResults(table: ReadTable, world: OddsWorld): ReadonlyMap<string, Fraction> | null {
  const known = new Map<string, ReadonlyMap<string, Fraction>>();
  let steps = 0;

  const ofTable = (of: ReadTable, depth: number): ReadonlyMap<string, Fraction> => {
    const found = known.get(of.id);
    if (found) return found;
    if (depth > MOST_TABLE_DEPTH)
      throw new RollFault('too-deep', of.id, undefined, `Tables are at most ${MOST_TABLE_DEPTH} deep`);
    const odds = new Map<string, Fraction>();
    const chances = oddsOfRows(of, world.variables);
    for (const [index, row] of of.rows.entries()) {
      if (chances[index]!.parts === 0n) continue;
      for (const [text, chance] of ofRow(of, row, depth)) add(odds, text, timesOf(chances[index]!, chance));
    }
    known.set(of.id, odds);
    return odds;
  };

  const ofRow = (of: ReadTable, row: ReadRow, depth: number): ReadonlyMap<string, Fraction> => {
    let odds: ReadonlyMap<string, Fraction> = new Map([['', ALWAYS]]);
    for (const piece of row.pieces) {
      if (piece.kind === 'text') odds = joined(odds, new Map([[piece.text, ALWAYS]]));
      else if (piece.kind === 'formula')
        odds = joined(
          odds,
          new Map([
            [inRow(of.id, row.index, () => textOf(piece.formula, piece.source, world.variables)), ALWAYS],
          ]),
        );
      else {
        const within = piece.times === undefined ? world.find(piece.table) : undefined;
        odds = joined(
          odds,
          within === undefined
            ? new Map([
                [`{${piece.times === undefined ? '' : 'several '}@${world.nameOf(piece.table)}}`, ALWAYS],
              ])
            : ofTable(within, depth + 1),
        );
      }
    }
    return odds;
  };

  const joined = (
    left: ReadonlyMap<string, Fraction>,
    right: ReadonlyMap<string, Fraction>,
  ): Map<string, Fraction> => {
    const odds = new Map<string, Fraction>();
    for (const [begin, first] of left)
      for (const [end, second] of right) add(odds, begin + end, timesOf(first, second));
    return odds;
  };

  const add = (odds: Map<string, Fraction>, text: string, chance: Fraction): void => {
    steps += 1;
    if (steps > MOST_STEPS || odds.size > MOST_RESULTS) throw new TooManyResults();
    odds.set(text, sumOf(odds.get(text) ?? NEVER, chance));
  };

  try {
    return ofTable(table, 1);
  } catch (error) {
    if (error instanceof TooManyResults) return null;
    throw error;
  }
}

class TooManyResults extends Error {}

/** A formula without dice as it comes out; one with dice as it is written. */
function textOf(formula: Formula, source: string, variables: Variables): string {
  for (const { kind } of formulasWithin(formula)) if (kind === 'dice') return `{${source}}`;
  return String(evaluate(formula, variables, NO_CHANCE));
}
