// One stream of random numbers per seed, the same for ever and on every machine: what a master rolled once can be rolled again and checked.
//
// The numbers are xoshiro128** 1.1 (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c), whose state is filled as its authors
// advise, by SplitMix64 (https://prng.di.unimi.it/splitmix64.c), from the FNV-1a hash (64 bits) of the seed's UTF-8. All three are tested
// against their published values. Nothing here may change without a new ENGINE_VERSION: golden tests of tables and generators hold it.
// Not for secrets: whoever knows some numbers can work out the rest.

const MASK_64 = 0xffff_ffff_ffff_ffffn;
const FNV_OFFSET = 0xcbf2_9ce4_8422_2325n;
const FNV_PRIME = 0x100_0000_01b3n;
const TWO_32 = 0x1_0000_0000;

/** What rolled and in which form; stands in every result, since another version may answer the same seed otherwise. */
export const ENGINE_VERSION = 1;

/** FNV-1a over the UTF-8 of a text, 64 bits. */
export function fnv1a64(text: string): bigint {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK_64;
  return hash;
}

/** The first numbers of SplitMix64 from that state. */
export function splitMix64(state: bigint, count: number): bigint[] {
  const numbers: bigint[] = [];
  let at = state & MASK_64;
  for (let index = 0; index < count; index += 1) {
    at = (at + 0x9e37_79b9_7f4a_7c15n) & MASK_64;
    let mixed = at;
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK_64;
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK_64;
    numbers.push(mixed ^ (mixed >> 31n));
  }
  return numbers;
}

export type StreamState = readonly [number, number, number, number];

export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param name of the seed that it came from, for {@link fork} */
  constructor(
    [a, b, c, d]: StreamState,
    private readonly name = '',
  ) {
    this.a = a >>> 0;
    this.b = b >>> 0;
    this.c = c >>> 0;
    this.d = d >>> 0;
  }

  static ofSeed(seed: string): RandomStream {
    const [low, high] = splitMix64(fnv1a64(seed), 2) as [bigint, bigint];
    const words = [low, low >> 32n, high, high >> 32n].map((word) => Number(word & 0xffff_ffffn));
    return new RandomStream(words as unknown as StreamState, seed);
  }

  /** A stream of its own for a part: what is rolled here neither moves it nor is moved by it. */
  fork(label: string): RandomStream {
    return RandomStream.ofSeed(`${this.name}/${label}`);
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** 0 to `count` - 1, each as likely as the next: numbers of the last, incomplete round are thrown away. @param count 1 to 2^32 */
  below(count: number): number {
    const limit = TWO_32 - (TWO_32 % count);
    let number = this.next();
    while (number >= limit) number = this.next();
    return number % count;
  }

  /** Both ends are included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** @param choices one at least */
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** @param weights whole numbers from 0, one above 0 at least, 2^32 together at most. @returns the place of the one that was drawn */
  weighted(weights: readonly number[]): number {
    let rest = this.below(weights.reduce((sum, weight) => sum + weight, 0));
    for (const [index, weight] of weights.entries()) {
      if (rest < weight) return index;
      rest -= weight;
    }
    throw new RangeError('weights without a sum');
  }

  /** Some of the choices, none twice, in the order drawn. @returns all of them, mixed, where there are fewer */
  sample<T>(choices: readonly T[], count: number): T[] {
    const rest = [...choices];
    const drawn: T[] = [];
    while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(this.below(rest.length), 1));
    return drawn;
  }
}
