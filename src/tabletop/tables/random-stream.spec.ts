import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fnv1a64, RandomStream, splitMix64 } from './random-stream.js';

describe('the published algorithms', () => {
  it('xoshiro128** 1.1 gives what its reference gives from the state 1, 2, 3, 4', () => {
    const stream = new RandomStream([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, () => stream.next())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('SplitMix64 gives what its reference gives from 1234567', () => {
    expect(splitMix64(1_234_567n, 5)).toEqual([
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ]);
  });

  it('FNV-1a of 64 bits has the values of its authors', () => {
    expect(fnv1a64('')).toBe(0xcbf29ce484222325n);
    expect(fnv1a64('a')).toBe(0xaf63dc4c8601ec8cn);
    expect(fnv1a64('foobar')).toBe(0x85944171f73967e8n);
  });
});

describe('a stream', () => {
  it('is the same for the same seed, and for the same seed only', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, other) => {
        const [one, two, three] = [seed, seed, other].map((each) => {
          const stream = RandomStream.ofSeed(each);
          return Array.from({ length: 4 }, () => stream.next()).join(' ');
        });
        expect(one).toBe(two);
        expect(one === three).toBe(seed === other);
      }),
    );
  });

  it('gives the same numbers for ever', () => {
    const stream = RandomStream.ofSeed('guildhall');
    expect(Array.from({ length: 6 }, () => stream.next())).toEqual(GOLDEN);
    expect(Array.from({ length: 8 }, () => stream.between(1, 20))).toEqual(GOLDEN_D20);
  });

  it('is as random from one seed to the next as within one', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (let seed = 0; seed < 10_000; seed += 1) counts[RandomStream.ofSeed(`seed ${seed}`).below(10)]! += 1;
    // Chi-square of nine degrees of freedom: 33.7 is passed by chance once in ten thousand.
    expect(counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)).toBeLessThan(33.7);
  });

  it('forks by label, not by place', () => {
    const [one, two] = [RandomStream.ofSeed('s'), RandomStream.ofSeed('s')];
    one.next();
    expect(one.fork('x').next()).toBe(two.fork('x').next());
    expect(one.fork('x').next()).not.toBe(two.fork('y').next());
  });

  it('stays within bounds, and each number of a range is as likely as the next', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 0x1_0000_0000 }), (seed, count) => {
        const number = RandomStream.ofSeed(seed).below(count);
        expect(number).toBeGreaterThanOrEqual(0);
        expect(number).toBeLessThan(count);
      }),
    );
    // A count just above half of 2^32: without throwing the incomplete round away, low numbers would come twice as often.
    const stream = RandomStream.ofSeed('bias');
    const count = 3_000_000_000;
    const low = Array.from({ length: 20_000 }, () => stream.below(count)).filter((n) => n < count / 2).length;
    expect(Math.abs(low - 10_000)).toBeLessThan(5 * Math.sqrt(5_000));
  });

  it('draws by weight, never what weighs nothing; samples nothing twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }), (seed, weights) => {
        fc.pre(weights.some((weight) => weight > 0));
        const stream = RandomStream.ofSeed(seed);
        for (let draw = 0; draw < 20; draw += 1) expect(weights[stream.weighted(weights)]).toBeGreaterThan(0);
        const places = [...weights.keys()];
        const sample = stream.sample(places, 5);
        expect(new Set(sample).size).toBe(Math.min(5, places.length));
      }),
    );
    expect(() => RandomStream.ofSeed('').weighted([])).toThrow(RangeError);
  });
});

// Worked out by another program (Python) from the published algorithms.
const GOLDEN = [4122016154, 1877334428, 2827090319, 3005492985, 3168103860, 1611136067];
const GOLDEN_D20 = [2, 8, 2, 20, 19, 16, 4, 15];
