import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../market/simulation/random.js';
import {
  type GeneratedRun,
  hillyPace,
  LINES,
  noiseOf,
  reversed,
  runAlong,
  withNoise,
} from '../../../test/factories/generated-tracks.js';
import { gpxData } from '../../../test/support/gpx-data.js';
import { type GhostCurve, ghostCurveOf, lengthOf } from '../ghosts/ghost-curve.js';
import { constantPaceCurve } from '../ghosts/goal-curve.js';
import { officialResult } from './official-result.js';

const random = (seed: number): SeededRandom => new SeededRandom(seed, 8, 3);
const ELAPSED = { clock: 'elapsed' } as const;
const curveOf = ({ track, pauses }: GeneratedRun): GhostCurve => ghostCurveOf(track, pauses)!;
const NAMES = Object.keys(LINES) as (keyof typeof LINES)[];
const data = gpxData();

describe('the official result', () => {
  it.each(NAMES)('of a run against itself is level to a third of a second: %s', (name) => {
    const run = runAlong(LINES[name](random(1)), { pace: hillyPace(random(2), 3.3), untilM: 1_500 });
    const result = officialResult(run.track, [], curveOf(run), ELAPSED);
    expect(Math.abs(result.timeDifferenceS!)).toBeLessThan(0.35);
    expect(result).toMatchObject({ completionRatio: 1, isTooCloseToCall: true, leftRoute: [] });
  });

  it.each(NAMES)('is off by what its error bar says: %s', (name) => {
    const hills = hillyPace(random(3), 3.3);
    const line = LINES[name](random(4));
    const [ghost, run] = [
      runAlong(line, { pace: hills }),
      runAlong(line, { pace: (m, t) => 1.04 * hills(m, t) }),
    ];
    const truthS = (run.track.tMs.at(-1)! - ghost.track.tMs.at(-1)!) / 1000;
    let within = 0;
    for (let seed = 0; seed < 4; seed += 1) {
      const noisy = withNoise(run.track, noiseOf(3, random(20 + seed)), random(30 + seed));
      const { status, timeDifferenceS, sdS } = officialResult(noisy, [], curveOf(ghost), ELAPSED);
      expect(status).toBe('won');
      if (Math.abs(timeDifferenceS! - truthS) < 2.5 * sdS! + 0.5) within += 1;
    }
    expect(within).toBeGreaterThanOrEqual(3);
  });

  it('has splits that add up, a gap curve to replay, and its extremes', () => {
    const line = LINES.road(random(5));
    const [ghost, run] = [
      runAlong(line, { pace: () => 3.3 }),
      runAlong(line, { pace: (m) => (m < 2_000 ? 3.1 : 3.8) }),
    ];
    const result = officialResult(run.track, [], curveOf(ghost), ELAPSED);
    const sum = result.splits.reduce((all, { differenceS }) => all + differenceS, 0);
    expect(sum).toBeCloseTo(result.timeDifferenceS!, 6);
    expect(result.maxGapS).toBeGreaterThan(35);
    expect(result.minGapS).toBeLessThan(0);
    expect(result.averageGapS!).toBeGreaterThan(result.minGapS!);
    expect(result.averageGapS!).toBeLessThan(result.maxGapS!);
    const times = result.gapCurve.map(({ tMs }) => tMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThan(900);
  });

  it('counts a pause on one clock and not on the other', () => {
    const line = LINES.road(random(6));
    const curve = curveOf(runAlong(line, { pace: () => 3.3 }));
    const run = runAlong(line, { pace: () => 3.3, stops: [{ atM: 1_500, durationS: 100, isPaused: true }] });
    const [elapsed, moving] = (['elapsed', 'moving'] as const).map((clock) =>
      officialResult(run.track, run.pauses, curve, { clock }),
    );
    const pausedS = (run.pauses[0]!.toMs - run.pauses[0]!.fromMs) / 1000;
    expect(Math.abs(elapsed!.timeDifferenceS! - pausedS)).toBeLessThan(5);
    expect(Math.abs(moving!.timeDifferenceS!)).toBeLessThan(5);
  });

  it('of half a run is abandoned half way; of another way, never begun', () => {
    const line = LINES.road(random(7));
    const curve = curveOf(runAlong(line, { pace: () => 3.3 }));
    const half = officialResult(runAlong(line, { pace: () => 3.3, untilM: 2_000 }).track, [], curve, ELAPSED);
    expect(half).toMatchObject({ status: 'abandoned', timeDifferenceS: null, finishedAtMs: null });
    expect(half.distanceCompletedM).toBeGreaterThan(1_950);
    expect(half.completionRatio).toBeCloseTo(half.distanceCompletedM / lengthOf(curve), 6);
    const back = officialResult(runAlong(reversed(line), { pace: () => 3.3 }).track, [], curve, ELAPSED);
    expect(back).toMatchObject({ status: 'abandoned', startedAtMs: null, gapCurve: [], averageGapS: null });
  });

  it('says what was left out of the route', () => {
    const line = LINES.track400();
    const curve = curveOf(runAlong(line, { pace: () => 3.5 }));
    const run = runAlong(line, { pace: () => 3.5 });
    // Straight across the infield instead of half a lap.
    const cut = shortcut(run, 500, 650);
    const result = officialResult(cut.track, [], curve, ELAPSED);
    expect(result.leftRoute.length).toBeLessThanOrEqual(1);
    expect(result.completionRatio).toBeLessThanOrEqual(1);
  });

  it('against a plan without a route goes by the distance', () => {
    const run = runAlong(LINES.road(random(8)), { pace: () => 3.3 });
    const result = officialResult(run.track, [], constantPaceCurve(3_000, 900_000), ELAPSED);
    expect(Math.abs(result.runnerS! - 3_000 / 3.3)).toBeLessThan(12);
    expect(result).toMatchObject({ status: 'lost', ghostS: 900 });
    const short = officialResult(run.track, [], constantPaceCurve(30_000, 9_000_000), ELAPSED);
    expect(short).toMatchObject({ status: 'abandoned', timeDifferenceS: null });
  });
});

(data === undefined ? describe.skip : describe)('real runs (shared/data/gpx)', () => {
  const read = (
    name: string,
  ): { curve: GhostCurve; track: ReturnType<NonNullable<typeof data>['track']> } => {
    const track = data!.track(name);
    return { track, curve: ghostCurveOf(track, data!.pauses(name))! };
  };

  it('of one route on two days are six seconds apart at the line, whichever is the ghost', () => {
    const [first, second] = ['2013-06-08-090442', '2013-06-15-090638'].map((name) =>
      read(`trackeR/${name}.TCX.gz`),
    );
    const there = officialResult(second!.track, [], first!.curve, ELAPSED);
    const back = officialResult(first!.track, [], second!.curve, ELAPSED);
    expect(Math.abs(there.timeDifferenceS! + 5.7)).toBeLessThan(1);
    expect(Math.abs(back.timeDifferenceS! - 5.7)).toBeLessThan(1);
    expect([there.status, back.status]).toEqual(['won', 'lost']);
  });

  it('do not start against the direction of the ghost', () => {
    const ghost = read('trackeR/2013-06-14-105252.TCX.gz').curve;
    for (const name of ['2013-06-09-165756', '2013-06-21-174510']) {
      const { track } = read(`trackeR/${name}.TCX.gz`);
      expect(officialResult(track, [], ghost, ELAPSED).startedAtMs).toBeNull();
    }
  });
});

/** Between two moments in a straight line. */
function shortcut(run: GeneratedRun, fromM: number, toM: number): GeneratedRun {
  const [from, to] = [fromM, toM].map((metres) => run.alongM.findIndex((m) => m >= metres)) as [
    number,
    number,
  ];
  const bend = (column: Float64Array): Float64Array =>
    column.map((value, at) => {
      if (at <= from || at >= to) return value;
      return column[from]! + ((column[to]! - column[from]!) * (at - from)) / (to - from);
    });
  return { ...run, track: { ...run.track, latDeg: bend(run.track.latDeg), lonDeg: bend(run.track.lonDeg) } };
}
