import { LATIN_LETTERS, type LetterCodes, letterOf, letterPlace } from './letter-codes.js';
import type { NameStatistics } from './name-likeness.js';
import { PHONE_COUNT, type PhoneCodes, phoneOf, PHONES } from './phones.js';

// The small pieces by which names are found before they are compared: pairs of letters, pairs of phones, triples of classes of phones, and
// pairs of consonants with whatever vowels between them left out, which a microphone gets wrong most. A piece counts by how rare it
// would be if letters and phones followed each other by chance, not by how many names have it: what a campaign hides must not move
// what its players find.

const LETTERS = LATIN_LETTERS + 2; // an edge, a to z, all others
const EDGE = 0;
const SOUNDS = PHONE_COUNT + 1;

/** Phones that are taken for each other. */
const CLASSES: readonly (readonly string[])[] = [
  ['P', 'B'],
  ['F', 'V'],
  ['T', 'D', 'TH', 'DH'],
  ['K', 'G'],
  ['CH', 'JH', 'SH', 'ZH', 'S', 'Z'],
  ['M'],
  ['N', 'NG'],
  ['L'],
  ['R', 'ER'],
  ['W', 'UW', 'OW', 'UH', 'AW'],
  ['Y', 'IY', 'IH', 'EY'],
  ['HH'],
  ['AA', 'AE', 'AH', 'AO', 'EH', 'AY', 'OY'],
];
/** Consonants alone. */
const SKELETON: readonly (readonly string[])[] = [
  ['P', 'B'],
  ['F', 'V'],
  ['T', 'D', 'TH', 'DH'],
  ['K', 'G'],
  ['CH', 'JH', 'SH', 'ZH', 'S', 'Z'],
  ['M', 'N', 'NG'],
  ['L'],
  ['R', 'ER'],
  ['W'],
  ['Y'],
  ['HH'],
];
const CLASS_OF = classOf(CLASSES);
const BONE_OF = classOf(SKELETON);
const CLASS_COUNT = CLASSES.length + 1;
const BONE_COUNT = SKELETON.length + 1;

const FIRST_SOUND_PAIR = LETTERS * LETTERS;
const FIRST_CLASS_TRIPLE = FIRST_SOUND_PAIR + SOUNDS * SOUNDS;
const FIRST_BONE_PAIR = FIRST_CLASS_TRIPLE + CLASS_COUNT ** 3;
export const GRAM_COUNT = FIRST_BONE_PAIR + BONE_COUNT ** 2;
/** An edge tells a little. */
const EDGE_WEIGHT = 1;

function classOf(classes: readonly (readonly string[])[]): Uint8Array {
  return Uint8Array.from(PHONES, (phone) => classes.findIndex((members) => members.includes(phone)) + 1);
}

/** @returns of each piece how much it says that two names share it */
export function gramWeights({ letters, phones }: NameStatistics): Float32Array {
  const letterWeights = Float64Array.from({ length: LETTERS }, (_, place) =>
    place === EDGE ? EDGE_WEIGHT : -(letters.get(96 + place) ?? Math.log(1e-3)),
  );
  const soundWeights = Float64Array.from({ length: SOUNDS }, (_, place) =>
    place === EDGE ? EDGE_WEIGHT : -phones[place - 1]!,
  );
  const ofClasses = (places: Uint8Array, count: number): Float64Array =>
    Float64Array.from({ length: count }, (_, place) => {
      if (place === EDGE) return EDGE_WEIGHT;
      return -Math.log(
        phones.reduce((sum, log, phone) => sum + (places[phone] === place ? Math.exp(log) : 0), 0),
      );
    });
  const classWeights = ofClasses(CLASS_OF, CLASS_COUNT);
  const boneWeights = ofClasses(BONE_OF, BONE_COUNT);
  const weights = new Float32Array(GRAM_COUNT);
  pairs(weights, 0, letterWeights);
  pairs(weights, FIRST_SOUND_PAIR, soundWeights);
  for (let a = 0; a < CLASS_COUNT; a += 1)
    for (let b = 0; b < CLASS_COUNT; b += 1)
      for (let c = 0; c < CLASS_COUNT; c += 1)
        weights[FIRST_CLASS_TRIPLE + (a * CLASS_COUNT + b) * CLASS_COUNT + c] =
          classWeights[a]! + classWeights[b]! + classWeights[c]!;
  pairs(weights, FIRST_BONE_PAIR, boneWeights);
  return weights;
}

function pairs(weights: Float32Array, first: number, ofOne: Float64Array): void {
  ofOne.forEach((a, one) =>
    ofOne.forEach((b, other) => {
      weights[first + one * ofOne.length + other] = a + b;
    }),
  );
}

/** No name has more pieces: 80 letters and 80 phones at most. */
const MOST_GRAMS = 400;

/** Takes names to pieces, each piece once. Keeps its arrays: what it returned is overwritten by the next call. */
export class GramReader {
  private readonly grams = new Int32Array(MOST_GRAMS);
  private readonly seenIn = new Uint32Array(GRAM_COUNT);
  private turn = 0;
  private count = 0;

  read(
    letters: LetterCodes,
    firstLetter: number,
    endLetter: number,
    phones: PhoneCodes,
    firstPhone: number,
    endPhone: number,
  ): Int32Array {
    this.turn += 1;
    this.count = 0;
    let before = EDGE;
    for (let at = firstLetter; at <= endLetter; at += 1) {
      const place = at === endLetter ? EDGE : placeOf(letterOf(letters[at]!));
      this.add(before * LETTERS + place);
      before = place;
    }
    if (endPhone > firstPhone) this.addSounds(phones, firstPhone, endPhone);
    return this.grams.subarray(0, this.count);
  }

  private addSounds(phones: PhoneCodes, from: number, to: number): void {
    let [sound, twoBack, back, bone] = [EDGE, EDGE, EDGE, EDGE];
    for (let at = from; at <= to; at += 1) {
      const phone = at === to ? -1 : phoneOf(phones[at]!);
      this.add(FIRST_SOUND_PAIR + sound * SOUNDS + phone + 1);
      sound = phone + 1;
      const kind = phone < 0 ? EDGE : CLASS_OF[phone]!;
      if (at > from) this.add(FIRST_CLASS_TRIPLE + (twoBack * CLASS_COUNT + back) * CLASS_COUNT + kind);
      [twoBack, back] = [back, kind];
      const next = phone < 0 ? EDGE : BONE_OF[phone]!;
      if (next === EDGE && phone >= 0) continue; // a vowel
      this.add(FIRST_BONE_PAIR + bone * BONE_COUNT + next);
      bone = next;
    }
  }

  private add(gram: number): void {
    if (this.seenIn[gram] === this.turn) return;
    this.seenIn[gram] = this.turn;
    this.grams[this.count] = gram;
    this.count += 1;
  }
}

/** Letters of other scripts share places: which of them stand beside each other still tells names apart. */
function placeOf(code: number): number {
  const place = letterPlace(code);
  return 1 + (place < LATIN_LETTERS ? place : code % (LATIN_LETTERS + 1));
}
