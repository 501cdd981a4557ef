import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ascendingTimes } from './device-clock.js';

const AT = 1_764_000_000_000;
const HOUR = 3_600_000;

/** Times of a run with steps of about a second, and a tunnel now and then. */
const steps = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 500, max: 3_000 }) },
    fc.integer({ min: 60_001, max: HOUR }),
  ),
  { minLength: 2, maxLength: 120 },
);
const runs = steps.map((list) => {
  let at = AT;
  return list.map((step) => (at += step));
});
const times = (told: readonly number[]): number[] => [...ascendingTimes(Float64Array.from(told)).atMs];
const used = (told: readonly number[]): number[] => times(told).filter((time) => !Number.isNaN(time));

describe('times by a device', () => {
  it('that ascend are what they are', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { atMs, isShifted } = ascendingTimes(Float64Array.from(run));
        expect([...atMs]).toEqual(run);
        expect(isShifted).not.toContain(true);
      }),
    );
  });

  it('ascend whatever the clock says', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: AT, max: AT + 3 * HOUR }), { maxLength: 100 }), (told) => {
        const made = used(told);
        made.forEach((time, index) => {
          if (index > 0) expect(time).toBeGreaterThan(made[index - 1]!);
        });
      }),
    );
  });

  it('leave out what is given out twice or late, and nothing else', () => {
    fc.assert(
      fc.property(
        runs,
        fc.nat(),
        fc.integer({ min: 0, max: 2 * HOUR }),
        fc.integer({ min: 1, max: 5 }),
        (run, at, age, count) => {
          const from = at % (run.length - 1); // something follows
          const stale = Array.from({ length: count }, (_v, index) => run[from]! - age - count + index + 1);
          expect(times(run.toSpliced(from + 1, 0, ...stale))).toEqual(
            run.toSpliced(from + 1, 0, ...stale.map(() => Number.NaN)),
          );
        },
      ),
    );
  });

  const even = Array.from({ length: 300 }, (_v, index) => AT + index * 1_000);

  it('go on in their rhythm where the clock is set back for good', () => {
    const set = even.map((time, index) => (index < 100 ? time : time - HOUR));
    expect(times(set)).toEqual(even);
    // And put right again.
    const again = even.map((time, index) => (index < 100 || index >= 200 ? time : time - HOUR));
    expect(times(again)).toEqual(even);
  });

  it('are brought back where the clock was ahead for a while', () => {
    const ahead = even.map((time, index) => (index < 100 || index >= 160 ? time : time + HOUR));
    expect(times(ahead)).toEqual(even);
  });

  it('begin with the run, not with a fix that is ahead of it', () => {
    expect(times([AT + HOUR, ...even])).toEqual([Number.NaN, ...even]);
  });

  it('believe a phone that was silent', () => {
    const tunnel = even.map((time, index) => (index < 100 ? time : time + HOUR));
    expect(times(tunnel)).toEqual(tunnel);
  });
});
