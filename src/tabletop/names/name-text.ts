// What of a name's spelling counts when names are compared: letters and digits, whatever their case and marks.

const MARKS = /\p{M}/gu;
const BETWEEN_WORDS = /[^a-z0-9']+/;

/** Without marks, lower case: `Éowyn` is `eowyn`. */
export function plainText(text: string): string {
  return text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase();
}

/** What was meant as one word may have been heard as three, so blanks and signs are left out. */
export function bareLetters(text: string): string {
  return plainText(text).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Words of Latin letters, apostrophes within them kept. */
export function wordsOf(text: string): string[] {
  return plainText(text)
    .replaceAll('’', "'")
    .split(BETWEEN_WORDS)
    .map((word) => word.replaceAll(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
}

/** Bare letters, and where in them words begin; 0 is the first. */
export function lettersAndStarts(text: string): { letters: string; starts: number[] } {
  let letters = '';
  const starts: number[] = [];
  for (const word of text.split(/[\s\p{Pd}_/,;:()]+/u)) {
    const bare = bareLetters(word);
    if (bare === '') continue;
    starts.push(letters.length);
    letters += bare;
  }
  return { letters, starts };
}
