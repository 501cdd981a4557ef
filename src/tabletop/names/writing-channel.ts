import {
  beginsWord,
  isVowelCode,
  LATIN_LETTERS,
  type LetterCodes,
  letterCodes,
  letterOf,
  letterPlace,
} from './letter-codes.js';
import { WORDS_LEFT_OUT } from './left-out-words.js';

// What somebody writes of a name by ear, as a noisy channel over groups of letters: each sound has several spellings ("ph" for "f", "oo" for
// "u"), and one is written for another. A channel over single letters takes "moodfoord" for four errors; one over phones has forgotten which
// letters were right. Groups of letters against groups of letters, after Brill & Moore, "An improved error model for noisy channel
// spelling correction" (2000); which groups spell one sound is English orthography, nothing was counted in a set of errors.

/** Spellings of one sound, or of sounds that are taken for each other, the usual ones first. A spelling may stand in several. */
const SOUNDS: readonly (readonly string[])[] = [
  ...words('f ff ph v gh', 'v vv f w', 'k c ck q kh kk cc ch qu', 's ss c sc z ce', 'z zz s ts tz x'),
  ...words(
    'j g dj dg dge y zh',
    'g gg gh gu k j',
    'sh sch ch s zh ss ti ci',
    'ch tch tsch sh c',
    't tt th d dt',
  ),
  ...words(
    'd dd dh t',
    'th t d dh tth',
    'b bb bh p',
    'p pp b ph',
    'l ll',
    'm mm mb',
    'n nn kn gn ng',
    'ng n nk',
  ),
  ...words('r rr rh wr', 'w wh u v', 'y i j', 'x ks cks z gz', 'qu kw q kv cw', 'a ah aa e o u ai ae'),
  ...words(
    'e eh ea ae i a ai ee',
    'i y e ee ie ea ey ii',
    'o oh oa ow aw au a u oo ou',
    'u oo ou ue ew o uu eu iu',
  ),
  ...words(
    'ai ay ei ey a e ae ie',
    'ee ea i ie y ey ei',
    'oi oy oe',
    'ou ow au aw o u',
    'au aw o or a',
    'eu oi oy ew u',
  ),
  ...words(
    'er ir ur or ar yr re',
    'ar a ah er or',
    'y i ie igh ai ei',
    'ia ya ea',
    'io yo eo',
    'ua wa uwa',
    'ui uey wi uy',
  ),
];
const LONGEST = 4;

/** Of a letter that stands as it is. */
const RIGHT = 0.86;
/** All that a spelling is written as otherwise, together. */
const OTHERWISE = 0.3;
const LEFT_OUT = 0.012;
const ADDED = 0.012 / 26;
const OTHER_VOWEL = 0.02 / 6;
const OTHER_LETTER = 0.002 / 25;
/** An h is heard or not, and a last e is not. */
const SILENT = 0.06;
const ADDED_H = 0.03;
/** Probabilities below this are scaled up, or long texts would come to 0. */
const LEAST = 1e-80;

const [H, E] = letterCodes('he') as unknown as [number, number];
const IDS: ReadonlyMap<string, number> = new Map(
  [...new Set(SOUNDS.flat())].map((spelling, id) => [spelling, id]),
);
/** By spelling: the others that are written for it, with their probabilities. */
const WRITTEN_AS: readonly ReadonlyMap<number, number>[] = [...IDS.keys()].map(writtenAs);
/** The same the other way round: by what is written, what may be meant. */
const MEANT_BY: readonly (readonly [meant: number, share: number])[][] = WRITTEN_AS.map((_, id) =>
  WRITTEN_AS.flatMap((others, meant) => {
    const share = others.get(id);
    return share === undefined ? [] : [[meant, share] as const];
  }),
);
/** Spellings by their letters from the last to the first: at `node * (LATIN_LETTERS + 1) + place` the next node, 0 = none. */
const [ENDINGS, ID_OF_NODE] = endingsTrie();

function words(...sounds: readonly string[]): string[][] {
  return sounds.map((sound) => sound.split(' '));
}

/** In each of its sounds the first spellings are the likeliest. */
function writtenAs(spelling: string): ReadonlyMap<number, number> {
  const shares = new Map<number, number>();
  for (const sound of SOUNDS.filter((candidates) => candidates.includes(spelling)))
    sound.forEach((other, place) => {
      const id = IDS.get(other)!;
      if (other !== spelling) shares.set(id, (shares.get(id) ?? 0) + 1 / (2 + place));
    });
  const all = [...shares.values()].reduce((sum, share) => sum + share, 0);
  return new Map([...shares].map(([id, share]) => [id, (OTHERWISE * share) / all]));
}

function endingsTrie(): [next: Int16Array, ids: Int16Array] {
  const nodes = 1 + [...IDS.keys()].reduce((sum, spelling) => sum + spelling.length, 0);
  const next = new Int16Array(nodes * (LATIN_LETTERS + 1));
  const ids = new Int16Array(nodes).fill(-1);
  let made = 1;
  for (const [spelling, id] of IDS) {
    let node = 0;
    for (const code of letterCodes(spelling).toReversed()) {
      const edge = node * (LATIN_LETTERS + 1) + letterPlace(code);
      if (next[edge] === 0) next[edge] = made++;
      node = next[edge]!;
    }
    ids[node] = id;
  }
  return [next, ids];
}

