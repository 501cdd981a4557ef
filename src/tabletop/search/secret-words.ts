import { plainText } from '../names/name-text.js';

// Words of a secret, and of a question about one, as they are compared: without marks and case, each once.

const MOST_WORDS = 2_000;
const NO_WORD = /[^\p{L}\p{N}]+/u;
const LEAST_LETTERS = 2;

/** @returns at most 2,000 words of at least two letters or digits */
export function secretWordsOf(text: string): string[] {
  const words = new Set(
    plainText(text)
      .split(NO_WORD)
      .filter((word) => word.length >= LEAST_LETTERS),
  );
  return [...words].slice(0, MOST_WORDS);
}
