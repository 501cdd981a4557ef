import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type GeneratedRun,
  hillyPace,
  type Line,
  LINES,
  noiseOf,
  reversed,
  runAlong,
  type RunOptions,
  withNoise,
} from '../../../test/factories/generated-tracks.js';
import {
  configOf,
  curveOf,
  fixesOf,
  pace,
  race,
  random,
  statesOf,
} from '../../../test/support/ghost-race-trial.js';
import { interpolate } from '../geo/columns.js';
import { elapsedTimeOf, lengthOf } from '../ghosts/ghost-curve.js';
import { constantPaceCurve } from '../ghosts/goal-curve.js';
import type { Track } from '../geo/track.js';
import { GhostRace } from './ghost-race.js';
import type { RaceUpdate } from './race-update.js';

/** Errors of the gap against the truth, while both are on the line. */
function errorsOf(updates: readonly RaceUpdate[], ghost: GeneratedRun, run: GeneratedRun): number[] {
  return updates.flatMap(({ tMs, state, gaps: [gap] }) => {
    if (gap!.gapS === null || gap!.isStale || state === 'finished') return [];
    const alongM = interpolate(run.track.tMs, run.alongM, tMs);
    const truthS = (tMs - interpolate(ghost.alongM, ghost.track.tMs, alongM)) / 1000;
    return [Math.abs(gap!.gapS - truthS)];
  });
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)]!;

const NAMES = Object.keys(LINES) as (keyof typeof LINES)[];

describe('a race against oneself', () => {
  it.each(NAMES)('is level all the way: %s', (name) => {
    const line = LINES[name](random(3));
    const run = runAlong(line, { pace: hillyPace(random(4), 3.4) });
    const updates = race(configOf(curveOf(run)), run.track);
    expect(statesOf(updates)).toEqual(['racing', 'finished']);
    expect(quantile(errorsOf(updates, run, run), 0.95)).toBeLessThanOrEqual(0.3);
    expect(Math.abs(updates.at(-1)!.gaps[0]!.gapS!)).toBeLessThan(1);
  });

  it.each(NAMES)('tells what the ghost is ahead on every line, whatever the receiver: %s', (name) => {
    const line = LINES[name](random(5));
    const hills = hillyPace(random(6), 3.2);
    const [ghost, run] = [
      runAlong(line, { pace: hills }),
      runAlong(line, { pace: (alongM, tS) => hills(alongM, tS) * (tS % 400 < 200 ? 0.94 : 1.05) }),
    ];
    const curve = curveOf(ghost);
    for (const sdM of [3, 6]) {
      const errors: number[] = [];
      for (let seed = 0; seed < 4; seed += 1) {
        const noisy = withNoise(run.track, noiseOf(sdM, random(70 + seed)), random(80 + seed));
        const updates = race(configOf(curve), noisy);
        expect(statesOf(updates)).toEqual(['racing', 'finished']);
        errors.push(...errorsOf(updates, ghost, run));
      }
      // Reading start and place from one fix each is off by the error of two: 1.96 times the root of two of its standard deviation.
      expect(quantile(errors, 0.95)).toBeLessThanOrEqual((1.96 * Math.SQRT2 * sdM) / (3.2 * 0.94));
    }
  });

  it('says how far it may be off, and is not much more often', () => {
    let [within, all] = [0, 0];
    for (let seed = 0; seed < 6; seed += 1) {
      const line = LINES.road(random(seed));
      const run = runAlong(line, { pace: hillyPace(random(seed), 3.3) });
      const noise = noiseOf(2 + seed, random(seed));
      for (const { gaps } of race(configOf(curveOf(run)), withNoise(run.track, noise, random(seed + 50)))) {
        const { gapS, sdS, isStale } = gaps[0]!;
        if (gapS === null || isStale) continue;
        all += 1;
        if (Math.abs(gapS) <= 2 * sdS! + 0.1) within += 1;
      }
    }
    expect(within / all).toBeGreaterThan(0.8);
  });
});

