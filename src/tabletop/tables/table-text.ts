// A result is a text with pieces in braces that are worked out when it is rolled:
//
//   {2d6+$level}      dice, numbers and variables           {$terrain}  a variable as it is
//   {@Wandering beasts}  what another table says               {1d4@Gems}  the same, so many times, with commas between
//   {{ and }}         the brace itself
//
// What another table is called stands as it was written; who keeps tables stores its id there (see `mapReferences`), so that renaming one
// breaks nothing and nobody reads the name of a table that is hidden from them.
import { type Formula, FormulaFault, parseFormula } from './formula.js';

export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'formula'; readonly formula: Formula; readonly source: string }
  | {
      readonly kind: 'table';
      readonly table: string;
      /** How often; undefined = once. */
      readonly times?: Formula;
      readonly at: number;
    };

export const MOST_REFERENCE_LENGTH = 200;

/** @throws FormulaFault where a brace is left open, or what stands between them cannot be read */
export function parseText(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = '';
  let place = 0;
  const flush = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    plain = '';
  };
  while (place < text.length) {
    const sign = text.charAt(place);
    if (sign !== '{' && sign !== '}') {
      plain += sign;
      place += 1;
    } else if (text.charAt(place + 1) === sign) {
      plain += sign;
      place += 2;
    } else if (sign === '}') {
      throw new FormulaFault(
        'syntax',
        place,
        'A brace closes that was never opened; write }} for the sign itself',
      );
    } else {
      const end = endOf(text, place + 1);
      flush();
      pieces.push(pieceOf(text.slice(place + 1, end), place + 1));
      place = end + 1;
    }
  }
  flush();
  return pieces;
}

/** Quotes may hold braces; a name of a table may not. */
function endOf(text: string, from: number): number {
  let quote = '';
  for (let place = from; place < text.length; place += 1) {
    const sign = text.charAt(place);
    if (quote !== '') {
      if (sign === '\\') place += 1;
      else if (sign === quote) quote = '';
    } else if (sign === '@') {
      // What follows is a name, in which quotes are letters like others.
      const end = text.indexOf('}', place);
      if (end >= 0) return end;
      break;
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '}') return place;
    else if (sign === '{') break;
  }
  throw new FormulaFault('syntax', from - 1, 'This brace is never closed; write {{ for the sign itself');
}

function pieceOf(inner: string, at: number): TextPiece {
  const mark = referenceIn(inner);
  if (mark < 0) return { kind: 'formula', formula: parseFormula(inner, at), source: inner.trim() };
  const table = inner.slice(mark + 1).trim();
  if (table === '') throw new FormulaFault('syntax', at + mark, 'The name of a table is missing after @');
  if (table.length > MOST_REFERENCE_LENGTH)
    throw new FormulaFault(
      'too-long',
      at + mark,
      `Names of tables have at most ${MOST_REFERENCE_LENGTH} characters`,
    );
  const times = inner.slice(0, mark);
  return {
    kind: 'table',
    table,
    at: at + mark,
    ...(times.trim() === '' ? {} : { times: parseFormula(times, at) }),
  };
}

/** Where the @ stands, outside of quotes; -1 where there is none. */
function referenceIn(inner: string): number {
  const found = /^(?:[^"'@]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*@/.exec(inner);
  return found === null ? -1 : found[0].length - 1;
}

/** Tables that a text asks, as they stand there, each once. @throws FormulaFault */
export function referencesOf(text: string): string[] {
  return [...new Set(parseText(text).flatMap((piece) => (piece.kind === 'table' ? [piece.table] : [])))];
}

/** The same text with other words for its tables. @throws FormulaFault */
export function mapReferences(text: string, rename: (table: string, at: number) => string): string {
  let mapped = '';
  let place = 0;
  for (const piece of parseText(text)) {
    if (piece.kind !== 'table') continue;
    const end = text.indexOf('}', piece.at);
    mapped += `${text.slice(place, piece.at + 1)}${rename(piece.table, piece.at)}`;
    place = end;
  }
  return mapped + text.slice(place);
}

/** A text in which braces mean nothing. */
export function escapeText(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}');
}
