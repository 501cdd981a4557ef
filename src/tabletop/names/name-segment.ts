import type { LetterCodes } from './letter-codes.js';
import { GRAM_COUNT, GramReader } from './name-grams.js';
import type { ComparedName } from './name-likeness.js';
import type { PhoneCodes } from './phones.js';

// Names side by side in plain arrays, with a list of names for each piece of one: a million of them take some 250 MB and no object.
// A segment never changes but that names in it die; what is new stands in another one.

/** Names are taken to pieces in portions of so many, between which others have their turn. */
const PORTION = 5_000;

/** A list that grows, for a number of things that is not known before. */
class Growing<Kind extends Uint8Array | Uint16Array | Uint32Array> {
  length = 0;

  constructor(
    private array: Kind,
    private readonly make: (length: number) => Kind,
  ) {}

  push(values: ArrayLike<number>): void {
    const end = this.length + values.length;
    if (end > this.array.length) {
      const larger = this.make(Math.max(end, 2 * this.array.length));
      larger.set(this.array);
      this.array = larger;
    }
    this.array.set(values, this.length);
    this.length = end;
  }

  taken(): Kind {
    return this.array.subarray(0, this.length) as Kind;
  }
}

export class NameSegmentBuilder {
  private readonly letters = new Growing(new Uint16Array(1_024), (length) => new Uint16Array(length));
  private readonly phones = new Growing(new Uint8Array(1_024), (length) => new Uint8Array(length));
  private readonly letterEnds = new Growing(new Uint32Array(64), (length) => new Uint32Array(length));
  private readonly phoneEnds = new Growing(new Uint32Array(64), (length) => new Uint32Array(length));
  private readonly things = new Growing(new Uint32Array(64), (length) => new Uint32Array(length));

  get count(): number {
    return this.things.length;
  }

  /** @param thing what is called so: a number of the caller's */
  add(name: ComparedName, thing: number): void {
    this.letters.push(name.letters);
    this.phones.push(name.phones);
    this.letterEnds.push([this.letters.length]);
    this.phoneEnds.push([this.phones.length]);
    this.things.push([thing]);
  }

  /** Yields between portions; returns the segment. */
  *build(weights: Float32Array): Generator<void, NameSegment> {
    const rows: NameRows = {
      letters: this.letters.taken(),
      phones: this.phones.taken(),
      letterEnds: this.letterEnds.taken(),
      phoneEnds: this.phoneEnds.taken(),
      things: this.things.taken(),
    };
    const { count } = this;
    const reader = new GramReader();
    const firsts = new Uint32Array(GRAM_COUNT + 1);
    const sums = new Float32Array(count);
    for (let name = 0; name < count; name += 1) {
      let sum = 0;
      for (const gram of gramsOf(rows, name, reader)) {
        firsts[gram + 1]! += 1;
        sum += weights[gram]!;
      }
      sums[name] = sum;
      if (name % PORTION === PORTION - 1) yield;
    }
    for (let gram = 0; gram < GRAM_COUNT; gram += 1) firsts[gram + 1]! += firsts[gram]!;
    const names = new Uint32Array(firsts[GRAM_COUNT]!);
    const next = firsts.slice();
    for (let name = 0; name < count; name += 1) {
      for (const gram of gramsOf(rows, name, reader)) {
        names[next[gram]!] = name;
        next[gram]! += 1;
      }
      if (name % PORTION === PORTION - 1) yield;
    }
    return new NameSegment(rows, weights, sums, firsts, names);
  }
}

interface NameRows {
  readonly letters: LetterCodes;
  readonly phones: PhoneCodes;
  readonly letterEnds: Uint32Array;
  readonly phoneEnds: Uint32Array;
  readonly things: Uint32Array;
}

function gramsOf(rows: NameRows, name: number, reader: GramReader): Int32Array {
  const { letters, phones, letterEnds, phoneEnds } = rows;
  const firstLetter = name === 0 ? 0 : letterEnds[name - 1]!;
  const firstPhone = name === 0 ? 0 : phoneEnds[name - 1]!;
  return reader.read(letters, firstLetter, letterEnds[name]!, phones, firstPhone, phoneEnds[name]!);
}

/** Names are counted in blocks of so many: what they share stays in the processor's nearest memory. */
const BLOCK = 8_192;

/** Of names that share something with a text, those that share enough. */
export interface Resembling {
  /** Resemblance from which on names are wanted; may rise with each one. */
  readonly least: number;
  add(name: number, resemblance: number): void;
}

export class NameSegment {
  readonly count: number;

  constructor(
    private readonly rows: NameRows,
    private readonly weights: Float32Array,
    private readonly sums: Float32Array,
    private readonly firsts: Uint32Array,
    private readonly names: Uint32Array,
  ) {
    this.count = rows.things.length;
  }

  thingOf(name: number): number {
    return this.rows.things[name]!;
  }

  lettersOf(name: number): LetterCodes {
    return this.rows.letters.subarray(
      name === 0 ? 0 : this.rows.letterEnds[name - 1]!,
      this.rows.letterEnds[name],
    );
  }

  /** @param mayBeWritten by ear @param least see `NameLikeness.ofPacked` @returns what the call makes of a name's letters and phones */
  compare(
    name: number,
    likeness: { ofPacked(...name: PackedName): number },
    mayBeWritten: boolean,
    least: number,
  ): number {
    const { letters, phones, letterEnds, phoneEnds } = this.rows;
    return likeness.ofPacked(
      letters,
      name === 0 ? 0 : letterEnds[name - 1]!,
      letterEnds[name]!,
      phones,
      name === 0 ? 0 : phoneEnds[name - 1]!,
      phoneEnds[name]!,
      mayBeWritten,
      least,
    );
  }

  /**
   * How much of its pieces each name shares with a text, 0 to 1 (Dice's coefficient, by weight): names that share nothing are left out.
   * @param grams of the text @param sum of their weights
   */
  resembling(grams: Int32Array, sum: number, wanted: Resembling): void {
    const { names, firsts, weights, sums, count } = this;
    const shared = new Float32Array(Math.min(BLOCK, count));
    const next = Uint32Array.from(grams, (gram) => firsts[gram]!);
    for (let first = 0; first < count; first += BLOCK) {
      const end = Math.min(count, first + BLOCK);
      for (let of = 0; of < grams.length; of += 1) {
        const weight = weights[grams[of]!]!;
        const last = firsts[grams[of]! + 1]!;
        let at = next[of]!;
        for (; at < last; at += 1) {
          const name = names[at]!;
          if (name >= end) break;
          shared[name - first]! += weight;
        }
        next[of] = at;
      }
      let { least } = wanted;
      for (let name = first; name < end; name += 1) {
        const weight = 2 * shared[name - first]!;
        if (weight === 0) continue;
        shared[name - first] = 0;
        const whole = sum + sums[name]!;
        if (weight < least * whole) continue;
        wanted.add(name, weight / whole);
        ({ least } = wanted);
      }
    }
  }
}

type PackedName = [
  letters: LetterCodes,
  firstLetter: number,
  endLetter: number,
  phones: PhoneCodes,
  firstPhone: number,
  endPhone: number,
  mayBeWritten: boolean,
  least: number,
];
