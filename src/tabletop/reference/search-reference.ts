import { bareLetters, plainText } from '../names/name-text.js';
import type { ReferenceCategory, ReferenceEdition, ReferenceEntry } from './reference-entry.js';

// Finding a term while somebody types it: the very name, then names that begin so, then those with a word that does, then those that
// hold it anywhere, then those that are a slip or two away. Within a rank by name. The same question gives the same order, so a page is
// found again by the place of its last row.

export interface ReferenceQuestion {
  readonly text: string | null;
  readonly category: ReferenceCategory | null;
  readonly edition: ReferenceEdition | null;
}

export interface FoundReference {
  readonly entry: ReferenceEntry;
  /** 0 the very name ... 4 a slip away. */
  readonly rank: number;
  readonly sortName: string;
}

interface IndexedEntry {
  readonly entry: ReferenceEntry;
  readonly plain: string;
  readonly letters: string;
}

const SLIP = 4;

export class ReferenceIndex {
  private readonly rows: readonly IndexedEntry[];
  private readonly bySlug: ReadonlyMap<string, ReferenceEntry>;

  constructor(entries: readonly ReferenceEntry[]) {
    this.rows = entries
      .map((entry) => ({ entry, plain: spaced(entry.term), letters: bareLetters(entry.term) }))
      .sort((a, b) => compare([0, a.plain, a.entry.slug], [0, b.plain, b.entry.slug]));
    this.bySlug = new Map(entries.map((entry) => [entry.slug, entry]));
  }

  find(slug: string): ReferenceEntry | undefined {
    return this.bySlug.get(slug);
  }

  /** The best first. @param after the place of the last one of the page before @param most at most so many */
  search(
    { text, category, edition }: ReferenceQuestion,
    after: ReferencePlace | null,
    most: number,
  ): FoundReference[] {
    const plain = text === null ? '' : spaced(text);
    const letters = text === null ? '' : bareLetters(text);
    if (text !== null && letters === '') return []; // of signs alone
    return this.rows
      .filter(({ entry }) => category === null || entry.category === category)
      .filter(({ entry }) => edition === null || entry.cards.some((card) => card.edition === edition))
      .map((row) => ({
        entry: row.entry,
        rank: text === null ? 0 : rankOf(row, plain, letters),
        sortName: row.plain,
      }))
      .filter(({ rank }) => rank <= SLIP)
      .sort((a, b) => compare(placeOf(a), placeOf(b)))
      .filter((found) => after === null || compare(placeOf(found), after) > 0)
      .slice(0, most);
  }
}

export type ReferencePlace = readonly [rank: number, sortName: string, slug: string];

export function placeOf({ rank, sortName, entry }: FoundReference): ReferencePlace {
  return [rank, sortName, entry.slug];
}

function compare(a: ReferencePlace, b: ReferencePlace): number {
  for (let part = 0; part < 3; part += 1) if (a[part]! !== b[part]!) return a[part]! < b[part]! ? -1 : 1;
  return 0;
}

function spaced(text: string): string {
  return plainText(text)
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function rankOf({ plain, letters }: IndexedEntry, asked: string, askedLetters: string): number {
  if (letters === askedLetters) return 0;
  if (letters.startsWith(askedLetters)) return 1;
  if (` ${plain}`.includes(` ${asked}`)) return 2;
  if (letters.includes(askedLetters)) return 3;
  const most = askedLetters.length >= 8 ? 2 : askedLetters.length >= 4 ? 1 : 0;
  return most > 0 && slipsBetween(letters, askedLetters, most) <= most ? SLIP : Number.POSITIVE_INFINITY;
}

/**
 * Letters added, left out, taken for another or swapped with their neighbour (optimal string alignment).
 * @param most where there are more, any number above it is the answer
 */
export function slipsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let least = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + (isSame ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        least = Math.min(least, beforeLast[column - 2]! + 1);
      next.push(least);
    }
    if (Math.min(...next) > most) return most + 1;
    beforeLast = last;
    last = next;
  }
  return last[b.length]!;
}
