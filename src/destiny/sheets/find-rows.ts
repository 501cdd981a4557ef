import { foldText } from './match-tab.js';

/** More rows than this are no answer: whoever asks should name more words. */
export const MANY_ROWS = 200;

export interface FoundRows {
  /** The first row of the tab. */
  readonly columns: readonly string[];
  /** Those that match, in the order of the tab; the first `limit`. */
  readonly rows: readonly (readonly string[])[];
  /** All that match. */
  readonly total: number;
  readonly hint: string | null;
}

/**
 * Rows in which every word of the question occurs, in whatever cell and however it is written; all rows without a question.
 * @param cells of the whole tab
 */
export function findRows(
  cells: readonly (readonly string[])[],
  question: string | undefined,
  limit: number,
): FoundRows {
  const [columns = [], ...all] = cells;
  const words = foldText(question ?? '')
    .split(' ')
    .filter(Boolean);
  const found =
    words.length === 0
      ? all
      : all.filter((row) => {
          const text = row.map(foldText).join('\n');
          return words.every((word) => text.includes(word));
        });
  return {
    columns,
    rows: found.slice(0, limit),
    total: found.length,
    hint: hintOf(found.length, words.length),
  };
}

function hintOf(total: number, wordCount: number): string | null {
  if (total <= MANY_ROWS) return null;
  const more = wordCount === 0 ? 'words that they hold' : 'more words that they hold';
  return `${total} rows match, more than can be looked at: narrow the question by ${more}.`;
}
