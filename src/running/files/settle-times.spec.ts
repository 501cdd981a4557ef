import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyPoint, PointColumns } from './point-columns.js';
import { settleTimes } from './settle-times.js';

/** Points at given seconds (null = without a time), each at a place of its own unless told. */
function pointsAt(
  seconds: readonly (number | null)[],
  latDeg: (at: number) => number = (at) => at * 1e-4,
): PointColumns {
  const points = new PointColumns();
  for (const [at, second] of seconds.entries())
    points.push({
      ...emptyPoint(),
      atMs: second === null ? Number.NaN : second * 1_000,
      latDeg: latDeg(at),
      lonDeg: 0,
    });
  return points;
}

function settled(
  seconds: readonly (number | null)[],
  latDeg?: (at: number) => number,
): { left: number[]; kinds: string[] } {
  const points = pointsAt(seconds, latDeg);
  const kinds = settleTimes(points, []).map(({ kind, pointCount }) => `${kind} ${pointCount}`);
  return { left: [...points.atMs.subarray(0, points.length)].map((ms) => ms / 1_000), kinds };
}

describe('settling times', () => {
  it('leaves what is in order as it is, sparse or dense', () => {
    expect(settled([0, 1, 2, 500, 80_000])).toEqual({ left: [0, 1, 2, 500, 80_000], kinds: [] });
  });

  it.each<[string, (number | null)[], number[], string[]]>([
    ['a moment twice', [0, 1, 1, 2], [0, 1, 2], ['duplicate 1']],
    ['points that were written late', [0, 5, 3, 4, 10, 8, 11], [0, 5, 10, 11], ['time-backwards 3']],
    ['points without a time', [0, null, 1, null, null, 2], [0, 1, 2], ['no-time 3']],
    ['one point of another day', [0, 1, 90_000, 2, 3, 4], [0, 1, 2, 3, 4], ['clock 1']],
    [
      'one point of yesterday',
      [90_000, 90_001, 1, 90_002, 90_003],
      [90_000, 90_001, 90_002, 90_003],
      ['time-backwards 1'],
    ],
    ['a clock that was wrong for a while', [1e6, 1e6 + 1, 0, 1, 2, 3, 4], [0, 1, 2, 3, 4], ['clock 2']],
  ])('takes out %s', (_what, seconds, left, kinds) => {
    expect(settled(seconds)).toEqual({ left, kinds });
  });

  it('takes out what lies days before or after nearly all points', () => {
    const run = Array.from({ length: 400 }, (_, at) => at + 2_000_000);
    expect(settled([0, 1, ...run, 9_000_000])).toEqual({ left: run, kinds: ['clock 2', 'clock 1'] });
  });

  it('knows late points by their place, however late they are', () => {
    // A fix after a stop of five minutes, then what the heart did during the stop, all at the place of that fix.
    const seconds = [0, 1, 300, 20, 60, 150, 299, 301, 302];
    expect(settled(seconds, (at) => (at >= 2 && at <= 6 ? 5e-4 : at * 1e-4)).left).toEqual([
      0, 1, 300, 301, 302,
    ]);
  });

  it('keeps of points of one moment what the first one lacks', () => {
    const points = new PointColumns();
    points.push({ ...emptyPoint(), atMs: 0, latDeg: 1, lonDeg: 1 });
    points.push({ ...emptyPoint(), atMs: 0, heartRateBpm: 120, latDeg: 2, lonDeg: 2 });
    points.push({ ...emptyPoint(), atMs: 9, latDeg: 2, lonDeg: 2 });
    settleTimes(points, []);
    expect([points.length, points.latDeg[0], points.column('heartRateBpm')![0]]).toEqual([2, 1, 120]);
  });

  it('moves segments to the points that stay', () => {
    const points = pointsAt([0, 5, 3, 4, 10, 9, 11]);
    const starts = [2, 4, 5];
    settleTimes(points, starts);
    // The segment of points 2 and 3 lost all; its border falls on the next one that stays, as do those at 4 and 5.
    expect(starts).toEqual([2, 3]);
  });

  it('ends in times that ascend, keeps every point of a track in order, and accounts for each one that goes', () => {
    const second = fc.oneof(
      fc.integer({ min: 0, max: 50 }),
      fc.integer({ min: 0, max: 4_000 }),
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(second, { maxLength: 80 }), (seconds) => {
        const points = pointsAt(seconds);
        const corrections = settleTimes(points, []);
        for (let at = 1; at < points.length; at += 1)
          expect(points.atMs[at]!).toBeGreaterThan(points.atMs[at - 1]!);
        const gone = corrections.reduce((sum, { pointCount }) => sum + pointCount, 0);
        expect(gone).toBe(seconds.length - points.length);
        if (seconds.some((one) => one !== null)) expect(points.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});
