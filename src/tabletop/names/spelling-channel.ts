import { beginsWord, isVowelCode, type LetterCodes, letterCodes, letterOf } from './letter-codes.js';

// What is typed of a name, as a noisy channel over letters: most come out right, some are left out, doubled, exchanged with their neighbour
// or missed, and a vowel is taken for another sooner than for a consonant. Damerau's four kinds of error ("A technique for computer detection
// and correction of spelling errors", 1964) with how often they happen; nothing here was fitted to a set.

const RIGHT = 0.95;
const LEFT_OUT = 0.015;
const EXCHANGED = 0.01;
/** That one certain letter is put in where there is none. */
export const ADDED = 0.015 / 26;
const OTHER_VOWEL = 0.02 / 6;
const OTHER_LETTER = 0.004 / 25;
/** That somebody leaves out all words before, or all after the one that they mean: once each. */
export const WORDS_LEFT_OUT = 0.01;
/** Probabilities below this are scaled up, or long texts would come to 0. */
const LEAST = 1e-80;

/** @param meant, typed without blanks and marks, see `bareLetters` @returns natural logarithm of the probability of typing just that */
export function typedLogLikelihood(meant: string, typed: string): number {
  const codes = letterCodes(meant);
  return new TypedLikeness(letterCodes(typed)).of(codes, 0, codes.length);
}

/** Compares one typed text with many names. */
export class TypedLikeness {
  private readonly width: number;
  private readonly rows: [Float64Array, Float64Array, Float64Array];
  /** By letter of a name: how likely it comes out as each letter of the text. */
  private readonly likeness = new Map<number, Float64Array>();

  constructor(private readonly typed: LetterCodes) {
    this.width = typed.length + 1;
    this.rows = [new Float64Array(this.width), new Float64Array(this.width), new Float64Array(this.width)];
  }

  /**
   * @param codes of many names @param from, to where the name stands among them
   * @returns natural logarithm of the probability of typing just that; costs letters of the one x letters of the other
   */
  of(codes: LetterCodes, from: number, to: number): number {
    const { typed, width } = this;
    let [twoBefore, before, now] = this.rows;
    let scaledBy = 0;
    before[0] = 1;
    for (let j = 1; j < width; j += 1) before[j] = before[j - 1]! * ADDED;
    let ended = 0;
    let unit = 1;
    for (let i = from; i < to; i += 1) {
      if (i > from && beginsWord(codes[i]!)) {
        ended += before[width - 1]! * WORDS_LEFT_OUT;
        before[0]! += unit * WORDS_LEFT_OUT;
      }
      const letter = letterOf(codes[i]!);
      const likeness = this.likenessOf(letter);
      let left = before[0]! * LEFT_OUT;
      let most = (now[0] = left);
      for (let j = 1; j < width; j += 1) {
        left = before[j - 1]! * likeness[j]! + before[j]! * LEFT_OUT + left * ADDED;
        if (i > from && j > 1 && letter === typed[j - 2] && letterOf(codes[i - 1]!) === typed[j - 1])
          left += twoBefore[j - 2]! * EXCHANGED;
        now[j] = left;
        if (left > most) most = left;
      }
      if (most < LEAST) {
        for (let j = 0; j < width; j += 1) {
          now[j]! /= LEAST;
          before[j]! /= LEAST;
        }
        ended /= LEAST;
        unit /= LEAST;
        scaledBy += Math.log(LEAST);
      }
      [twoBefore, before, now] = [before, now, twoBefore];
    }
    return Math.log(before[width - 1]! + ended) + scaledBy;
  }

  private likenessOf(letter: number): Float64Array {
    let row = this.likeness.get(letter);
    if (row === undefined) {
      row = new Float64Array(this.width);
      for (let j = 1; j < this.width; j += 1) row[j] = likeness(letter, this.typed[j - 1]!);
      this.likeness.set(letter, row);
    }
    return row;
  }
}

function likeness(letter: number, other: number): number {
  if (letter === other) return RIGHT;
  return isVowelCode(letter) && isVowelCode(other) ? OTHER_VOWEL : OTHER_LETTER;
}
