// Tables as people keep them in text files and spreadsheets: one result per line, with or without the numbers in front of it.
import { FormulaFault, parseFormula } from './formula.js';
import { oddsOf } from './dice-odds.js';
import type { RandomTable, TableRow } from './random-table.js';
import { escapeText, parseText } from './table-text.js';

export const TABLE_FORMATS = ['csv', 'json', 'list'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** Something of a file that was understood otherwise than it stands there, or not at all. */
export interface ImportNote {
  /** Of the file, from 1; of a row in JSON its place from 1. */
  readonly line: number;
  readonly code:
    | 'skipped'
    | 'escaped'
    | 'weight-ignored'
    | 'condition-ignored'
    | 'range-ignored'
    | 'renamed'
    | 'dice-ignored';
  readonly detail: string;
}

/** A row as a file has it; nothing is checked yet. */
export interface FoundRow {
  readonly line: number;
  readonly text: string;
  readonly weight?: string | number | undefined;
  readonly range?: string | undefined;
  readonly when?: string | undefined;
}

export interface FoundTable {
  readonly name: string;
  /** As it stands there: `d100`, `2d6`. */
  readonly dice?: string | undefined;
  readonly isDeck?: boolean | undefined;
  readonly rows: readonly FoundRow[];
}

const HEADER = /^\W{0,3}\s*(\d{0,2}d(?:\d{1,4}|%))\b[\s:|.-]*(.{0,200})$/i;
const NUMBERED = /^\s*(\d{1,5}\s*(?:[-–—]\s*\d{1,5})?)\s*(?:[.):|\t]|\s[-–—]\s|\s{1,4}(?=\S))\s*(\S.*)$/;
const BULLET = /^\s*(?:[-*•+]\s+)?/;

/**
 * A plain list. A first line such as `d100 What lies there` names dice and table; numbers or ranges in front of the lines count only if
 * most lines have one, since a result may begin with a number too ("3 goblins").
 */
export function readList(text: string, name: string): FoundTable {
  const lines = text
    .split(/\r\n?|\n/)
    .map((source, index) => ({ line: index + 1, source: shortened(source) }))
    .filter(({ source }) => source.trim() !== '');
  const header = HEADER.exec(lines[0]?.source ?? '');
  const body = header ? lines.slice(1) : lines;
  const numbered = body.map(({ source }) => NUMBERED.exec(source));
  const isNumbered = isCounting(numbered.map((found) => found?.[1]));
  const rows = body.map(({ line, source }, index): FoundRow => {
    const found = isNumbered ? numbered[index] : undefined;
    return found
      ? { line, text: found[2]!.trim(), range: found[1]! }
      : { line, text: source.replace(BULLET, '').trim() };
  });
  const title = header?.[2]?.trim();
  return {
    name: title === undefined || title === '' ? name : title,
    ...(header ? { dice: header[1]!.toLowerCase() } : {}),
    rows,
  };
}

/** More than a result may have, so that what is too long is still told so. */
const MOST_LINE = 2_200;
/** `100000 - 100000` with blanks around. */
const MOST_RANGE = 40;

/** Runs of blanks are one: what looks for numbers in front tries each of them. */
function shortened(source: string): string {
  return source.replace(/[^\S\t]+/g, ' ').slice(0, MOST_LINE);
}

/** Numbers of lines count up, each from where the last one ended; anything else is part of the results. */
function isCounting(numbers: readonly (string | undefined)[]): boolean {
  const ranges = numbers.map((each) => (each === undefined ? undefined : rangeOf(each)));
  const known = ranges.filter((range) => range !== undefined);
  if (known.length < Math.max(2, numbers.length * 0.8)) return false;
  return known.every((range, index) => index === 0 || range.low === known[index - 1]!.high + 1);
}