/** Calls back for each spelling that ends before `end`. Comparing does the same by itself: a call per spelling would cost more than the rest. */
function eachEnding(
  codes: LetterCodes,
  from: number,
  end: number,
  found: (id: number, length: number) => void,
): void {
  let node = 0;
  for (let length = 1; length <= LONGEST && end - length >= from; length += 1) {
    node = ENDINGS[node * (LATIN_LETTERS + 1) + letterPlace(letterOf(codes[end - length]!))]!;
    if (node === 0) return;
    const id = ID_OF_NODE[node]!;
    if (id >= 0) found(id, length);
  }
}

/** @param meant, written bare letters, see `bareLetters` @returns natural logarithm of the probability of writing just that */
export function writtenLogLikelihood(meant: string, written: string): number {
  const codes = letterCodes(meant);
  return new WrittenLikeness(letterCodes(written)).of(codes, 0, codes.length);
}

/** Where a spelling of a name may have been written as something that stands in the text: end, begin, probability. */
interface Places {
  readonly ends: Uint8Array;
  readonly begins: Uint8Array;
  readonly shares: Float64Array;
}

const NO_PLACES: Places = { ends: new Uint8Array(0), begins: new Uint8Array(0), shares: new Float64Array(0) };
type Mutable = Record<keyof Places, number[]>;

/** Compares one written text with many names. */
export class WrittenLikeness {
  private readonly width: number;
  /** As many as a spelling has letters, and the one that is being filled. */
  private readonly rows: readonly Float64Array[];
  private readonly places: readonly Places[];
  private readonly likeness = new Map<number, Float64Array>();
  private readonly added: Float64Array;

  /** @param written at most 255 letters */
  constructor(private readonly written: LetterCodes) {
    this.width = written.length + 1;
    this.rows = Array.from({ length: LONGEST + 1 }, () => new Float64Array(this.width));
    this.added = Float64Array.from({ length: this.width }, (_, j) =>
      written[j - 1] === H ? ADDED_H : ADDED,
    );
    this.places = placesIn(written);
  }

  /**
   * @param codes of many names @param from, to where the name stands among them
   * @returns natural logarithm of the probability of writing just that
   */
  of(codes: LetterCodes, from: number, to: number): number {
    const { width, added, rows } = this;
    let scaledBy = 0;
    const first = rows[0]!;
    first[0] = 1;
    for (let j = 1; j < width; j += 1) first[j] = first[j - 1]! * added[j]!;
    let ended = 0;
    let unit = 1;
    for (let i = from + 1; i <= to; i += 1) {
      const now = rows[(i - from) % (LONGEST + 1)]!;
      const before = rows[(i - from - 1) % (LONGEST + 1)]!;
      if (i - 1 > from && beginsWord(codes[i - 1]!)) {
        ended += before[width - 1]! * WORDS_LEFT_OUT;
        before[0]! += unit * WORDS_LEFT_OUT;
      }
      now.fill(0);
      this.addSpellings(codes, from, i, now);
      const code = letterOf(codes[i - 1]!);
      const likeness = this.likenessOf(code);
      const leftOut = code === H || (code === E && i === to) ? SILENT : LEFT_OUT;
      let left = before[0]! * leftOut;
      let most = (now[0] = left);
      for (let j = 1; j < width; j += 1) {
        left = now[j]! + before[j - 1]! * likeness[j]! + before[j]! * leftOut + left * added[j]!;
        now[j] = left;
        if (left > most) most = left;
      }
      if (most < LEAST) {
        for (const row of rows) for (let j = 0; j < width; j += 1) row[j]! /= LEAST;
        ended /= LEAST;
        unit /= LEAST;
        scaledBy += Math.log(LEAST);
      }
    }
    return Math.log(rows[(to - from) % (LONGEST + 1)]![width - 1]! + ended) + scaledBy;
  }

  /** Adds what comes of whole spellings that end before `end`. */
  private addSpellings(codes: LetterCodes, from: number, end: number, now: Float64Array): void {
    let node = 0;
    for (let length = 1; length <= LONGEST && end - length >= from; length += 1) {
      node = ENDINGS[node * (LATIN_LETTERS + 1) + letterPlace(letterOf(codes[end - length]!))]!;
      if (node === 0) return;
      const id = ID_OF_NODE[node]!;
      if (id < 0) continue;
      const { ends, begins, shares } = this.places[id]!;
      const row = this.rows[(end - from - length) % (LONGEST + 1)]!;
      for (let at = 0; at < ends.length; at += 1) now[ends[at]!]! += row[begins[at]!]! * shares[at]!;
    }
  }

  private likenessOf(code: number): Float64Array {
    let row = this.likeness.get(code);
    if (row === undefined) {
      row = new Float64Array(this.width);
      for (let j = 1; j < this.width; j += 1) row[j] = likeness(code, this.written[j - 1]!);
      this.likeness.set(code, row);
    }
    return row;
  }
}

function placesIn(written: LetterCodes): Places[] {
  const found: Mutable[] = [];
  for (let end = 1; end <= written.length; end += 1)
    eachEnding(written, 0, end, (id, length) => {
      for (const [meant, share] of MEANT_BY[id]!) {
        const { ends, begins, shares } = (found[meant] ??= { ends: [], begins: [], shares: [] });
        ends.push(end);
        begins.push(end - length);
        shares.push(share);
      }
    });
  return WRITTEN_AS.map((_, meant) => {
    const all = found[meant];
    if (all === undefined) return NO_PLACES;
    return {
      ends: Uint8Array.from(all.ends),
      begins: Uint8Array.from(all.begins),
      shares: Float64Array.from(all.shares),
    };
  });
}

function likeness(code: number, other: number): number {
  if (code === other) return RIGHT;
  return isVowelCode(code) && isVowelCode(other) ? OTHER_VOWEL : OTHER_LETTER;
}
