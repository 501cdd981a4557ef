// What is typed of a name, as a noisy channel over letters: most come out right, some are left out, doubled, exchanged with their neighbour
// or missed, and a vowel is taken for another sooner than for a consonant. Damerau's four kinds of error ("A technique for computer detection
// and correction of spelling errors", 1964) with how often they happen; nothing here was fitted to a set.

const RIGHT = 0.95;
const LEFT_OUT = 0.015;
const EXCHANGED = 0.01;
const ADDED = 0.015 / 26;
const OTHER_VOWEL = 0.02 / 6;
const OTHER_LETTER = 0.004 / 25;
const LEAST = 1e-80;

const isVowel = (letter: string): boolean => 'aeiouy'.includes(letter);

/** @param meant, typed without blanks and marks, see `bareLetters` @returns natural logarithm of the probability of typing just that */
export function typedLogLikelihood(meant: string, typed: string): number {
  const width = typed.length + 1;
  let twoBefore = new Float64Array(width);
  let before = new Float64Array(width);
  let now = new Float64Array(width);
  let scaledBy = 0;
  before[0] = 1;
  for (let j = 1; j < width; j += 1) before[j] = before[j - 1]! * ADDED;
  for (let i = 1; i <= meant.length; i += 1) {
    const letter = meant[i - 1]!;
    let most = (now[0] = before[0]! * LEFT_OUT);
    for (let j = 1; j < width; j += 1) {
      const other = typed[j - 1]!;
      let value = before[j - 1]! * likeness(letter, other) + before[j]! * LEFT_OUT + now[j - 1]! * ADDED;
      if (i > 1 && j > 1 && letter === typed[j - 2] && meant[i - 2] === other)
        value += twoBefore[j - 2]! * EXCHANGED;
      now[j] = value;
      if (value > most) most = value;
    }
    if (most < LEAST) {
      for (const row of [before, now]) row.forEach((value, index) => (row[index] = value / LEAST));
      scaledBy += Math.log(LEAST);
    }
    [twoBefore, before, now] = [before, now, twoBefore];
  }
  return Math.log(before[width - 1]!) + scaledBy;
}

function likeness(letter: string, other: string): number {
  if (letter === other) return RIGHT;
  return isVowel(letter) && isVowel(other) ? OTHER_VOWEL : OTHER_LETTER;
}
