import { bestEffortByVdot, type Effort, predictRace } from '../analysis/race-predictions.js';
import { riegelTimeS } from '../analysis/riegel.js';

// How long somebody will need for a way, from what they have run. In a race by their best recent effort (VDOT and Riegel, as a range); as
// usual by the pace of their last runs on level ground, a little slower the longer it gets. A way counts by the level metres that its
// slopes are worth. Whoever has run the very way as usual gets the median of that instead.

export const EFFORTS = ['usual', 'race'] as const;
export type EffortLevel = (typeof EFFORTS)[number];

/** What the prediction rests on: the way's own times, recent runs, the best recent effort, or nothing but an assumption. */
export type TimeBasis = 'own_times' | 'recent_runs' | 'best_effort' | 'assumed';

export interface PredictedTime {
  readonly timeS: number;
  readonly fastestS: number;
  readonly slowestS: number;
  readonly basis: TimeBasis;
}

/** @param levelM metres of level ground that the way is worth @param ownTimesS elapsed times on the very way; none where there are none */
export type TimeModel = (levelM: number, ownTimesS?: readonly number[]) => PredictedTime;

/** A run as the usual pace counts it. */
export interface RecentRun {
  readonly distanceM: number;
  readonly movingTimeS: number;
  /** Null where it has no altitudes. */
  readonly elevationGainM: number | null;
}

/** Where nothing is known: 6:00/km, of 5 km. */
const ASSUMED: RecentRun = { distanceM: 5_000, movingTimeS: 1_800, elevationGainM: null };
/** A metre climbed and descended again costs about as much as five level ones (Minetti's curve between 3 and 8 percent). */
const LEVEL_M_PER_CLIMB_M = 5;
/** Usual runs differ by so much around their median. */
const USUAL_SPREAD = 0.06;
const ASSUMED_SPREAD = 0.2;

/** The last runs decide, the middle one of them: neither a race nor a walk with the dog. */
export function usualTimes(runs: readonly RecentRun[]): TimeModel {
  const usable = runs.filter(({ distanceM, movingTimeS }) => distanceM > 500 && movingTimeS > 0);
  const known = usable.length === 0 ? [ASSUMED] : usable;
  const spread = usable.length === 0 ? ASSUMED_SPREAD : USUAL_SPREAD;
  const basis = usable.length === 0 ? 'assumed' : 'recent_runs';
  // By Riegel each run says so many seconds for one metre to the power 1.06; the middle one holds for every length.
  const perMetreS = median(known.map((run) => riegelTimeS(levelMOf(run), run.movingTimeS, 1)));
  return (levelM, ownTimesS = []) => {
    if (ownTimesS.length > 0) return fromOwn(ownTimesS);
    const timeS = riegelTimeS(1, perMetreS, levelM);
    return { timeS, fastestS: timeS * (1 - spread), slowestS: timeS * (1 + spread), basis };
  };
}

/** By the best of the efforts; by usual runs where no effort is one that the formulas cover. */
export function raceTimes(efforts: readonly Effort[], runs: readonly RecentRun[]): TimeModel {
  const best = bestEffortByVdot(efforts);
  if (best === null) {
    const usual = usualTimes(runs);
    return (levelM) => usual(levelM);
  }
  return (levelM) => {
    const { likelyS, fastestS, slowestS } = predictRace(best.effort, levelM);
    return { timeS: likelyS, fastestS, slowestS, basis: 'best_effort' };
  };
}

function fromOwn(ownTimesS: readonly number[]): PredictedTime {
  const timeS = median(ownTimesS);
  return {
    timeS,
    fastestS: Math.min(...ownTimesS),
    slowestS: Math.max(...ownTimesS),
    basis: 'own_times',
  };
}

function levelMOf({ distanceM, elevationGainM }: RecentRun): number {
  return distanceM + LEVEL_M_PER_CLIMB_M * (elevationGainM ?? 0);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
