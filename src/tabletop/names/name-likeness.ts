import { letterCodes, type LetterCodes, letterOf } from './letter-codes.js';
import { lettersAndStarts } from './name-text.js';
import { PHONE_COUNT, type PhoneCodes, phoneOf } from './phones.js';
import { pronounce, type Pronunciations } from './pronounce.js';
import { HeardLikeness, type SoundChannel } from './sound-channel.js';
import { ADDED, TypedLikeness } from './spelling-channel.js';
import { WrittenLikeness } from './writing-channel.js';

// How likely it is that a text means a name, whichever way it came about: typed with errors, written by ear, or heard by a microphone.
// Each channel says how much likelier the text is given the name than among names at large, so that the three can be added although one
// counts letters and the others phones. The sum of what may have happened, not the best of it, is the answer.

/** A name as it is compared. */
export interface ComparedName {
  readonly letters: LetterCodes;
  readonly phones: PhoneCodes;
}

/** Natural logarithms of how common letters and phones are among names. */
export interface NameStatistics {
  readonly letters: ReadonlyMap<number, number>;
  readonly phones: Float64Array;
}

/** A letter that no name has: as rare as one that is put in by mistake, or texts of such letters would seem to mean whatever has none of them. */
const RAREST = Math.log(ADDED);
/** Longer texts are compared by what they begin with: nobody means a name by a page. */
export const MOST_LETTERS = 80;
const MOST_PHONES = 80;
/** Typed, written by ear, heard. */
const LOG_OF_WAYS = Math.log(3);
/** What is so much less likely (natural logarithm) changes no sum of numbers of 53 bits. */
const UNTOLD = 37;

/** @param text a name, or what stands for one */
export function toCompared(text: string, dictionary: Pronunciations): ComparedName {
  const { letters, starts } = lettersAndStarts(text);
  return {
    letters: letterCodes(letters.slice(0, MOST_LETTERS), starts),
    phones: pronounce(text, dictionary).subarray(0, MOST_PHONES),
  };
}

/** @param names at least one; a few hundred say enough */
export function nameStatistics(names: readonly ComparedName[]): NameStatistics {
  const letters = new Map<number, number>();
  const phones = new Float64Array(PHONE_COUNT).fill(1);
  for (const name of names) {
    for (const letter of name.letters.map(letterOf)) letters.set(letter, (letters.get(letter) ?? 1) + 1);
    for (const phone of name.phones) phones[phoneOf(phone)]! += 1;
  }
  const allLetters = [...letters.values()].reduce((total, count) => total + count, 0);
  const allPhones = phones.reduce((total, count) => total + count, 0);
  for (const [letter, count] of letters) letters.set(letter, Math.log(count / allLetters));
  return { letters, phones: phones.map((count) => Math.log(count / allPhones)) };
}

/** Compares one text with many names. */
export class NameLikeness {
  private readonly typed: TypedLikeness;
  private readonly written: WrittenLikeness;
  private readonly heard: HeardLikeness | undefined;
  private readonly lettersAtLarge: number;
  private readonly phonesAtLarge: number;

  constructor(channel: SoundChannel, statistics: NameStatistics, text: ComparedName) {
    const letters = text.letters.map(letterOf);
    this.typed = new TypedLikeness(letters);
    this.written = new WrittenLikeness(letters);
    this.heard = text.phones.length === 0 ? undefined : new HeardLikeness(channel, text.phones); // none: of another script
    this.lettersAtLarge = letters.reduce(
      (sum, letter) => sum + (statistics.letters.get(letter) ?? RAREST),
      0,
    );
    this.phonesAtLarge = text.phones.reduce((sum, phone) => sum + statistics.phones[phoneOf(phone)]!, 0);
  }

  /** @returns a natural logarithm: above 0 = the text is likelier given this name than among all; -Infinity = cannot be meant */
  of({ letters, phones }: ComparedName): number {
    return this.ofPacked(letters, 0, letters.length, phones, 0, phones.length, true, -Infinity);
  }

  /**
   * The same of a name that stands among many, letters after letters and phones after phones. @param mayBeWritten by ear: else that is left out
   * @param least a name that is less likely need not be told from one that cannot be meant, which costs less
   */
  ofPacked(
    letters: LetterCodes,
    firstLetter: number,
    endLetter: number,
    phones: PhoneCodes,
    firstPhone: number,
    endPhone: number,
    mayBeWritten: boolean,
    least: number,
  ): number {
    const { lettersAtLarge, phonesAtLarge } = this;
    const leastOfOne = least - LOG_OF_WAYS; // where the three together reach the least, one of them reaches a third of it
    const written = mayBeWritten
      ? this.written.of(letters, firstLetter, endLetter) - lettersAtLarge
      : -Infinity;
    const ear = endPhone === firstPhone ? undefined : this.heard;
    let heard =
      ear === undefined
        ? -Infinity
        : ear.of(phones, firstPhone, endPhone, leastOfOne + phonesAtLarge) - phonesAtLarge;
    const leastTyped = Math.max(leastOfOne, written - UNTOLD, heard - UNTOLD);
    let typed = this.typed.of(letters, firstLetter, endLetter, leastTyped + lettersAtLarge) - lettersAtLarge;
    const most = Math.max(typed, written, heard);
    if (most < leastOfOne) return -Infinity;
    // Likely enough in some way: the others are added to it, as far as a sum tells.
    const told = most - UNTOLD;
    if (typed === -Infinity)
      typed = this.typed.of(letters, firstLetter, endLetter, told + lettersAtLarge) - lettersAtLarge;
    if (heard === -Infinity && ear !== undefined)
      heard = ear.of(phones, firstPhone, endPhone, told + phonesAtLarge) - phonesAtLarge;
    return logOfSum(typed, written, heard);
  }
}

function logOfSum(a: number, b: number, c: number): number {
  const most = Math.max(a, b, c);
  if (most === -Infinity) return most;
  return most + Math.log(Math.exp(a - most) + Math.exp(b - most) + Math.exp(c - most));
}