/** `01-05`, `7`, `96-00`: 0, 00 and 000 are what percentile dice show for a hundred. @returns undefined for anything else */
export function rangeOf(text: string): { low: number; high: number } | undefined {
  const found = text.length > MOST_RANGE ? null : /^\s*(\d{1,5})\s*(?:[-–—]\s*(\d{1,5}))?\s*$/.exec(text);
  if (!found) return undefined;
  const number = (digits: string): number =>
    digits === '00' || digits === '000' ? (digits === '00' ? 100 : 1_000) : Number(digits);
  const low = number(found[1]!);
  const high = found[2] === undefined ? low : number(found[2]);
  return low > high ? undefined : { low, high };
}

/**
 * What a table of a file comes to, with a note for each thing that could not be kept. Ranges of one plain die (d20, d100), or of none,
 * become weights; of several dice they stay ranges, since 7 is likelier than 2.
 */
export function toRandomTable(found: FoundTable): { table: RandomTable; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const note = (line: number, code: ImportNote['code'], detail: string): void =>
    void notes.push({ line, code, detail });
  const dice = rangesOf(found, note);
  const rows: TableRow[] = [];
  for (const row of found.rows) {
    if (row.text === '') {
      note(row.line, 'skipped', 'There is no result in this line');
      continue;
    }
    const range = row.range === undefined ? undefined : rangeOf(row.range);
    if (row.range !== undefined && range === undefined)
      note(row.line, 'range-ignored', 'This is no range such as 01-05; the row has the weight 1');
    rows.push({
      text: readable(row, note),
      ...(dice === undefined
        ? {
            weight:
              range === undefined ? weightOf(row, note) : Math.min(1_000_000, range.high - range.low + 1),
          }
        : { low: range!.low, high: range!.high }),
      ...(dice === undefined ? conditionOf(row, note) : {}),
    });
  }
  return {
    table: {
      rows,
      ...(dice === undefined ? {} : { dice }),
      ...(found.isDeck === true ? { isDeck: true } : {}),
    },
    notes,
  };
}

type Note = (line: number, code: ImportNote['code'], detail: string) => void;

/** The dice of a table whose rows need them; undefined where weights say the same. */
function rangesOf({ dice, rows }: FoundTable, note: Note): string | undefined {
  if (dice === undefined || /^1?d(\d+|%)$/.test(dice.replaceAll(' ', ''))) return undefined;
  try {
    const free = new Set(oddsOf(parseFormula(dice)).keys());
    const isWhole = rows.every((row) => {
      const range = row.text === '' ? undefined : rangeOf(row.range ?? '');
      if (range === undefined) return row.text === '';
      const sums = [...free].filter((sum) => sum >= range.low && sum <= range.high);
      for (const sum of sums) free.delete(sum);
      return sums.length > 0;
    });
    if (isWhole && free.size === 0) return dice;
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error;
  }
  note(
    1,
    'dice-ignored',
    'The ranges of the rows do not fit these dice; each row counts by the width of its range',
  );
  return undefined;
}

function readable({ text, line }: FoundRow, note: Note): string {
  try {
    parseText(text);
    return text;
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error;
    note(line, 'escaped', `Its braces are kept as signs: ${error.message}`);
    return escapeText(text);
  }
}

function weightOf({ weight, line }: FoundRow, note: Note): number {
  if (weight === undefined || weight === '') return 1;
  const number = Number(String(weight).replace('%', '').trim());
  if (Number.isInteger(number) && number >= 1 && number <= 1_000_000) return number;
  note(line, 'weight-ignored', 'This is no weight from 1 to 1,000,000; the row has the weight 1');
  return 1;
}

function conditionOf({ when, line }: FoundRow, note: Note): { when?: string } {
  if (when === undefined || when.trim() === '') return {};
  try {
    parseFormula(when);
    return { when };
  } catch (error) {
    if (!(error instanceof FormulaFault)) throw error;
    note(line, 'condition-ignored', `The row always takes part: ${error.message}`);
    return {};
  }
}