describe('progress', () => {
  it('never falls, stays within the route, and is the same however often fixes come', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.integer({ min: 0, max: 1_000 }),
        fc.constantFrom(0.5, 2, 5),
        (name, seed, hz) => {
          const line = LINES[name](random(seed));
          const ghost = curveOf(runAlong(line, { pace, untilM: 900 }));
          const gapAt = (rate: number): number[] => {
            const run = runAlong(line, { pace: (m) => 3.4 + Math.sin(m / 90) / 4, hz: rate, untilM: 900 });
            const updates = race(configOf(ghost), run.track);
            let before = 0;
            for (const { gaps } of updates) {
              const { alongM, toGoM } = gaps[0]!;
              if (alongM === null) continue;
              expect(alongM).toBeGreaterThanOrEqual(before);
              expect(alongM).toBeLessThanOrEqual(lengthOf(ghost));
              expect(toGoM).toBeCloseTo(lengthOf(ghost) - alongM, 6);
              before = alongM;
            }
            return [60, 120, 180].map((tS) => updates.find(({ tMs }) => tMs >= tS * 1000)!.gaps[0]!.gapS!);
          };
          const [often, seldom] = [gapAt(1), gapAt(hz)];
          often.forEach((gapS, index) => expect(Math.abs(gapS - seldom[index]!)).toBeLessThan(1));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('stays bounded whatever fixes come', () => {
    const line = LINES.outAndBack(random(1));
    const curve = curveOf(runAlong(line, { pace }));
    const place = fc.record({
      latDeg: fc.double({ min: 51.35, max: 51.37, noNaN: true }),
      lonDeg: fc.double({ min: 1.03, max: 1.06, noNaN: true }),
      dtMs: fc.integer({ min: -2_000, max: 200_000 }),
      accuracyM: fc.option(fc.double({ min: 0, max: 200, noNaN: true })),
      speedMps: fc.option(fc.double({ min: -1, max: 40, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 80 }), fc.integer({ min: 0, max: 300 }), (places, good) => {
        const live = GhostRace.start(configOf(curve));
        let tMs = 0;
        const own = [...fixesOf(runAlong(line, { pace }).track)].slice(0, good);
        for (const fix of own) live.take({ ...fix, tMs: (tMs = fix.tMs) });
        for (const { latDeg, lonDeg, dtMs, accuracyM, speedMps } of places) {
          tMs += dtMs;
          const gap = live.take({ tMs, latDeg, lonDeg, accuracyM, speedMps })?.gaps[0];
          if (gap === undefined || gap.gapS === null) continue;
          expect(Number.isFinite(gap.gapS) && Number.isFinite(gap.gapM!) && gap.sdS! >= 0).toBe(true);
          expect(gap.confidence).toBeGreaterThanOrEqual(0);
          expect(gap.confidence).toBeLessThanOrEqual(1);
          expect(gap.alongM).toBeGreaterThanOrEqual(0);
          expect(gap.alongM).toBeLessThanOrEqual(lengthOf(curve));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the start', () => {
  it('is none against the direction of the route, whatever the receiver', () => {
    for (const name of ['road', 'city', 'hairpins'] as const) {
      for (let seed = 0; seed < 3; seed += 1) {
        const line = LINES[name](random(seed));
        const curve = curveOf(runAlong(line, { pace }));
        const back = runAlong(reversed(line), { pace });
        // On the same ground: the reversed line begins where the line ends.
        const ground = shifted(back.track, line);
        for (const sdM of [0, 3, 6, 12]) {
          const updates = race(
            configOf(curve),
            withNoise(ground, noiseOf(sdM, random(seed)), random(seed + 9)),
          );
          expect(statesOf(updates)).not.toContain('racing');
          expect(updates.every(({ clockMs }) => clockMs === null)).toBe(true);
        }
      }
    }
  });

  it('is where the line is crossed, not where the watch was started', () => {
    const line = LINES.road(random(2));
    const curve = curveOf(withoutFirst(runAlong(line, { pace }), 300));
    const run = runAlong(line, { pace });
    const updates = race(configOf(curve), run.track);
    expect(statesOf(updates)).toEqual(['racing', 'finished']);
    expect(Math.abs(updates.at(-1)!.gaps[0]!.gapS!)).toBeLessThan(0.6);
    expect(updates.find(({ clockMs }) => clockMs !== null)!.tMs).toBeGreaterThan((300 / 3.4) * 1000);
  });

  it('is when somebody sets off who stood there for a while', () => {
    const line = LINES.road(random(4));
    const ghost = curveOf(runAlong(line, { pace }));
    const run = runAlong(line, { pace, stops: [{ atM: 6, durationS: 40 }] });
    const last = race(configOf(ghost), run.track).at(-1)!;
    expect(Math.abs(last.gaps[0]!.gapS!)).toBeLessThan(4);
  });

  it('that was missed is said, and can be made up for by joining', () => {
    const line = LINES.road(random(6));
    const curve = curveOf(runAlong(line, { pace }));
    const run = withoutFirst(runAlong(line, { pace }), 400);
    const live = GhostRace.start(configOf(curve));
    const updates = [...fixesOf(run.track)].slice(0, 60).flatMap((fix) => live.take(fix) ?? []);
    expect(statesOf(updates)).toEqual(['missed_start']);
    expect(live.join(run.track.tMs[59]!).gaps[0]).toMatchObject({ state: 'racing' });
    const rest = [...fixesOf(run.track)].slice(60).flatMap((fix) => live.take(fix) ?? []);
    for (const { gaps } of rest) expect(Math.abs(gaps[0]!.gapS!)).toBeLessThan(2);
  });
});

describe('pauses', () => {
  const line = LINES.road(random(11));
  const stop = (durationS: number, isPaused = false): RunOptions => ({
    pace,
    stops: [{ atM: 1_200, durationS, isPaused }],
  });
  const biggestStep = (updates: readonly RaceUpdate[]): number => {
    let [before, most] = [null as { tMs: number; gapS: number } | null, 0];
    for (const { tMs, gaps } of updates) {
      const { gapS, isStale } = gaps[0]!;
      if (gapS === null || isStale) continue;
      // A gap may grow by a second in a second.
      if (before !== null) most = Math.max(most, Math.abs(gapS - before.gapS) - (tMs - before.tMs) / 1000);
      before = { tMs, gapS };
    }
    return most;
  };

  it('of the ghost make no step, whether the runner stands there, too, or runs by', () => {
    const ghost = runAlong(line, stop(600));
    const curve = curveOf(ghost);
    expect(curve.stops).toHaveLength(1);
    for (const sdM of [0, 3]) {
      const noise = noiseOf(sdM, random(1));
      expect(biggestStep(race(configOf(curve), withNoise(ghost.track, noise, random(2))))).toBeLessThan(3);
      const running = race(configOf(curve), withNoise(runAlong(line, { pace }).track, noise, random(2)));
      expect(biggestStep(running)).toBeLessThan(3);
      expect(running.at(-1)!.gaps[0]!.gapS).toBeCloseTo(-600, -1);
    }
  });

  it('of the runner count on one clock and not on the other', () => {
    const curve = curveOf(runAlong(line, { pace }));
    const run = runAlong(line, stop(120, true));
    const live = GhostRace.start(configOf(curve));
    const updates: RaceUpdate[] = [];
    let [pause] = run.pauses;
    for (const fix of fixesOf(run.track)) {
      if (pause !== undefined && fix.tMs > pause.fromMs) {
        updates.push(live.pause(pause.fromMs), live.resume(pause.toMs));
        pause = undefined;
      }
      updates.push(...[live.take(fix)].flatMap((update) => update ?? []));
    }
    updates.push(live.finish(run.track.tMs.at(-1)!));
    expect(statesOf(updates)).toEqual(['racing', 'paused', 'racing', 'finished']);
    expect(biggestStep(updates)).toBeLessThan(3);
    const { gapS, movingGapS } = updates.at(-1)!.gaps[0]!;
    expect(gapS! - movingGapS!).toBeCloseTo(run.pauses[0]!.toMs / 1000 - run.pauses[0]!.fromMs / 1000, 6);
    expect(Math.abs(movingGapS!)).toBeLessThan(5);
  });
});

describe('several ghosts', () => {
  it('on one route are each told what alone they would be', () => {
    const line = LINES.city(random(31));
    const fast = curveOf(runAlong(line, { pace: () => 3.6 }));
    const slow = { ...fast, movingMs: fast.movingMs.map((ms) => ms * 1.2) };
    const run = runAlong(line, { pace }).track;
    const both = race(configOf(fast, slow), run);
    const [one, other] = [race(configOf(fast), run), race(configOf(slow), run)];
    both.forEach(({ gaps }, index) => expect(gaps[0]!.gapS).toBe(one[index]!.gaps[0]!.gapS));
    // The second is looked up on the first one's lane: its line's time differs, its gap by what that is worth.
    const last = both.at(-1)!.gaps[1]!.gapS!;
    expect(Math.abs(last - other.at(-1)!.gaps[0]!.gapS!)).toBeLessThan(1);
  });

  it('with and without a route race side by side', () => {
    const line = LINES.road(random(32));
    const ghost = runAlong(line, { pace });
    const plan = constantPaceCurve(2_000, 600_000);
    const { gaps } = race(configOf(curveOf(ghost), plan), ghost.track).at(-1)!;
    expect(gaps.map(({ basis, state }) => [basis, state])).toEqual([
      ['route', 'finished'],
      ['distance', 'finished'],
    ]);
    expect(Math.abs(gaps[1]!.gapS! - (2_000 / 3.4 - 600))).toBeLessThan(15);
  });

  it('splits add up to the gap at the line; the lead is told when it is clear', () => {
    const line = LINES.road(random(33));
    const ghost = runAlong(line, { pace });
    const run = runAlong(line, { pace: (m) => (m < 1_500 ? 3.1 : 4) });
    const updates = race(configOf(curveOf(ghost)), run.track);
    const splits = updates.flatMap(({ splits: passed }) => passed);
    expect(splits.map(({ number }) => number)).toEqual(splits.map((_, index) => index + 1));
    const last = updates.at(-1)!.gaps[0]!.gapS!;
    expect(splits.reduce((sum, { differenceS }) => sum + differenceS, 0)).toBeCloseTo(last, 6);
    expect(splits.at(-1)!.cumulativeS).toBeCloseTo(last, 6);
    expect(updates.flatMap(({ leads }) => leads.map(({ isRunnerAhead }) => isRunnerAhead))).toEqual([
      false,
      true,
    ]);
  });
});

describe('a snapshot', () => {
  it('is plain JSON from which the race goes on as if nothing had happened', () => {
    const line = LINES.figureEight();
    const run = runAlong(line, { pace, stops: [{ atM: 500, durationS: 20 }] });
    const config = configOf(curveOf(runAlong(line, { pace: () => 3.5 })), constantPaceCurve(1_000, 300_000));
    const fixes = [...fixesOf(withNoise(run.track, noiseOf(4, random(1)), random(2)))];
    const whole = GhostRace.start(config);
    const expected = fixes.map((fix) => whole.take(fix));
    let live = GhostRace.start(config);
    fixes.forEach((fix, index) => {
      if (index % 7 === 0) live = GhostRace.restore(config, JSON.parse(JSON.stringify(live.snapshot())));
      expect(live.take(fix)).toEqual(expected[index]);
    });
  });
});

it('takes no fix twice, and none from the past', () => {
  const run = runAlong(LINES.track400(), { pace });
  const live = GhostRace.start(configOf(curveOf(run)));
  const [first, second] = [...fixesOf(run.track)];
  expect(live.take(second!)).not.toBeNull();
  expect(live.take(second!)).toBeNull();
  expect(live.take(first!)).toBeNull();
  expect(live.take({ ...second!, tMs: 5_000, latDeg: Number.NaN })).toBeNull();
  expect(() => GhostRace.start(configOf())).toThrow(RangeError);
  expect(elapsedTimeOf(curveOf(run))).toBeGreaterThan(0);
});

/** The reversed line begins at its own zero: moved to where the line ends. */
function shifted(track: Track, line: Line): Track {
  const [perLat, perLon] = [111_195, 111_195 * Math.cos((51.36 * Math.PI) / 180)];
  // runAlong lays a line's own coordinates, so that a reversed one lies on the same ground already.
  expect(Math.abs((track.latDeg[0]! - 51.36) * perLat - line.yM.at(-1)!)).toBeLessThan(5);
  expect(Math.abs((track.lonDeg[0]! - 1.04) * perLon - line.xM.at(-1)!)).toBeLessThan(5);
  return track;
}

function withoutFirst(run: GeneratedRun, metres: number): GeneratedRun {
  const from = run.alongM.findIndex((alongM) => alongM >= metres);
  const { track } = run;
  const cut = (column: Float64Array): Float64Array => column.slice(from);
  return {
    ...run,
    alongM: cut(run.alongM),
    track: {
      ...track,
      length: track.length - from,
      tMs: cut(track.tMs),
      latDeg: cut(track.latDeg),
      lonDeg: cut(track.lonDeg),
    },
  };
}
