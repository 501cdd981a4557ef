import type { TextLine } from '../figures/session-text.js';
import { type Hits, hitsIn, type SearchTerms } from './search-terms.js';

// Which lines of a session an answer shows: those with most of the words, earlier ones first, and names before lines.

export type NamedLine = Omit<TextLine, 'by' | 'turn' | 'at'> & {
  readonly by: TextLine['by'] | 'id' | 'mortal' | 'match';
  readonly turn: number | null;
  readonly at: string | null;
};

export interface MatchedLine {
  readonly line: NamedLine;
  readonly hits: Hits;
}

const MOST_LINES = 3;

/** @returns the best of them, and how many there are */
export function pickLines(
  names: Readonly<Record<'id' | 'mortal' | 'match', string | null>>,
  lines: readonly TextLine[],
  terms: SearchTerms,
): { readonly shown: readonly MatchedLine[]; readonly count: number } {
  const named = (['id', 'mortal', 'match'] as const).map((by): NamedLine => {
    return { by, turn: null, at: null, agent: null, text: names[by] ?? '' };
  });
  const matched = [...named, ...lines]
    .map((line): MatchedLine => ({ line, hits: hitsIn(line.text, terms) }))
    .filter(({ hits }) => hits.wordCount > 0);
  const shown = [...matched].sort((a, b) => b.hits.wordCount - a.hits.wordCount).slice(0, MOST_LINES);
  return { shown, count: matched.length };
}
