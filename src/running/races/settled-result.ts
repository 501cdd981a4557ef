import type { Pause, Track } from '../geo/track.js';
import type { GhostCurve } from '../ghosts/ghost-curve.js';
import type { GapCurve } from './gap-curve-codec.js';
import { officialResult, type OfficialResult } from './official-result.js';
import type { RaceClock, ResultStatus, StoredSplit } from './race-kinds.js';

// The official result of a run against a ghost, in the figures that are stored. What it is made of is the run's track, which is made of
// all of its fixes: whichever way they came, it comes out the same.

/** Raised whenever the rules give other results of the same runs. */
export const RESULT_RULES_VERSION = 2;
/** Standard deviations to both sides within which a value lies nineteen times of twenty. */
export const ERROR_BAR = 1.96;

export interface SettledFigures {
  readonly status: ResultStatus;
  /** Milliseconds of the track. */
  readonly startedAtMs: number | null;
  readonly userTimeS: number | null;
  readonly ghostTimeS: number;
  readonly timeDifferenceS: number | null;
  readonly errorBarS: number | null;
  readonly isTooClose: boolean;
  readonly averageGapS: number | null;
  readonly maxGapS: number | null;
  readonly minGapS: number | null;
  readonly distanceCompletedM: number;
  readonly completionRatio: number;
  readonly splits: readonly StoredSplit[];
  readonly gapCurve: GapCurve;
  /** Stretches of the route that were skipped or left, in metres from the start line. */
  readonly leftRoute: OfficialResult['leftRoute'];
}

export function settle(
  track: Track,
  pauses: readonly Pause[],
  ghost: GhostCurve,
  clock: RaceClock,
): SettledFigures {
  const official = officialResult(track, pauses, ghost, { clock });
  return {
    status: official.startedAtMs === null ? 'not_started' : official.status,
    startedAtMs: official.startedAtMs,
    userTimeS: rounded(official.runnerS),
    ghostTimeS: rounded(official.ghostS),
    timeDifferenceS: rounded(official.timeDifferenceS),
    errorBarS: official.sdS === null ? null : rounded(official.sdS * ERROR_BAR),
    isTooClose: official.isTooCloseToCall,
    averageGapS: rounded(official.averageGapS),
    maxGapS: rounded(official.maxGapS),
    minGapS: rounded(official.minGapS),
    distanceCompletedM: rounded(official.distanceCompletedM),
    completionRatio: official.completionRatio,
    splits: official.splits.map((split) => ({
      distanceM: rounded(split.distanceM),
      userTimeS: rounded(split.runnerS),
      ghostTimeS: rounded(split.ghostS),
      differenceS: rounded(split.differenceS),
      cumulativeDifferenceS: rounded(split.cumulativeS),
    })),
    gapCurve: gapCurveOf(official),
    leftRoute: official.leftRoute,
  };
}

function gapCurveOf({ gapCurve, startedAtMs }: OfficialResult): GapCurve {
  const startMs = startedAtMs ?? 0;
  return {
    timeS: Float64Array.from(gapCurve, ({ tMs }) => (tMs - startMs) / 1_000),
    alongM: Float64Array.from(gapCurve, ({ alongM }) => alongM),
    gapS: Float64Array.from(gapCurve, ({ gapS }) => gapS),
    sdS: Float64Array.from(gapCurve, ({ sdS }) => sdS),
  };
}

/** To a millisecond and a millimetre: what is below says nothing. */
function rounded<T extends number | null>(value: T): T {
  return (value === null ? null : Math.round(value * 1_000) / 1_000) as T;
}
