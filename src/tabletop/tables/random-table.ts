// What a table is, and what is wrong with one. Names of tables within texts are opaque here: an id where a campaign keeps the table, a key
// where a generator ships it.
import type { InputFault } from '../../platform/http/input-fault.js';
import { type Odds, oddsOf } from './dice-odds.js';
import { type Formula, FormulaFault, formulasWithin, parseFormula } from './formula.js';
import { parseText, type TextPiece } from './table-text.js';

export const MOST_ROWS = 1_000;
export const MOST_WEIGHT = 1_000_000;
export const MOST_TEXT_LENGTH = 2_000;
/** Tables within tables; the first one counts. */
export const MOST_TABLE_DEPTH = 12;

export interface TableRow {
  /** Braces are worked out: see table-text.ts. */
  readonly text: string;
  /** How often among the others, 1 to 1,000,000; 1 where nothing is said. */
  readonly weight?: number | undefined;
  /** Which sums of the table's dice it stands for: both, or a weight. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** A formula without dice; the row takes part where it is true. */
  readonly when?: string | undefined;
}

export interface RandomTable {
  readonly rows: readonly TableRow[];
  /** Rows are found by what these dice show, in place of weights: `2d6`. */
  readonly dice?: string | undefined;
  /** Like cards of a deck: no row again before all have come. */
  readonly isDeck?: boolean | undefined;
}

/** A table as it is rolled: everything is read. */
export interface ReadTable {
  readonly id: string;
  readonly rows: readonly ReadRow[];
  readonly dice?: { readonly formula: Formula; readonly odds: Odds };
  readonly isDeck: boolean;
}

export interface ReadRow {
  readonly index: number;
  readonly weight: number;
  readonly low: number;
  readonly high: number;
  readonly when?: Formula;
  readonly pieces: readonly TextPiece[];
  readonly source: string;
}

/** @throws FormulaFault, or RangeError for what `faultsOfTable` would have told */
export function readTable(id: string, table: RandomTable): ReadTable {
  const formula = table.dice === undefined ? undefined : parseFormula(table.dice);
  return {
    id,
    isDeck: table.isDeck === true,
    ...(formula === undefined ? {} : { dice: diceOf(formula) }),
    rows: table.rows.map((row, index) => ({
      index,
      weight: row.weight ?? 1,
      low: row.low ?? 0,
      high: row.high ?? row.low ?? 0,
      ...(row.when === undefined ? {} : { when: parseFormula(row.when) }),
      pieces: parseText(row.text),
      source: row.text,
    })),
  };
}

/** Odds are worked out when somebody asks for them: a roll does not. */
function diceOf(formula: Formula): { readonly formula: Formula; readonly odds: Odds } {
  let known: Odds | undefined;
  return {
    formula,
    get odds() {
      return (known ??= oddsOf(formula));
    },
  };
}

/** Everything that is wrong with a table alone, each with its place; of many the first ones. Whether its tables exist is asked elsewhere. */
export function faultsOfTable(table: RandomTable, prefix = ''): InputFault[] {
  const faults: InputFault[] = [];
  const { rows } = table;
  if (rows.length === 0) faults.push(fault(`${prefix}/rows`, 'too-few', 'A table has one row at least'));
  if (rows.length > MOST_ROWS)
    faults.push(fault(`${prefix}/rows`, 'too-many', `A table has at most ${MOST_ROWS} rows`));
  for (const [index, row] of rows.entries()) {
    if (faults.length >= MOST_FAULTS) break;
    faults.push(...faultsOfRow(row, `${prefix}/rows/${index}`, table.dice !== undefined));
  }
  if (table.dice === undefined) return faults;
  if (table.isDeck === true)
    faults.push(
      fault(
        `${prefix}/isDeck`,
        'no-deck',
        'A table with dice cannot be a deck: its rows come as the dice show them',
      ),
    );
  const odds = tryAt(`${prefix}/dice`, faults, () => oddsOf(parseFormula(table.dice!)));
  if (odds !== undefined && faults.length === 0) faults.push(...faultsOfRanges(rows, odds, prefix));
  return faults;
}

const MOST_FAULTS = 20;

function faultsOfRow(row: TableRow, at: string, hasDice: boolean): InputFault[] {
  const faults: InputFault[] = [];
  if (row.text.length > MOST_TEXT_LENGTH)
    faults.push(fault(`${at}/text`, 'too-long', `A result has at most ${MOST_TEXT_LENGTH} characters`));
  else tryAt(`${at}/text`, faults, () => parseText(row.text));
  const { weight = 1, low, high } = row;
  if (!Number.isInteger(weight) || weight < 1 || weight > MOST_WEIGHT)
    faults.push(fault(`${at}/weight`, 'out-of-range', `A weight is a whole number from 1 to ${MOST_WEIGHT}`));
  if (hasDice && (low === undefined || high === undefined || low > high))
    faults.push(
      fault(`${at}/low`, 'no-range', 'With dice a row says for which sums it stands, from low to high'),
    );
  if (hasDice && row.weight !== undefined)
    faults.push(fault(`${at}/weight`, 'no-weight', 'With dice a row has a range and no weight'));
  if (!hasDice && (low !== undefined || high !== undefined))
    faults.push(
      fault(`${at}/low`, 'no-dice', 'Ranges belong to a table with dice; a weight says the same without'),
    );
  if (row.when === undefined) return faults;
  if (hasDice)
    faults.push(
      fault(`${at}/when`, 'no-condition', 'With dice no row can be left out: a sum would have no row'),
    );
  tryAt(`${at}/when`, faults, () => assertWithoutDice(parseFormula(row.when!)));
  return faults;
}

function assertWithoutDice(formula: Formula): void {
  for (const { kind, at } of formulasWithin(formula))
    if (kind === 'dice')
      throw new FormulaFault('wrong-kind', at, 'A condition throws no dice: odds could not be told');
}

/** Each sum that the dice can show has one row. */
function faultsOfRanges(rows: readonly TableRow[], odds: Odds, prefix: string): InputFault[] {
  const faults: InputFault[] = [];
  const taken = new Map<number, number>();
  for (const [index, { low, high }] of rows.entries()) {
    const sums = [...odds.keys()].filter((sum) => sum >= low! && sum <= high!);
    const other = sums.map((sum) => taken.get(sum)).find((row) => row !== undefined);
    if (sums.length === 0)
      faults.push(fault(`${prefix}/rows/${index}/low`, 'never', 'The dice never show this'));
    if (other !== undefined)
      faults.push(
        fault(`${prefix}/rows/${index}/low`, 'overlap', `Row ${other + 1} stands for some of these already`),
      );
    for (const sum of sums) taken.set(sum, index);
  }
  const free = [...odds.keys()].filter((sum) => !taken.has(sum)).sort((a, b) => a - b);
  if (free.length > 0)
    faults.push(
      fault(
        `${prefix}/rows`,
        'gap',
        `No row stands for ${free.slice(0, 10).join(', ')}${free.length > 10 ? ' and more' : ''}`,
      ),
    );
  return faults.slice(0, MOST_FAULTS);
}

function tryAt<T>(pointer: string, faults: InputFault[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error;
    faults.push(fault(pointer, error.code, error.message));
    return undefined;
  }
}

function fault(pointer: string, code: string, detail: string): InputFault {
  return { pointer, code, detail };
}
