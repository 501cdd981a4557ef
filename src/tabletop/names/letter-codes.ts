// Letters of names as numbers, as the channels and the index compare them: UTF-16 units of bare letters, the first of each word marked, since
// whole words of a name are left out more often than single letters.

export type LetterCodes = Uint16Array;

/** Set in the first letter of a word. Units above it are folded, which takes a few rare letters for each other. */
export const FIRST_LETTER_OF_WORD = 0x8000;

const FIRST = 97;
/** Letters a to z; all others share one more place. */
export const LATIN_LETTERS = 26;

/** @param text bare letters, see `bareLetters` @param starts places where words begin */
export function letterCodes(text: string, starts: readonly number[] = []): LetterCodes {
  const codes = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) codes[at] = text.charCodeAt(at) & ~FIRST_LETTER_OF_WORD;
  for (const at of starts) if (at < codes.length) codes[at]! |= FIRST_LETTER_OF_WORD;
  return codes;
}

export function letterOf(code: number): number {
  return code & ~FIRST_LETTER_OF_WORD;
}

export function beginsWord(code: number): boolean {
  return code >= FIRST_LETTER_OF_WORD;
}

/** @returns 0 to 25 for a to z, 26 for everything else */
export function letterPlace(code: number): number {
  const place = code - FIRST;
  return place >= 0 && place < LATIN_LETTERS ? place : LATIN_LETTERS;
}

const VOWELS = Uint8Array.from({ length: LATIN_LETTERS + 1 }, (_, place) =>
  'aeiouy'.includes(String.fromCharCode(FIRST + place)) ? 1 : 0,
);

export function isVowelCode(code: number): boolean {
  return VOWELS[letterPlace(code)] === 1;
}
