import type { Pause, Track } from '../geo/track.js';
import { type GhostCurve, elapsedTimeOf, lengthOf } from '../ghosts/ghost-curve.js';
import { GhostRace } from './ghost-race.js';
import type { RaceSplit } from './race-update.js';

// The race once more, from all fixes of the run and not in the order in which they came: what is told live is a judgement of the moment,
// this is the one that stands. FIRST VERSION: the interface stands, the estimation behind it follows.

/** The original's words; `in_progress` is never official. */
export type RaceStatus = 'won' | 'lost' | 'abandoned';

/** One place of the gap curve, for replay. */
export interface GapPoint {
  /** Milliseconds since the run's first point. */
  readonly tMs: number;
  readonly alongM: number;
  /** Above zero = behind. */
  readonly gapS: number;
  readonly gapM: number;
  readonly sdS: number;
}

export interface OfficialResult {
  /** `abandoned` also where the race never began (`startedAtMs` is null then). */
  readonly status: RaceStatus;
  /** Seconds at the finish line by the race's clock, above 0 = slower than the ghost; null when abandoned. */
  readonly timeDifferenceS: number | null;
  /** Standard deviation of that; a win by less than twice this is too close to call. */
  readonly sdS: number | null;
  readonly isTooCloseToCall: boolean;
  /** Of the run, in milliseconds since its first point. */
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly runnerS: number | null;
  readonly ghostS: number;
  readonly distanceCompletedM: number;
  /** 0..1. */
  readonly completionRatio: number;
  readonly averageGapS: number | null;
  /** Furthest behind. */
  readonly maxGapS: number | null;
  /** Furthest ahead (smallest). */
  readonly minGapS: number | null;
  readonly splits: readonly RaceSplit[];
  readonly gapCurve: readonly GapPoint[];
  /** Stretches of the route that were skipped or left, in metres from the start line. */
  readonly leftRoute: readonly { fromM: number; toM: number }[];
}

export interface OfficialOptions {
  readonly clock: 'elapsed' | 'moving';
  readonly splitM?: number;
}

/** @param track all fixes of the run @param pauses where its watch was stopped */
export function officialResult(
  track: Track,
  pauses: readonly Pause[],
  ghost: GhostCurve,
  options: OfficialOptions,
): OfficialResult {
  const race = GhostRace.start({ ghosts: [{ id: 'ghost', curve: ghost }], ...options });
  const gapCurve: GapPoint[] = [];
  let startedAtMs: number | null = null;
  let finishedAtMs: number | null = null;
  let next = 0;
  for (let index = 0; index < track.length; index += 1) {
    for (; next < pauses.length && pauses[next]!.toMs <= track.tMs[index]!; next += 1) {
      race.pause(pauses[next]!.fromMs);
      race.resume(pauses[next]!.toMs);
    }
    const update = race.take({
      tMs: track.tMs[index]!,
      latDeg: track.latDeg[index]!,
      lonDeg: track.lonDeg[index]!,
      accuracyM: track.accuracyM?.[index] ?? null,
      speedMps: null,
    });
    if (update === null || update.clockMs === null || finishedAtMs !== null) continue;
    startedAtMs ??= update.tMs - update.clockMs;
    const gap = update.gaps[0]!;
    gapCurve.push({
      tMs: update.tMs,
      alongM: gap.alongM!,
      gapS: gap.gapS ?? 0,
      gapM: gap.gapM ?? 0,
      sdS: gap.sdS ?? 0,
    });
    if (update.state === 'finished') finishedAtMs = update.tMs;
  }
  if (finishedAtMs === null && startedAtMs !== null && track.length > 0) {
    const end = race.finish(track.tMs.at(-1)!);
    if (end.state === 'finished') finishedAtMs = startedAtMs + end.clockMs!;
  }
  const ghostS = elapsedTimeOf(ghost) / 1000;
  const runnerS = finishedAtMs === null || startedAtMs === null ? null : (finishedAtMs - startedAtMs) / 1000;
  const gaps = gapCurve.map(({ gapS }) => gapS);
  const distanceCompletedM = gapCurve.at(-1)?.alongM ?? 0;
  return {
    status: runnerS === null ? 'abandoned' : runnerS <= ghostS ? 'won' : 'lost',
    timeDifferenceS: runnerS === null ? null : runnerS - ghostS,
    sdS: null,
    isTooCloseToCall: false,
    startedAtMs,
    finishedAtMs,
    runnerS,
    ghostS,
    distanceCompletedM,
    completionRatio: Math.min(1, distanceCompletedM / lengthOf(ghost)),
    averageGapS: gaps.length === 0 ? null : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    maxGapS: gaps.length === 0 ? null : Math.max(...gaps),
    minGapS: gaps.length === 0 ? null : Math.min(...gaps),
    splits: [],
    gapCurve,
    leftRoute: [],
  };
}
