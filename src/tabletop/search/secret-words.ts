import { plainText } from '../names/name-text.js';

// Words of a secret, and of a question about one, as they are compared: without marks and case, each once.

const MOST_WORDS = 2_000;
const NO_LETTER_OR_MARK = /[^\p{L}\p{M}\p{N}]+/u;
const NO_WORD = /[^\p{L}\p{N}]+/u;
const LEAST_LETTERS = 2;

export interface AskedWord {
  /** As it stands in the text, lower case. */
  readonly word: string;
  /** As words of secrets are compared. */
  readonly plain: string;
}

/** @returns each word of a text beside what secrets would be compared by; at most 2,000 */
export function askedWordsOf(text: string): AskedWord[] {
  return text
    .normalize('NFC')
    .toLowerCase()
    .split(NO_LETTER_OR_MARK)
    .flatMap((word) => secretWordsOf(word).map((plain) => ({ word, plain })))
    .slice(0, MOST_WORDS);
}

/** @returns at most 2,000 words of at least two letters or digits */
export function secretWordsOf(text: string): string[] {
  const words = new Set(
    plainText(text)
      .split(NO_WORD)
      .filter((word) => word.length >= LEAST_LETTERS),
  );
  return [...words].slice(0, MOST_WORDS);
}
