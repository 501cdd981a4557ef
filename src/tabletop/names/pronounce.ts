import { letterName, lettersToPhones } from './letters-to-phones.js';
import { wordsOf } from './name-text.js';
import { FIRST_OF_WORD, type PhoneCodes } from './phones.js';
import type { Spelling } from './spelling.js';

// A text as somebody says it. What a microphone heard is English words, and those are said as the dictionary says; a name is none, but
// often made of two ("Moonwell"); all else is read by its letters.

/** How words are said. */
export interface Pronunciations {
  /** @param word of English, lower case @returns codes of phones */
  find(word: string): readonly number[] | undefined;
  /** Of a language that has no dictionary here: everything is read by its letters. */
  readonly spelling?: Spelling;
}

/** Shorter halves are found in most names by chance. */
const LEAST_HALF = 3;

/** @returns phones of all words, one after the other; where words begin is marked, but a microphone ends them where it likes */
export function pronounce(text: string, dictionary: Pronunciations): PhoneCodes {
  const { spelling } = dictionary;
  const phones: number[] = [];
  const endWord = (first: number): void => {
    if (phones.length > first) phones[first]! |= FIRST_OF_WORD;
  };
  if (spelling !== undefined)
    for (const parts of spelling.wordsOf(text)) {
      const first = phones.length;
      for (const part of parts) phones.push(...spelling.say(part));
      endWord(first);
    }
  else
    for (const word of wordsOf(text)) {
      const first = phones.length;
      sayWord(word, dictionary, phones);
      endWord(first);
    }
  return new Uint8Array(phones);
}

function sayWord(word: string, dictionary: Pronunciations, phones: number[]): void {
  const known = dictionary.find(word) ?? (word.length === 1 ? letterName(word) : undefined);
  if (known !== undefined) {
    phones.push(...known);
    return;
  }
  for (const part of lettersOf(word))
    phones.push(...(dictionary.find(part) ?? halves(part, dictionary) ?? lettersToPhones(part)));
}

const lettersOf = (word: string): string[] => word.split(/[^a-z]+/).filter((part) => part !== '');

/** Of all ways to make it of two words the one with the longest short half. */
function halves(word: string, dictionary: Pronunciations): number[] | undefined {
  let best: { shorter: number; phones: number[] } | undefined;
  for (let cut = LEAST_HALF; cut <= word.length - LEAST_HALF; cut += 1) {
    const shorter = Math.min(cut, word.length - cut);
    if (best !== undefined && shorter <= best.shorter) continue;
    const first = dictionary.find(word.slice(0, cut));
    const second = first && dictionary.find(word.slice(cut));
    if (first && second) best = { shorter, phones: [...first, ...second] };
  }
  return best?.phones;
}
