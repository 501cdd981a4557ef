import { wordsOf } from '../figures/fold-words.js';

// What is asked for and where it stands in a text. All words must be in a session, in any line of it; the last one may be the beginning of
// a word, for whoever is still typing. Signs that are no letters mean nothing, so nothing has to be escaped and nothing is a wildcard.

export interface SearchTerms {
  /** Folded, each once; in the order in which they were asked for. */
  readonly words: readonly string[];
  /** The last one that was asked for. */
  readonly beginning: string;
}

export interface Highlight {
  /** In UTF-16 code units; `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** What is found in one text. */
export interface Hits {
  readonly highlights: readonly Highlight[];
  /** How many of the words it has. */
  readonly wordCount: number;
}

/** @returns null where there is no word in it, and so nothing to be found */
export function readTerms(asked: string): SearchTerms | null {
  const words = [...wordsOf(asked)].map(({ folded }) => folded);
  const beginning = words.at(-1);
  return beginning === undefined ? null : { words: [...new Set(words)], beginning };
}

/** In PostgreSQL's notation of a tsquery. */
export function tsqueryOf({ words, beginning }: SearchTerms): string {
  return words.map((word) => (word === beginning ? `${word}:*` : word)).join(' & ');
}

export function hitsIn(text: string, { words, beginning }: SearchTerms): Hits {
  const wanted = new Set(words);
  const found = new Set<string>();
  const highlights: Highlight[] = [];
  for (const { folded, from, to } of wordsOf(text)) {
    if (wanted.has(folded)) found.add(folded);
    else if (folded.startsWith(beginning)) found.add(beginning);
    else continue;
    if (folded.startsWith(beginning)) found.add(beginning);
    highlights.push({ from, to });
  }
  return { highlights, wordCount: found.size };
}

export interface Snippet {
  readonly text: string;
  /** Something of the line is left out before or after it. */
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
  /** Within the snippet. */
  readonly highlights: readonly Highlight[];
}

/** Of a line that is longer, so much around the first hit. */
export const MOST_SHOWN = 240;
const SHOWN_BEFORE = 60;

/** @param highlights of the line, in their order */
export function snippetOf(line: string, highlights: readonly Highlight[]): Snippet {
  if (line.length <= MOST_SHOWN) return { text: line, isCutBefore: false, isCutAfter: false, highlights };
  const wanted = Math.min((highlights[0]?.from ?? 0) - SHOWN_BEFORE, line.length - MOST_SHOWN);
  const from = wholeCharacter(line, Math.max(0, wanted));
  const to = wholeCharacter(line, Math.min(line.length, from + MOST_SHOWN));
  return {
    text: line.slice(from, to),
    isCutBefore: from > 0,
    isCutAfter: to < line.length,
    highlights: highlights
      .filter((hit) => hit.from < to && hit.to > from)
      .map((hit) => ({ from: Math.max(hit.from, from) - from, to: Math.min(hit.to, to) - from })),
  };
}

/** No half of a surrogate pair on either side. */
function wholeCharacter(text: string, at: number): number {
  const isInside = /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
  return isInside ? at - 1 : at;
}
