import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeGapCurve, encodeGapCurve, type GapCurve } from './gap-curve-codec.js';
import { evenly, rivalGaps } from './rival-gaps.js';

/** Somebody at an even pace, standing still for a while on the way. */
function walkOf(paceSPerM: number, lengthM: number, stopAtM: number, stopS: number): GapCurve {
  const alongM: number[] = [];
  const timeS: number[] = [];
  for (let m = 0; m <= lengthM; m += 5) {
    alongM.push(m);
    timeS.push(m * paceSPerM + (m > stopAtM ? stopS : 0));
    if (m === stopAtM) {
      alongM.push(m);
      timeS.push(m * paceSPerM + stopS);
    }
  }
  const zeros = new Float64Array(alongM.length);
  return { timeS: Float64Array.from(timeS), alongM: Float64Array.from(alongM), gapS: zeros, sdS: zeros };
}
const walk = fc
  .tuple(
    fc.double({ min: 0.15, max: 0.6, noNaN: true }),
    fc.integer({ min: 20, max: 200 }),
    fc.integer({ min: 0, max: 30 }),
    fc.double({ min: 0, max: 60, noNaN: true }),
  )
  .map(([pace, fives, stop, stopS]) => walkOf(pace, fives * 5, stop * 5, stopS));

describe('the gap between two runners of one course', () => {
  it('to oneself is never behind, and none where one has not stood', () => {
    fc.assert(
      fc.property(walk, (mine) => {
        const { gapS } = rivalGaps(mine, mine, 5_000);
        // Standing, one falls behind one's own arrival at that place.
        for (const gap of gapS) expect(gap).toBeGreaterThanOrEqual(-1e-9);
        expect(gapS.filter((gap) => gap > 1e-9).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('between even paces grows with the way, and is the other way round for the other', () => {
    const [slow, fast] = [walkOf(0.4, 1_000, 2_000, 0), walkOf(0.3, 800, 2_000, 0)];
    const mine = rivalGaps(slow, fast, 5_000);
    mine.distanceM.forEach((metres, index) => expect(mine.gapS[index]).toBeCloseTo(metres * 0.1, 6));
    expect(mine.distanceM.at(-1)).toBe(800); // no farther than both have come
    const theirs = rivalGaps(fast, slow, 5_000);
    theirs.distanceM.forEach((metres, index) => expect(theirs.gapS[index]).toBeCloseTo(-metres * 0.1, 6));
  });

  it('is thinned evenly, both ends among what is kept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 100 }), (length, most) => {
        const kept = evenly(length, most);
        expect(kept.length).toBe(Math.min(length, most));
        expect([kept[0], kept.at(-1)]).toEqual([0, length - 1]);
        expect(new Set(kept).size).toBe(kept.length);
      }),
    );
    expect(evenly(0, 5)).toEqual([]);
  });
});

describe('a stored gap curve', () => {
  const column = (length: number) =>
    fc.array(fc.double({ min: -5_000, max: 50_000, noNaN: true }), { minLength: length, maxLength: length });
  it('comes back to the millisecond and the centimetre', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 30 }).chain((n) => fc.tuple(column(n), column(n), column(n), column(n))),
        ([timeS, alongM, gapS, sdS]) => {
          const curve = {
            timeS: Float64Array.from(timeS),
            alongM: Float64Array.from(alongM),
            gapS: Float64Array.from(gapS),
            sdS: Float64Array.from(sdS),
          };
          const back = decodeGapCurve(encodeGapCurve(curve));
          timeS.forEach((value, index) => expect(back.timeS[index]).toBeCloseTo(value, 2));
          alongM.forEach((value, index) =>
            expect(Math.abs(back.alongM[index]! - value)).toBeLessThan(0.0051),
          );
          gapS.forEach((value, index) => expect(back.gapS[index]).toBeCloseTo(value, 2));
          expect(back.sdS.length).toBe(sdS.length);
        },
      ),
    );
  });
});
