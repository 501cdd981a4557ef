import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gapToRival, RivalTrail } from './rival-trail.js';

const steps = fc.array(
  fc.tuple(fc.double({ min: 0.5, max: 8, noNaN: true }), fc.double({ min: 0.5, max: 3, noNaN: true })),
  { minLength: 1, maxLength: 60 },
);

function trailOf(all: [metres: number, seconds: number][]): RivalTrail {
  const trail = new RivalTrail();
  let [alongM, clockS] = [0, 0];
  for (const [metres, seconds] of all) {
    alongM += metres;
    clockS += seconds;
    trail.push(alongM, clockS);
  }
  return trail;
}

describe('the gap to a rival', () => {
  it('is the other way round for the other', () => {
    fc.assert(
      fc.property(steps, steps, (a, b) => {
        const [mine, theirs] = [trailOf(a), trailOf(b)];
        const [one, other] = [gapToRival(mine, theirs)!, gapToRival(theirs, mine)!];
        expect(other.gapM).toBeCloseTo(-one.gapM, 9);
        if (one.gapS === null) expect(other.gapS).toBeNull();
        else expect(other.gapS).toBeCloseTo(-one.gapS, 9);
      }),
    );
  });

  it('of even paces is what the way makes of their difference', () => {
    const even = (mps: number, seconds: number): RivalTrail =>
      trailOf(Array.from({ length: seconds }, () => [mps, 1]));
    const gap = gapToRival(even(3, 100), even(4, 100))!;
    expect(gap.gapM).toBeCloseTo(100, 9);
    expect(gap.gapS).toBeCloseTo(100 - 300 / 4, 9); // they were there after 75 s
  });

  it('is told whatever order positions come in, and none is moved back', () => {
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.tuple(fc.double({ min: 0, max: 300 }), fc.double({ min: 0, max: 100 }))),
        (all, late) => {
          const trail = trailOf(all);
          const { last } = trail;
          for (const [alongM, clockS] of late)
            if (alongM <= last!.alongM || clockS <= last!.clockS) trail.push(alongM, clockS);
          expect(trail.last).toEqual(last);
          const clock = trail.clockAt(last!.alongM);
          expect(clock).toBeCloseTo(last!.clockS, 9);
        },
      ),
    );
    expect(gapToRival(new RivalTrail(), trailOf([[3, 1]]))).toBeNull();
    expect(new RivalTrail().clockAt(5)).toBeNull();
  });
});
