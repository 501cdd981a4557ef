// The sounds of speech by which names are compared: the 39 phones of the Carnegie Mellon Pronouncing Dictionary (ARPABET without
// stress). Spelling says little about names that somebody heard; two phones that the mouth makes alike are taken for each other.

export const PHONES = [
  ...[
    'AA',
    'AE',
    'AH',
    'AO',
    'AW',
    'AY',
    'B',
    'CH',
    'D',
    'DH',
    'EH',
    'ER',
    'EY',
    'F',
    'G',
    'HH',
    'IH',
    'IY',
    'JH',
    'K',
  ],
  ...['L', 'M', 'N', 'NG', 'OW', 'OY', 'P', 'R', 'S', 'SH', 'T', 'TH', 'UH', 'UW', 'V', 'W', 'Y', 'Z', 'ZH'],
] as const;
export const PHONE_COUNT = PHONES.length;

/** A sequence of phones, each as its place in `PHONES`; with `FIRST_OF_WORD` where a word begins. */
export type PhoneCodes = Uint8Array;
/** See `PhoneCodes`: whole words of a name are left out more often than single phones. */
export const FIRST_OF_WORD = 0x80;
export const phoneOf = (code: number): number => code & ~FIRST_OF_WORD;

const CODES: ReadonlyMap<string, number> = new Map(PHONES.map((phone, code) => [phone, code]));

/** @param text phones with blanks between them, as in `G L UW M` @throws RangeError for what is none */
export function phonesOf(text: string): number[] {
  return text.split(' ').map((phone) => {
    const code = CODES.get(phone);
    if (code === undefined) throw new RangeError(`${phone} is no phone`);
    return code;
  });
}

/** Where the tongue is: front -1 to back 1, low 0 to high 1; and how round the lips are, 0 to 1. */
const VOWELS: Readonly<Record<string, readonly [front: number, height: number, round: number]>> = {
  AA: [0.6, 0, 0],
  AE: [-0.6, 0.2, 0],
  AH: [0.1, 0.4, 0],
  AO: [0.8, 0.3, 0.6],
  AW: [0.3, 0.1, 0.5],
  AY: [0, 0.2, 0],
  EH: [-0.7, 0.5, 0],
  ER: [0.1, 0.5, 0.3],
  EY: [-0.8, 0.7, 0],
  IH: [-0.7, 0.8, 0],
  IY: [-1, 1, 0],
  OW: [0.8, 0.6, 1],
  OY: [0.6, 0.5, 0.6],
  UH: [0.7, 0.8, 0.7],
  UW: [0.9, 1, 1],
};

/** Lips 0 to throat 1; how the air is let through, stops 0 to glides 4, neighbours being taken for each other; voiced or not. */
const CONSONANTS: Readonly<Record<string, readonly [place: number, manner: number, voice: number]>> = {
  B: [0, 0, 1],
  P: [0, 0, 0],
  M: [0, 3, 1],
  W: [0.2, 4, 1],
  F: [0.15, 1, 0],
  V: [0.15, 1, 1],
  TH: [0.35, 1, 0],
  DH: [0.35, 1, 1],
  T: [0.45, 0, 0],
  D: [0.45, 0, 1],
  N: [0.45, 3, 1],
  L: [0.5, 4, 1],
  R: [0.6, 4, 1],
  S: [0.5, 1.2, 0],
  Z: [0.5, 1.2, 1],
  SH: [0.65, 1.2, 0],
  ZH: [0.65, 1.2, 1],
  CH: [0.65, 0.6, 0],
  JH: [0.65, 0.6, 1],
  Y: [0.75, 4.3, 1],
  K: [0.9, 0, 0],
  G: [0.9, 0, 1],
  NG: [0.9, 3, 1],
  HH: [1.1, 1.5, 0],
};

/** Glides and the vowels that they are the beginning of. */
const HALF_VOWELS: readonly (readonly [consonant: string, vowels: readonly string[], apart: number])[] = [
  ['R', ['ER'], 0.4],
  ['W', ['UW', 'OW', 'UH'], 0.7],
  ['Y', ['IY', 'IH'], 0.6],
  ['L', ['OW', 'UH', 'AO', 'AH'], 1.2],
];
const A_VOWEL_AND_A_CONSONANT = 2.2;

/**
 * How far two phones are apart for the mouth: 0 = the same, about 0.5 = often taken for each other, above 2 = hardly ever. Symmetric.
 * @param a, b codes
 */
export function phoneDistance(a: number, b: number): number {
  if (a === b) return 0;
  const one = PHONES[a]!;
  const other = PHONES[b]!;
  const vowels = [VOWELS[one], VOWELS[other]] as const;
  if (vowels[0] && vowels[1]) {
    const [front, height, round] = vowels[0].map((value, axis) => value - vowels[1]![axis]!) as [
      number,
      number,
      number,
    ];
    return 0.3 + Math.hypot(0.5 * front, height, 0.4 * round);
  }
  const consonants = [CONSONANTS[one], CONSONANTS[other]] as const;
  if (consonants[0] && consonants[1]) {
    const [place, manner, voice] = consonants[0].map((value, axis) =>
      Math.abs(value - consonants[1]![axis]!),
    ) as [number, number, number];
    return 0.4 + 1.2 * place + 0.35 * manner + 0.25 * voice;
  }
  const [vowel, consonant] = vowels[0] ? [one, other] : [other, one];
  const half = HALF_VOWELS.find(([glide, near]) => glide === consonant && near.includes(vowel));
  return half?.[2] ?? A_VOWEL_AND_A_CONSONANT;
}
