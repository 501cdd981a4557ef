import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SeededRandom } from './random.js';

const word = fc.integer({ min: 0, max: 0xffffffff });

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('SeededRandom', () => {
  it('gives the published numbers of sfc32', () => {
    const zero = new SeededRandom(0, 0, 0);
    expect(draw(8, () => zero.uint32())).toEqual([
      0x514676c3, 0x08a809df, 0x30349d2b, 0xfb52c520, 0x38802be1, 0x948279e6, 0xec4bf1d9, 0x7cb0a909,
    ]);
    const other = new SeededRandom(3, 2, 1);
    expect(draw(4, () => other.uint32())).toEqual([0xd3a380e0, 0xcde2feea, 0x9680253d, 0x69be6dee]);
  });

  it('starts a key afresh, whatever was drawn before', () => {
    fc.assert(
      fc.property(word, word, word, word, fc.nat(7), (a, b, c, counter, drawn) => {
        const used = new SeededRandom(1, 2, 3);
        for (let i = 0; i < drawn; i += 1) used.normal();
        used.rekey(a, b, c, counter);
        const fresh = new SeededRandom(a, b, c, counter);
        expect(draw(5, () => used.normal())).toEqual(draw(5, () => fresh.normal()));
      }),
    );
  });

  it('gives unrelated streams to neighbouring keys', () => {
    // Counts equal bits of first draws under keys that differ in one word by one: half of 32 on average.
    for (const wordIndex of [0, 1, 2, 3]) {
      const equalBits: number[] = [];
      for (let key = 0; key < 4_000; key += 1) {
        const words: [number, number, number, number] = [7, key, 3, key % 90];
        const left = new SeededRandom(...words).uint32();
        words[wordIndex] = (words[wordIndex] ?? 0) + 1;
        const same = ~(left ^ new SeededRandom(...words).uint32());
        equalBits.push((same >>> 0).toString(2).replaceAll('0', '').length);
      }
      expect(Math.abs(mean(equalBits) - 16)).toBeLessThan(0.25);
    }
  });

  it('is uniform', () => {
    const random = new SeededRandom(42, 0, 0);
    const values = draw(200_000, () => random.uniform());
    expect(values.filter((value) => value < 0 || value >= 1)).toEqual([]);
    const bins = new Array<number>(20).fill(0);
    for (const value of values) {
      const bin = Math.floor(value * 20);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquare = bins.reduce((sum, seen) => sum + (seen - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, p = 0.001
  });

  it('has normal deviates with the right moments and tails', () => {
    const random = new SeededRandom(43, 0, 0);
    const values = draw(200_000, () => random.normal());
    expect(Math.abs(mean(values))).toBeLessThan(0.01);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(values.map((value) => value ** 3)))).toBeLessThan(0.03);
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.003);
  });
});
