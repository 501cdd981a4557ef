import { heardLogLikelihood, type SoundChannel } from './sound-channel.js';
import { typedLogLikelihood } from './spelling-channel.js';
import { bareLetters } from './name-text.js';
import { PHONE_COUNT, type PhoneCodes } from './phones.js';
import { pronounce, pronounceByLetters, type Pronunciations } from './pronounce.js';

// How likely it is that a text means a name, whichever way it came about: typed with errors, written by ear, or heard by a microphone.
// Each channel says how much likelier the text is given the name than among names at large, so that the three can be added although one
// counts letters and the others phones. The sum of what may have happened, not the best of it, is the answer.

/** A name as it is compared. */
export interface ComparedName {
  readonly letters: string;
  readonly phones: PhoneCodes;
  /** By letters alone; often the same. */
  readonly byLetters: PhoneCodes;
}

/** Natural logarithms of how common letters and phones are among names. */
export interface NameStatistics {
  readonly letters: ReadonlyMap<string, number>;
  readonly phones: Float64Array;
}

/** A letter that no name has. */
const RAREST = Math.log(1e-6);
/** Longer texts are compared by what they begin with: nobody means a name by a page. */
export const MOST_LETTERS = 80;
const MOST_PHONES = 80;

/** @param text a name, or what stands for one */
export function toCompared(text: string, dictionary: Pronunciations): ComparedName {
  return {
    letters: bareLetters(text).slice(0, MOST_LETTERS),
    phones: pronounce(text, dictionary).subarray(0, MOST_PHONES),
    byLetters: pronounceByLetters(text).subarray(0, MOST_PHONES),
  };
}

/** @param names at least one; a few hundred say enough */
export function nameStatistics(names: readonly ComparedName[]): NameStatistics {
  const letters = new Map<string, number>();
  const phones = new Float64Array(PHONE_COUNT).fill(1);
  for (const name of names) {
    for (const letter of name.letters) letters.set(letter, (letters.get(letter) ?? 1) + 1);
    for (const phone of name.phones) phones[phone]! += 1;
  }
  const allLetters = [...letters.values()].reduce((total, count) => total + count, 0);
  const allPhones = phones.reduce((total, count) => total + count, 0);
  for (const [letter, count] of letters) letters.set(letter, Math.log(count / allLetters));
  return { letters, phones: phones.map((count) => Math.log(count / allPhones)) };
}

/** Compares one text with many names. */
export class NameLikeness {
  private readonly text: ComparedName;
  private readonly lettersAtLarge: number;
  private readonly phonesAtLarge: number;
  private readonly byLettersAtLarge: number;

  constructor(
    private readonly channel: SoundChannel,
    statistics: NameStatistics,
    text: ComparedName,
  ) {
    this.text = text;
    this.lettersAtLarge = [...text.letters].reduce(
      (sum, letter) => sum + (statistics.letters.get(letter) ?? RAREST),
      0,
    );
    this.phonesAtLarge = text.phones.reduce((sum, phone) => sum + statistics.phones[phone]!, 0);
    this.byLettersAtLarge = text.byLetters.reduce((sum, phone) => sum + statistics.phones[phone]!, 0);
  }

  /** @returns a natural logarithm: above 0 = the text is likelier given this name than among all; -Infinity = cannot be meant */
  of(name: ComparedName): number {
    const typed = typedLogLikelihood(name.letters, this.text.letters) - this.lettersAtLarge;
    if (this.text.phones.length === 0 || name.phones.length === 0) return typed; // of another script
    const heard = heardLogLikelihood(this.channel, name.phones, this.text.phones) - this.phonesAtLarge;
    const written =
      heardLogLikelihood(this.channel, name.byLetters, this.text.byLetters) - this.byLettersAtLarge;
    return logOfSum(typed, heard, written);
  }
}

function logOfSum(...logs: readonly number[]): number {
  const most = Math.max(...logs);
  if (most === -Infinity) return most;
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}
