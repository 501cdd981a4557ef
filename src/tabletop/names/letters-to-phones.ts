import { phonesOf } from './phones.js';

// How a reader of English would say a word that stands in no dictionary, which is most names at a table. Longest letters first, with
// the few rules of context that change whole syllables (soft c and g, silent e, a y that begins). What is wrong in the same way for a name and
// for what was heard of it does no harm: sound-channel.ts has learnt what becomes of what.

const SPELLINGS = [
  ...readTable(
    `augh: AO, ough: AO, eigh: EY, tion: SH AH N, sion: ZH AH N, tch: CH, sch: SH, igh: AY, eau: OW, dge: JH`,
  ),
  ...readTable(
    `kh: K, gh: G, qh: K, dh: D, bh: B, rh: R, ph: F, sh: SH, th: TH, ch: CH, zh: ZH, wh: W, ck: K, qu: K W, ng: NG`,
  ),
  ...readTable(
    `ts: T S, tz: T S, ee: IY, ea: IY, oo: UW, ou: AW, ow: OW, ai: EY, ay: EY, ei: EY, ey: IY, au: AO, aw: AO`,
  ),
  ...readTable(
    `oi: OY, oy: OY, ie: IY, oa: OW, ue: UW, ui: UW IH, ae: EY, eo: IY OW, ia: IY AH, io: IY OW, iu: IY UW`,
  ),
  ...readTable(`aa: AA, uu: UW, ii: IY, ew: UW, eu: Y UW, oe: OW, ua: W AA, uo: W OW`),
  ...readTable(`ar: AA R, er: ER, ir: ER, ur: ER, yr: IH R, or: AO R`),
  ...readTable(
    `b: B, c: K, d: D, f: F, g: G, h: HH, j: JH, k: K, l: L, m: M, n: N, p: P, q: K, r: R, s: S, t: T`,
  ),
  ...readTable(`v: V, w: W, x: K S, z: Z, a: AE, e: EH, i: IH, o: AA, u: AH, y: IH`),
].map(([letters, phones]) => ({ letters, phones }));

const BY_FIRST_LETTER: ReadonlyMap<string, readonly (typeof SPELLINGS)[number][]> = new Map(
  [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => [
    letter,
    SPELLINGS.filter(({ letters }) => letters.startsWith(letter)).sort(
      (a, b) => b.letters.length - a.letters.length,
    ),
  ]),
);

/** How a letter is called, for words of one letter. */
const LETTER_NAMES = new Map([
  ...readTable(
    `a: EY, b: B IY, c: S IY, d: D IY, e: IY, f: EH F, g: JH IY, h: EY CH, i: AY, j: JH EY, k: K EY, l: EH L, m: EH M`,
  ),
  ...readTable(
    `n: EH N, o: OW, p: P IY, q: K Y UW, r: AA R, s: EH S, t: T IY, u: Y UW, v: V IY, w: D AH B AH L Y UW`,
  ),
  ...readTable(`x: EH K S, y: W AY, z: Z IY`),
]);

const LONG = new Map(readTable('a: EY, i: AY, o: OW, u: UW'));
const AT_THE_END = new Map(readTable('y: IY, i: IY, o: OW, a: AH, u: UW, e: IY'));
const SOFT_C = phonesOf('S');
const SOFT_G = phonesOf('JH');
const FIRST_X = phonesOf('Z');
const GLIDING_Y = phonesOf('Y');

const isVowel = (letter: string | undefined): boolean => letter !== undefined && 'aeiouy'.includes(letter);
const softens = (letter: string | undefined): boolean => letter !== undefined && 'eiy'.includes(letter);

/** @param letter one of a to z */
export function letterName(letter: string): readonly number[] {
  return LETTER_NAMES.get(letter) ?? [];
}

/** @param word letters a to z alone, lower case @returns codes of phones; none for an empty word or one that is not heard, such as `h` */
export function lettersToPhones(word: string): number[] {
  const phones: number[] = [];
  let at = 0;
  while (at < word.length) {
    const { taken, heard } = read(word, at, phones.length);
    for (const phone of heard) phones.push(phone);
    at += taken;
  }
  return phones;
}

const SILENT = { taken: 1, heard: [] as readonly number[] };

function read(word: string, at: number, heardBefore: number): { taken: number; heard: readonly number[] } {
  const letter = word[at]!;
  const next = word[at + 1];
  const isLast = at === word.length - 1;
  if (letter === next && !isVowel(letter)) return SILENT; // the second of two is heard
  if (letter === 'h' && !isVowel(next)) return SILENT;
  if (letter === 'e' && isLast && heardBefore > 1 && !isVowel(word[at - 1])) return SILENT;
  const alone = readAlone(word, at, isLast);
  if (alone !== undefined) return { taken: 1, heard: alone };
  const spelling = BY_FIRST_LETTER.get(letter)?.find(
    ({ letters }) => word.startsWith(letters, at) && !(isBeforeR(letters) && isVowel(word[at + 2])),
  );
  return spelling === undefined ? SILENT : { taken: spelling.letters.length, heard: spelling.phones };
}

/** What one letter is where its neighbours decide. */
function readAlone(word: string, at: number, isLast: boolean): readonly number[] | undefined {
  const letter = word[at]!;
  const next = word[at + 1];
  if (letter === 'c' && softens(next)) return SOFT_C;
  if (letter === 'g' && softens(next) && at > 0) return SOFT_G;
  if (letter === 'x' && at === 0) return FIRST_X;
  if (letter === 'y' && isVowel(next) && (at === 0 || isVowel(word[at - 1]))) return GLIDING_Y;
  if (isLast) return AT_THE_END.get(letter);
  const isLengthened = !isVowel(next) && word[at + 2] === 'e' && at + 3 === word.length; // as in `vale`
  return isLengthened ? LONG.get(letter) : undefined;
}

function isBeforeR(letters: string): boolean {
  return letters.length === 2 && letters[1] === 'r' && isVowel(letters[0]);
}

function readTable(text: string): [letters: string, phones: readonly number[]][] {
  return text.split(', ').map((entry) => {
    const [letters, phones] = entry.split(': ') as [string, string];
    return [letters, phonesOf(phones)];
  });
}
