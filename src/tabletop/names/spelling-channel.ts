import {
  beginsWord,
  FIRST_LETTER_OF_WORD,
  isVowelCode,
  LATIN_LETTERS,
  type LetterCodes,
  letterCodes,
  letterOf,
  letterPlace,
} from './letter-codes.js';
import { WORDS_LEFT_OUT, WordsAhead } from './left-out-words.js';

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
/** Probabilities below this are scaled up, or long texts would come to 0. */
const LEAST = 1e-80;

/** @param meant, typed without blanks and marks, see `bareLetters` @returns natural logarithm of the probability of typing just that */
export function typedLogLikelihood(meant: string, typed: string): number {
  const codes = letterCodes(meant);
  return new TypedLikeness(letterCodes(typed)).of(codes, 0, codes.length);
}

/** No name and no text has more letters, see `MOST_LETTERS`: with longer ones nothing is given up early. */
const MOST_REST = 80;
const STRIDE = MOST_REST + 1;
/** At `letters of a name * STRIDE + letters of a text`: what comes of them if all of them match, which is the most. */
const MOST_OF_REST = mostOfRest();

function mostOfRest(): Float64Array {
  const most = new Float64Array(STRIDE * STRIDE);
  const at = (a: number, b: number): number => (a < 0 || b < 0 ? 0 : most[a * STRIDE + b]!);
  most[0] = 1;
  for (let a = 0; a < STRIDE; a += 1)
    for (let b = a === 0 ? 1 : 0; b < STRIDE; b += 1)
      most[a * STRIDE + b] =
        RIGHT * at(a - 1, b - 1) +
        LEFT_OUT * at(a - 1, b) +
        ADDED * at(a, b - 1) +
        EXCHANGED * at(a - 2, b - 2);
  return most;
}

/** What a letter of a name comes out as. */
interface LetterRow {
  /** How likely as each letter of the text, from place 1 on. */
  readonly likeness: Float64Array;
  /** Letters that stand before it in the text: where they stand before it in a name too, the two are the other way round. */
  readonly followers: readonly number[];
}

/** Compares one typed text with many names. */
export class TypedLikeness {
  private readonly width: number;
  private readonly rows: [Float64Array, Float64Array, Float64Array];
  private readonly latin: (LetterRow | undefined)[] = new Array<LetterRow | undefined>(LATIN_LETTERS);
  private readonly others = new Map<number, LetterRow>();
  private readonly ahead: WordsAhead;

  constructor(private readonly typed: LetterCodes) {
    this.width = typed.length + 1;
    this.rows = [new Float64Array(this.width), new Float64Array(this.width), new Float64Array(this.width)];
    this.ahead = new WordsAhead(typed.length, ADDED, FIRST_LETTER_OF_WORD);
  }

  /**
   * @param codes of many names @param from, to where the name stands among them
   * @param least where the result is below it, it may be -Infinity, which costs less
   * @returns natural logarithm of the probability of typing just that; costs letters of the one x letters of the other
   */
  of(codes: LetterCodes, from: number, to: number, least = -Infinity): number {
    const { typed, width } = this;
    const letters = width - 1;
    let [twoBefore, before, now] = this.rows;
    let scaledBy = 0;
    let limit = letters > MOST_REST || to - from > MOST_REST ? 0 : Math.exp(least);
    before[0] = 1;
    for (let j = 1; j < width; j += 1) before[j] = before[j - 1]! * ADDED;
    let ended = 0;
    let unit = 1;
    let letter = 0;
    for (let i = from; i < to; i += 1) {
      if (i > from && beginsWord(codes[i]!)) {
        ended += before[letters]! * WORDS_LEFT_OUT;
        before[0]! += unit * WORDS_LEFT_OUT;
      }
      const letterBefore = letter;
      letter = letterOf(codes[i]!);
      const row = this.rowOf(letter);
      const { likeness } = row;
      const rest = limit === 0 ? letters : (to - i - 1) * STRIDE + letters;
      let back = before[0]!;
      let left = (now[0] = back * LEFT_OUT);
      let sum = left;
      let most = left * MOST_OF_REST[rest]!;
      if (i > from && row.followers.includes(letterBefore))
        for (let j = 1; j < width; j += 1) {
          left = before[j - 1]! * likeness[j]! + before[j]! * LEFT_OUT + left * ADDED;
          if (j > 1 && letter === typed[j - 2] && letterBefore === typed[j - 1])
            left += twoBefore[j - 2]! * EXCHANGED;
          now[j] = left;
          sum += left;
          most += left * MOST_OF_REST[rest - j]!;
        }
      else
        for (let j = 1; j < width; j += 1) {
          const here = before[j]!;
          left = back * likeness[j]! + here * LEFT_OUT + left * ADDED;
          back = here;
          now[j] = left;
          sum += left;
          most += left * MOST_OF_REST[rest - j]!;
        }
      if (
        most < limit &&
        most + ended + this.ahead.sum(codes, i + 1, to, unit, sum) < limit &&
        !this.mayExchange(codes, i, to)
      )
        return -Infinity;
      if (sum < LEAST) {
        for (let j = 0; j < width; j += 1) {
          now[j]! /= LEAST;
          before[j]! /= LEAST;
        }
        ended /= LEAST;
        unit /= LEAST;
        limit /= LEAST;
        scaledBy += Math.log(LEAST);
      }
      [twoBefore, before, now] = [before, now, twoBefore];
    }
    return Math.log(before[letters]! + ended) + scaledBy;
  }

  /** Whether a letter of the name and the next one stand in the text the other way round. */
  private mayExchange(codes: LetterCodes, at: number, to: number): boolean {
    return at + 1 < to && this.rowOf(letterOf(codes[at + 1]!)).followers.includes(letterOf(codes[at]!));
  }

  private rowOf(letter: number): LetterRow {
    const place = letterPlace(letter);
    return (
      (place < LATIN_LETTERS ? this.latin[place] : this.others.get(letter)) ?? this.makeRow(letter, place)
    );
  }

  private makeRow(letter: number, place: number): LetterRow {
    const likenesses = new Float64Array(this.width);
    const followers: number[] = [];
    for (let j = 1; j < this.width; j += 1) {
      likenesses[j] = likeness(letter, this.typed[j - 1]!);
      if (j > 1 && this.typed[j - 2] === letter) followers.push(this.typed[j - 1]!);
    }
    const row = { likeness: likenesses, followers };
    if (place < LATIN_LETTERS) this.latin[place] = row;
    else this.others.set(letter, row);
    return row;
  }
}

function likeness(letter: number, other: number): number {
  if (letter === other) return RIGHT;
  return isVowelCode(letter) && isVowelCode(other) ? OTHER_VOWEL : OTHER_LETTER;
}
