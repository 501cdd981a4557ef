import { SeededRandom } from '../../src/market/simulation/random.js';
import { interpolate } from '../../src/running/geo/columns.js';
import { planeAround } from '../../src/running/geo/geodesy.js';
import type { Pause, Track } from '../../src/running/geo/track.js';
import {
  elapsedTimeOf,
  type GhostCurve,
  ghostCurveOf,
  lengthOf,
  movingAtElapsed,
  movingMsAt,
  movingTimeOf,
} from '../../src/running/ghosts/ghost-curve.js';
import { Course } from '../../src/running/races/course.js';
import { GhostRace } from '../../src/running/races/ghost-race.js';
import { officialResult } from '../../src/running/races/official-result.js';
import { PaceModes } from '../../src/running/races/pace-modes.js';
import type { RaceUpdate } from '../../src/running/races/race-update.js';
import { type Noise, noiseOf, withNoise } from '../../test/factories/generated-tracks.js';

// What a gap is worth: a run is raced against itself with the errors of a receiver laid over it, so that every gap but zero is wrong. Beside
// our gap stand two that need no thinking (the distance covered; the nearest place of the route), and two that know what nobody can know:
// a projection that reads place and start without any error of its own (so that only the fix's error along the line is left), and
// our filter with the true noise given.

/** The noise levels of running.md 4.3: standard deviation of the wandering error on each axis. */
export const LEVELS_M = [3, 6, 12] as const;

/** A run to be raced against itself. */
export interface Trial {
  readonly name: string;
  readonly track: Track;
  readonly pauses: readonly Pause[];
  readonly curve: GhostCurve;
}

/** Null for a recording that is no trial: no places, too short, or with so many holes that nobody can say what is true in them. */
export function trialOf(name: string, track: Track, pauses: readonly Pause[]): Trial | null {
  const curve = ghostCurveOf(track, pauses);
  if (curve === null || lengthOf(curve) < 800) return null;
  let seenMs = 0;
  let last = -1;
  for (let index = 0; index < track.length; index += 1) {
    if (!Number.isFinite(track.latDeg[index]!)) continue;
    const ms = last < 0 ? 0 : track.tMs[index]! - track.tMs[last]!;
    if (ms <= 2_500) seenMs += ms;
    last = index;
  }
  return seenMs < 0.9 * track.tMs.at(-1)! ? null : { name, track, pauses, curve };
}

/**
 * A run, not a hike: under way for four fifths of the time, and faster than people walk. An error in seconds is one in metres by the speed, so
 * that the same receiver is off by twice as much for somebody who is half as fast.
 */
export function isRun({ curve }: Trial): boolean {
  const movingS = movingTimeOf(curve) / 1000;
  return movingTimeOf(curve) >= 0.8 * elapsedTimeOf(curve) && lengthOf(curve) / movingS >= 2.5;
}

export type Method = 'ours' | 'distance' | 'nearest' | 'perfect' | 'informed';
export type Errors = Record<Method, number[]>;

export interface Run {
  readonly errors: Errors;
  readonly hasStarted: boolean;
  /** Fixes of the race without a live gap. */
  readonly untoldRatio: number;
  /** Of the official result at the line; null = not finished. */
  readonly officialS: number | null;
}

export interface TrialOptions {
  readonly references: boolean;
  readonly official: boolean;
}

/** One replay of the run with noise. @param sdM 0 = as it was recorded */
export function replay(trial: Trial, sdM: number, seed: number, { references, official }: TrialOptions): Run {
  const random = new SeededRandom(seed, nameHash(trial.name), sdM);
  const noise = noiseOf(sdM, random);
  const track = sdM === 0 ? trial.track : withNoise(trial.track, noise, random);
  const errors: Errors = { ours: [], distance: [], nearest: [], perfect: [], informed: [] };
  const endMs = trial.curve.startOffsetMs + elapsedTimeOf(trial.curve);
  const updates = race(trial.curve, track);
  let [told, due] = [0, 0];
  for (const { tMs, state, gaps } of updates) {
    if (tMs < trial.curve.startOffsetMs || tMs > endMs) continue;
    due += 1;
    const { gapS, isStale } = gaps[0]!;
    if (gapS === null || isStale || state === 'waiting') continue;
    told += 1;
    errors.ours.push(Math.abs(gapS));
  }
  if (references) {
    errors.distance = byDistance(trial, track);
    errors.nearest = byNearest(trial, track);
    if (sdM > 0) {
      errors.perfect = byPerfectProjection(trial, track);
      errors.informed = byInformedFilter(trial, track, noise);
    }
  }
  const result = official ? officialResult(track, trial.pauses, trial.curve, { clock: 'elapsed' }) : null;
  return {
    errors,
    hasStarted: updates.some(({ clockMs }) => clockMs !== null),
    untoldRatio: due === 0 ? 0 : 1 - told / due,
    officialS: result === null || result.timeDifferenceS === null ? null : Math.abs(result.timeDifferenceS),
  };
}

export function race(curve: GhostCurve, track: Track): RaceUpdate[] {
  const live = GhostRace.start({ ghosts: [{ id: 'ghost', curve }], clock: 'elapsed' });
  const updates: RaceUpdate[] = [];
  for (let index = 0; index < track.length; index += 1) {
    const update = live.take({
      tMs: track.tMs[index]!,
      latDeg: track.latDeg[index]!,
      lonDeg: track.lonDeg[index]!,
      accuracyM: null,
      speedMps: null,
    });
    if (update !== null) updates.push(update);
  }
  updates.push(live.finish(track.tMs.at(-1)!));
  return updates;
}

