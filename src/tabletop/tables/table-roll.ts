// Rolls a table. Everything that chance decides comes from one stream, in the order of the text, so the same seed, table and variables give
// the same answer for ever.
import { evaluate, type Thrown } from './formula-roll.js';
import { type Formula, FormulaFault, type FormulaValue, type Variables } from './formula.js';
import { MOST_TABLE_DEPTH, type ReadRow, type ReadTable } from './random-table.js';
import type { RandomStream } from './random-stream.js';

export type RollFaultCode =
  FormulaFault['code'] | 'unknown-table' | 'ring' | 'too-deep' | 'too-many-rolls' | 'too-long' | 'no-row';

/** Why a table gave no result. Which table says {@link table}: whoever must not know of it is told less. */
export class RollFault extends Error {
  override readonly name = 'RollFault';

  constructor(
    readonly code: RollFaultCode,
    readonly table: string,
    /** undefined = no row is to blame. */
    readonly row: number | undefined,
    reason: string,
  ) {
    super(reason);
  }
}

/** One row that came up. */
export interface RolledRow {
  readonly table: string;
  readonly row: number;
  /** 0 = the table that was asked. */
  readonly depth: number;
  readonly thrown: readonly Thrown[];
}

export interface TableRoll {
  readonly text: string;
  /** In the order in which they came up. */
  readonly rows: readonly RolledRow[];
}

/** Rows of decks that are out, by table; rolling adds to it. Where all are out, the deck begins anew. */
export type Decks = Map<string, Set<number>>;

export interface RollWorld {
  /** undefined = there is none of that name. */
  readonly find: (table: string) => ReadTable | undefined;
  readonly variables: Variables;
  readonly stream: RandomStream;
  readonly decks: Decks;
}

const MOST_ROLLS = 500;
const MOST_TIMES = 100;
const MOST_RESULT_LENGTH = 20_000;

/** @throws RollFault */
export function rollTable(table: ReadTable, world: RollWorld): TableRoll {
  const rows: RolledRow[] = [];
  let length = 0;

  const roll = (of: ReadTable, way: readonly string[]): string => {
    if (way.includes(of.id)) throw new RollFault('ring', of.id, undefined, 'Tables ask each other in a ring');
    if (way.length >= MOST_TABLE_DEPTH)
      throw new RollFault('too-deep', of.id, undefined, `Tables are at most ${MOST_TABLE_DEPTH} deep`);
    if (rows.length >= MOST_ROLLS)
      throw new RollFault('too-many-rolls', of.id, undefined, `One roll asks at most ${MOST_ROLLS} tables`);
    const thrown: Thrown[] = [];
    const row = rowOf(of, world, thrown);
    rows.push({ table: of.id, row: row.index, depth: way.length, thrown });
    return row.pieces
      .map((piece) => {
        if (piece.kind === 'text') return counted(piece.text, of.id, row.index);
        const value = (formula: Formula): FormulaValue =>
          inRow(of.id, row.index, () =>
            evaluate(formula, world.variables, world.stream, (each) => thrown.push(each)),
          );
        if (piece.kind === 'formula') return counted(String(value(piece.formula)), of.id, row.index);
        const times = piece.times === undefined ? 1 : timesOf(value(piece.times), of.id, row.index);
        const within = world.find(piece.table);
        if (within === undefined)
          throw new RollFault('unknown-table', of.id, row.index, 'A table that it asks for is not there');
        return Array.from({ length: times }, () => roll(within, [...way, of.id])).join(', ');
      })
      .join('');
  };

  const counted = (text: string, of: string, row: number): string => {
    length += text.length;
    if (length > MOST_RESULT_LENGTH)
      throw new RollFault('too-long', of, row, `A result has at most ${MOST_RESULT_LENGTH} characters`);
    return text;
  };

  return { text: roll(table, []), rows };
}

function rowOf(table: ReadTable, { variables, stream, decks }: RollWorld, thrown: Thrown[]): ReadRow {
  if (table.dice !== undefined) {
    const { formula } = table.dice;
    const sum = inRow(table.id, undefined, () =>
      evaluate(formula, variables, stream, (each) => thrown.push(each)),
    );
    const row = table.rows.find(({ low, high }) => Number(sum) >= low && Number(sum) <= high);
    if (row === undefined)
      throw new RollFault('no-row', table.id, undefined, `No row stands for ${String(sum)}`);
    return row;
  }
  const taking = rowsThatApply(table, variables);
  if (taking.length === 0)
    throw new RollFault('no-row', table.id, undefined, 'No row applies to these variables');
  if (!table.isDeck) return taking[stream.weighted(taking.map(({ weight }) => weight))]!;
  const out = decks.get(table.id) ?? new Set<number>();
  decks.set(table.id, out);
  let left: readonly ReadRow[] = taking.filter(({ index }) => !out.has(index));
  if (left.length === 0) {
    // Rows that do not apply today stay where they are.
    for (const { index } of taking) out.delete(index);
    left = taking;
  }
  const row = left[stream.weighted(left.map(({ weight }) => weight))]!;
  out.add(row.index);
  return row;
}

/** Rows whose conditions are met. @throws RollFault */
export function rowsThatApply(table: ReadTable, variables: Variables): readonly ReadRow[] {
  return table.rows.filter(({ when, index }) => {
    if (when === undefined) return true;
    const isMet = inRow(table.id, index, () => evaluate(when, variables, NO_CHANCE));
    if (typeof isMet !== 'boolean')
      throw new RollFault('wrong-kind', table.id, index, 'A condition has to be true or false');
    return isMet;
  });
}

/** For formulas that throw no dice (`faultsOfTable` sees to it for conditions); one that does has been stored by nobody. */
export const NO_CHANCE = {
  between(): never {
    throw new FormulaFault('wrong-kind', 0, 'This throws no dice');
  },
} as unknown as RandomStream;

function timesOf(value: FormulaValue, table: string, row: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MOST_TIMES)
    throw new RollFault(
      'out-of-range',
      table,
      row,
      `How often another table is asked is a whole number from 0 to ${MOST_TIMES}`,
    );
  return value;
}

/** What a formula says is wrong, with the table and row that hold it. @throws RollFault */
export function inRow<T>(table: string, row: number | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error;
    throw new RollFault(error.code, table, row, error.message);
  }
}
