import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gapToRival, LiveRival } from './live-rival.js';

type Step = readonly [metres: number, seconds: number];
/** Told about once a second; some stand for a while. */
const steps = fc.array(
  fc.tuple(
    fc.oneof({ weight: 4, arbitrary: fc.double({ min: 0.5, max: 8, noNaN: true }) }, fc.constant(0)),
    fc.double({ min: 0.5, max: 3, noNaN: true }),
  ),
  { minLength: 1, maxLength: 80 },
);

function wayOf(all: readonly Step[], isOver = false): LiveRival {
  const way = new LiveRival();
  let [alongM, clockS] = [0, 0];
  all.forEach(([metres, seconds], index) => {
    alongM += metres;
    clockS += seconds;
    if (isOver && index === all.length - 1) way.finish(clockS * 1_000, alongM);
    else way.advance(clockS * 1_000, alongM);
  });
  return way;
}
const even = (mps: number, seconds: number): LiveRival =>
  wayOf(Array.from({ length: seconds }, () => [mps, 1]));

describe('the gap to a rival', () => {
  it('is the other way round for the other, and its metres say the same as its seconds', () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const [mine, theirs] = [wayOf(a), wayOf(b)];
        const [one, other] = [gapToRival(mine, theirs), gapToRival(theirs, mine)];
        expect(one === null).toBe(other === null);
        if (one === null) return;
        expect(other!.gapM).toBeCloseTo(-one.gapM, 9);
        if (one.gapS === null) expect(other!.gapS).toBeNull();
        else {
          expect(other!.gapS).toBeCloseTo(-one.gapS, 9);
          expect(one.gapS * one.gapM).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('of even paces is what the way makes of their difference', () => {
    const gap = gapToRival(even(3, 100), even(4, 100))!;
    expect(gap.gapM).toBeCloseTo(100, 1);
    expect(gap.gapS).toBeCloseTo(100 - 300 / 4, 1); // they were there after 75 s
  });

  it('is that of a moment at which both are known: whoever is heard of late has not fallen behind', () => {
    // At 4 m/s against 3 m/s; the last word of them is 70 s old.
    const gap = gapToRival(even(3, 100), even(4, 30))!;
    expect(gap.gapM).toBeCloseTo(30, 1);
    expect(gap.gapS).toBeCloseTo(30 - 90 / 4, 1);
  });

  it('grows while the one behind stands', () => {
    const run: Step[] = Array.from({ length: 100 }, () => [3, 1]);
    const stood = (seconds: number): LiveRival =>
      wayOf([...run, ...Array.from({ length: seconds }, (): Step => [0, 1])]);
    expect(gapToRival(stood(60), even(4, 160))!.gapS).toBeCloseTo(160 - 300 / 4, 1);
    expect(gapToRival(even(4, 160), stood(60))!.gapS).toBeCloseTo(300 / 4 - 160, 1);
  });

  it('to whoever has finished goes on with the own clock, and ends as the difference of the times', () => {
    const finisher = wayOf(
      Array.from({ length: 100 }, (): Step => [4, 1]),
      true,
    );
    const gap = gapToRival(even(3, 120), finisher)!;
    expect(gap.gapM).toBeCloseTo(40, 1);
    expect(gap.gapS).toBeCloseTo(120 - 360 / 4, 1);
    const second = wayOf(
      Array.from({ length: 125 }, (): Step => [3.2, 1]),
      true,
    );
    expect(gapToRival(second, finisher)).toEqual({ gapM: 0, gapS: 25 });
    expect(gapToRival(finisher, second)).toEqual({ gapM: 0, gapS: -25 });
  });

  it('counts a finish that was crossed before somebody was last seen short of it', () => {
    const way = even(4, 99);
    way.advance(108_000, 396.5); // stood behind the line; the receiver has it short of it
    way.finish(100_000, 400);
    expect([way.newestMs, way.alongAt(Infinity), way.clockAt(400)]).toEqual([100_000, 400, 100_000]);
    way.advance(200_000, 500);
    expect(way.alongAt(Infinity)).toBe(400);
  });

  it('is not told of whoever has not started, nor of a place where nobody saw them', () => {
    expect(gapToRival(new LiveRival(), even(3, 1))).toBeNull();
    expect(new LiveRival().clockAt(5)).toBeNull();
    const heardLate = new LiveRival();
    heardLate.advance(150_000, 500);
    heardLate.advance(160_000, 540);
    const near = gapToRival(even(3.3, 160), heardLate)!; // at 528 m, where they were after 157 s
    expect([near.gapM, near.gapS]).toEqual([expect.closeTo(12, 1), expect.closeTo(3, 1)]);
    expect(gapToRival(even(2, 160), heardLate)).toMatchObject({ gapS: null });
    expect(gapToRival(even(3, 100), heardLate)).toBeNull();
  });
});

describe('the way of a rival', () => {
  it('is told whatever order positions come in, and none is moved back', () => {
    const late = fc.array(
      fc.tuple(fc.double({ min: 0, max: 300, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    );
    fc.assert(
      fc.property(steps, late, (all, others) => {
        const way = wayOf(all);
        const { newestMs } = way;
        const alongM = way.alongAt(newestMs)!;
        for (const [metres, share] of others) way.advance(newestMs * share, metres);
        expect([way.newestMs, way.alongAt(newestMs)]).toEqual([newestMs, alongM]);
      }),
    );
  });

  it('is as exact as what was told of it, however much of that is kept', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const way = wayOf(all);
        let [alongM, clockMs] = [0, 0];
        for (const [metres, seconds] of all) {
          alongM += metres;
          clockMs += seconds * 1_000;
          // Between kept passings lie at most five seconds and what is run in one more.
          const told = way.alongAt(Math.round(clockMs / 10) * 10);
          if (told !== null) expect(Math.abs(told - alongM)).toBeLessThan(13);
        }
        expect(way.alongAt(way.newestMs)).toBeCloseTo(alongM, 0);
      }),
    );
  });
});
