import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pickPoints } from './level-of-detail.js';

const cases = fc.integer({ min: 0, max: 300 }).chain((length) =>
  fc.record({
    times: fc.constant(Float64Array.from({ length }, (_v, index) => index * 1_000)),
    series: fc.array(
      fc
        .array(
          fc.oneof(
            { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
            fc.constant(Number.NaN),
          ),
          {
            minLength: length,
            maxLength: length,
          },
        )
        .map((values) => Float64Array.from(values)),
      { maxLength: 4 },
    ),
    most: fc.integer({ min: 12, max: 100 }),
    cut: fc.tuple(fc.nat({ max: length }), fc.nat({ max: length })),
  }),
);

describe('points that stay', () => {
  it('are no more than asked, in order, with both ends and every low and high', () => {
    fc.assert(
      fc.property(cases, ({ times, series, most, cut }) => {
        const [from, end] = [Math.min(...cut), Math.max(...cut)];
        const picked = pickPoints(times, series, from, end, most);
        expect(picked.length).toBe(new Set(picked).size);
        expect(picked).toEqual([...picked].sort((a, b) => a - b));
        expect(picked.every((index) => index >= from && index < end)).toBe(true);
        if (end - from <= most) {
          expect(picked.length).toBe(end - from);
          return;
        }
        expect(picked.length).toBeLessThanOrEqual(most);
        expect([picked[0], picked.at(-1)]).toEqual([from, end - 1]);
        for (const column of series) {
          const told = [...column.subarray(from, end)].filter((value) => !Number.isNaN(value));
          if (told.length === 0) continue;
          const kept = picked.map((index) => column[index]!).filter((value) => !Number.isNaN(value));
          expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...told), Math.max(...told)]);
        }
      }),
    );
  });

  it('follow the shape: a spike of one second in an hour stays, wherever it is', () => {
    const times = Float64Array.from({ length: 3_600 }, (_v, index) => index * 1_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_598 }), (at) => {
        const wave = Float64Array.from(times, (_time, index) => Math.sin(index / 200));
        const spike = Float64Array.from(times, (_time, index) => (index === at ? 9 : 0));
        expect(pickPoints(times, [wave, spike], 0, 3_600, 100)).toContain(at);
      }),
    );
  });
});