/** A stream of its own for each run, whatever others are raced. */
function nameHash(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) | 0;
  return hash;
}

interface MapTrack {
  readonly tMs: number[];
  readonly xM: number[];
  readonly yM: number[];
}

function onMap({ curve }: Trial, track: Track): MapTrack {
  const plane = planeAround(curve.route!.latDeg, curve.route!.lonDeg);
  const out: MapTrack = { tMs: [], xM: [], yM: [] };
  for (let index = 0; index < track.length; index += 1) {
    const tMs = track.tMs[index]! - curve.startOffsetMs;
    if (!Number.isFinite(track.latDeg[index]!) || tMs < 0 || tMs > elapsedTimeOf(curve)) continue;
    out.tMs.push(tMs);
    out.xM.push(plane.x(track.lonDeg[index]!));
    out.yM.push(plane.y(track.latDeg[index]!));
  }
  return out;
}

/** The distance that fixes add up to, against the ghost's time at that distance. */
function byDistance(trial: Trial, track: Track): number[] {
  const [runner, ghost] = [onMap(trial, track), onMap(trial, trial.track)];
  const ghostM = Float64Array.from(lengths(ghost));
  const ghostMs = Float64Array.from(ghost.tMs);
  return lengths(runner).map(
    (metres, at) => Math.abs(runner.tMs[at]! - interpolate(ghostM, ghostMs, metres)) / 1000,
  );
}

function lengths({ xM, yM }: MapTrack): number[] {
  let metres = 0;
  return xM.map((x, at) => (metres += at === 0 ? 0 : Math.hypot(x - xM[at - 1]!, yM[at]! - yM[at - 1]!)));
}

/** The ghost's time at its nearest place, wherever that is. */
function byNearest(trial: Trial, track: Track): number[] {
  const [runner, ghost] = [onMap(trial, track), onMap(trial, trial.track)];
  const [x, y] = [Float64Array.from(ghost.xM), Float64Array.from(ghost.yM)];
  return runner.xM.map((hereX, at) => {
    const hereY = runner.yM[at]!;
    let [best, bestM2] = [0, Infinity];
    for (let other = 0; other < x.length; other += 1) {
      const m2 = (hereX - x[other]!) ** 2 + (hereY - y[other]!) ** 2;
      if (m2 < bestM2) [best, bestM2] = [other, m2];
    }
    return Math.abs(runner.tMs[at]! - ghost.tMs[best]!) / 1000;
  });
}

/** Knows where on the line everybody really is, and errs by nothing but the fix: its error along the line now, less that at the start. */
function byPerfectProjection(trial: Trial, track: Track): number[] {
  const course = Course.of(trial.curve);
  const [noisy, clean] = [onMap(trial, track), onMap(trial, trial.track)];
  const alongS = noisy.tMs.map((tMs, at) => {
    const ghostS = movingAtElapsed(trial.curve, tMs) / 1000;
    const heading = course.headingAt(course.alongAtTime(ghostS));
    const awayM =
      (noisy.xM[at]! - clean.xM[at]!) * heading.east + (noisy.yM[at]! - clean.yM[at]!) * heading.north;
    return awayM / Math.max(1, course.speedAtTime(ghostS));
  });
  return alongS.map((error) => Math.abs(error - alongS[0]!));
}

/** Our filter, told the true noise and that somebody starts at the line. */
function byInformedFilter(trial: Trial, track: Track, { sdM, correlationS, whiteM }: Noise): number[] {
  const { curve } = trial;
  if (curve.stops.length > 0) return [];
  const course = Course.of(curve);
  const noise = { sdM, correlationS, whiteM, asideM: 0.3 };
  const modes = new PaceModes();
  const { tMs, xM, yM } = onMap(trial, track);
  return tMs.map((ms, at) => {
    const tS = ms / 1000;
    if (at === 0) {
      const spreadS = 12 / course.meanMps;
      modes.begin({ ghostS: tS, pace: 1, paceSd: 0.15, startS: 0, spreadS, readS: tS }, noise, course);
      modes.updateFirst(course, tS, xM[0]!, yM[0]!, whiteM * whiteM);
    } else {
      modes.predict(tS - tMs[at - 1]! / 1000, noise);
      modes.update(course, xM[at]!, yM[at]!, whiteM * whiteM);
    }
    const clockMs = (tS - modes.mean[4]!) * 1000;
    return Math.abs(clockMs - movingMsAt(curve, course.alongAtTime(modes.mean[0]!))) / 1000;
  });
}

/** Both runs of a pair raced against each other: what one is ahead at a place, the other is behind there. */
export function antisymmetry(
  there: readonly { clockS: number; gapS: number }[],
  back: readonly { clockS: number; gapS: number }[],
): number[] {
  const clocks = Float64Array.from(back, ({ clockS }) => clockS);
  const gaps = Float64Array.from(back, ({ gapS }) => gapS);
  return there.flatMap(({ clockS, gapS }) => {
    // The ghost was at the runner's place by its own clock at:
    const ghostS = clockS - gapS;
    if (ghostS < clocks[0]! || ghostS > clocks.at(-1)!) return [];
    return [Math.abs(gapS + interpolate(clocks, gaps, ghostS))];
  });
}
