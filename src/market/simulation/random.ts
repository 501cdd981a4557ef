// Simulated worlds must come out the same on every run, and a part of a world must not depend on which other parts are made.
// So there is no global generator: each stream of numbers is keyed, and the same key always gives the same stream.
//
// Algorithm: sfc32 ("small fast counting"), by Chris Doty-Humphrey, published with PractRand and in the public domain. 128 bits of state
// (three words and a counter), at least 2^32 numbers per stream, twelve rounds to mix the key in. It is fast and passes the usual
// statistical batteries; it is NOT for secrets. Normal deviates by Marsaglia's polar method (SIAM Review 6, 1964).

const MIXING_ROUNDS = 12;
const TWO_POW_MINUS_32 = 2 ** -32;

export class SeededRandom {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;
  /** The polar method makes normal deviates in pairs; this is the one not handed out yet, or NaN. */
  private spareNormal = Number.NaN;

  /** All four words are taken modulo 2^32. `counter` = 1 is the published way to seed with three words. */
  constructor(a: number, b: number, c: number, counter = 1) {
    this.rekey(a, b, c, counter);
  }

  /** Starts the stream of another key, as a new generator would, without making an object. */
  rekey(a: number, b: number, c: number, counter = 1): void {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.counter = counter | 0;
    this.spareNormal = Number.NaN;
    for (let round = 0; round < MIXING_ROUNDS; round += 1) this.uint32();
  }

  /** 0 to 2^32 - 1. */
  uint32(): number {
    const mixed = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + mixed) | 0;
    return mixed >>> 0;
  }

  /** At least 0, below 1, in steps of 2^-32. */
  uniform(): number {
    return this.uint32() * TWO_POW_MINUS_32;
  }

  /** Mean 0, standard deviation 1. */
  normal(): number {
    const spare = this.spareNormal;
    if (spare === spare) {
      this.spareNormal = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.spareNormal = y * factor;
        return x * factor;
      }
    }
  }
}
