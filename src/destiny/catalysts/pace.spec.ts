import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, type LastLook, type PacePoint, paceOf } from './pace.js';

const START = Date.UTC(2026, 0, 1, 20);

/** @param rows day, hour of the evening, progress, hours played so far */
function history(...rows: [number, number, number, number | null][]): PacePoint[] {
  return rows.map(([day, hour, progress, hours]) => ({
    atMs: START + day * DAY_MS + hour * HOUR_MS,
    progress,
    minutesPlayed: hours === null ? null : hours * 60,
  }));
}

const lookAt = (day: number, hours: number | null): LastLook => ({
  atMs: START + day * DAY_MS,
  minutesPlayed: hours === null ? null : hours * 60,
});

describe('pace', () => {
  it('is what was gained over all the time that went by, played or not', () => {
    const points = history([0, 0, 0, 100], [2, 0, 40, 103], [5, 0, 100, 108]);
    const pace = paceOf(points, lookAt(10, 110));
    expect(pace.perDay).toBeCloseTo(10, 9); // 100 in 10 days
    expect(pace.perHourPlayed).toBeCloseTo(10, 9); // 100 in 10 hours
    expect(pace.strides.map(({ days, hoursPlayed, gain }) => [days, hoursPlayed, gain])).toEqual([
      [2, 3, 40],
      [3, 5, 60],
    ]);
    expect(pace.daysSinceGain).toBe(5);
    expect(pace.hoursPlayedSinceGain).toBe(2);
  });

  it('draws the changes of one evening together, and takes the rate in use from within evenings', () => {
    const points = history([0, 0, 0, 0], [1, 0, 10, 4], [1, 0.5, 30, 4.5], [1, 1, 50, 5], [2, 0, 60, 9]);
    const pace = paceOf(points, lookAt(2, 9));
    expect(pace.strides.map(({ gain }) => gain)).toEqual([50, 10]);
    expect(pace.perActiveHour).toBeCloseTo(40, 9); // 40 in the hour from 4 to 5
  });

  it('does not run away with one wild evening', () => {
    const calm = history(
      ...[0, 1, 2, 3, 4, 5].map((day): [number, number, number, number] => [day, 0, day * 10, day]),
    );
    const wild = [...calm, ...history([6, 0, 550, 6])];
    const [before, after] = [paceOf(calm, lookAt(5, 5)), paceOf(wild, lookAt(6, 6))];
    expect(before.perDay).toBeCloseTo(10, 9);
    expect(after.perDay).toBeCloseTo(15, 9); // the 500 count as 40; plainly it would be 92
  });

  it('knows no rate without a gain, and none per hour without hours', () => {
    expect(paceOf([], lookAt(3, 3)).perDay).toBeNull();
    expect(paceOf(history([0, 0, 5, 0]), lookAt(3, 3))).toMatchObject({ perDay: null, perHourPlayed: null });
    const untimed = paceOf(history([0, 0, 0, null], [2, 0, 40, null]), lookAt(2, null));
    expect(untimed).toMatchObject({ perDay: 20, perHourPlayed: null, perActiveHour: null });
  });

  it('starts anew where Bungie took progress back, and where a deleted character took its minutes along', () => {
    const points = history([0, 0, 50, 10], [1, 0, 60, 12], [2, 0, 5, 13], [3, 0, 25, 3]);
    const { strides } = paceOf(points, lookAt(3, 3));
    expect(strides.map(({ gain, hoursPlayed }) => [gain, hoursPlayed])).toEqual([
      [10, 2],
      [20, 0],
    ]);
  });

  it('never is negative or infinite', () => {
    const point = fc.record({
      wait: fc.integer({ min: 0, max: 20 * 24 }),
      progress: fc.nat(2_000),
      minutes: fc.option(fc.nat(100_000)),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), fc.nat(100), (given, later) => {
        let atMs = START;
        const points = given.map(({ wait, progress, minutes }) => {
          atMs += wait * HOUR_MS;
          return { atMs, progress, minutesPlayed: minutes };
        });
        const pace = paceOf(points, { atMs: atMs + later * DAY_MS, minutesPlayed: 50_000 });
        for (const rate of [pace.perDay, pace.perHourPlayed, pace.perActiveHour])
          expect(rate === null || (rate > 0 && Number.isFinite(rate))).toBe(true);
        for (const stride of pace.strides) expect(stride.gain > 0 && stride.days >= 0).toBe(true);
      }),
    );
  });
});

describe('a stall', () => {
  const points = history([0, 0, 0, 100], [1, 0, 40, 103]);
  const moved = points[1]!.atMs;

  it.each([
    ['two weeks of play without progress', 15, 110, moved],
    ['a day less', 14, 110, null],
    ['two weeks without play', 15, 103.5, null],
    ['two weeks of which the play is not known', 15, null, null],
  ] as const)('%s', (_, day, hours, sinceMs) => {
    expect(paceOf(points, lookAt(day, hours)).stalledSinceMs).toBe(sinceMs);
  });
});
