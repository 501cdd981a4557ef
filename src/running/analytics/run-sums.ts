// Sums over runs. Means are over what was run, not over runs: an hour weighs more than a lap.

/** Of one run; null where its track did not tell. */
export interface SummedRun {
  readonly distanceM: number | null;
  readonly movingTimeS: number | null;
  readonly elapsedTimeS: number | null;
  readonly elevationGainM: number | null;
  readonly caloriesKcal: number | null;
  readonly averageHeartRateBpm: number | null;
}

export interface RunSums {
  readonly runCount: number;
  readonly distanceM: number;
  readonly movingTimeS: number;
  readonly elapsedTimeS: number;
  readonly elevationGainM: number;
  /** Of runs whose device told them. */
  readonly caloriesKcal: number;
  /** Moving seconds per kilometre, of runs with a distance; null where there is none. */
  readonly averagePaceSPerKm: number | null;
  /** Weighed by time moved, of runs with a heart rate. */
  readonly averageHeartRateBpm: number | null;
  readonly longestRunM: number | null;
}

export function sumRuns(runs: readonly SummedRun[]): RunSums {
  const sum = (of: (run: SummedRun) => number | null): number =>
    runs.reduce((total, run) => total + (of(run) ?? 0), 0);
  const distanceM = sum((run) => run.distanceM);
  const paced = runs.filter((run) => (run.distanceM ?? 0) > 0);
  const beating = runs.filter((run) => run.averageHeartRateBpm !== null);
  const beatingS = beating.reduce((total, run) => total + (run.movingTimeS ?? 0), 0);
  const beats = beating.reduce((total, run) => total + run.averageHeartRateBpm! * (run.movingTimeS ?? 0), 0);
  const pacedS = paced.reduce((total, run) => total + (run.movingTimeS ?? 0), 0);
  return {
    runCount: runs.length,
    distanceM,
    movingTimeS: sum((run) => run.movingTimeS),
    elapsedTimeS: sum((run) => run.elapsedTimeS),
    elevationGainM: sum((run) => run.elevationGainM),
    caloriesKcal: sum((run) => run.caloriesKcal),
    averagePaceSPerKm: distanceM > 0 ? (pacedS * 1000) / distanceM : null,
    averageHeartRateBpm: beatingS > 0 ? beats / beatingS : null,
    longestRunM: paced.length === 0 ? null : Math.max(...paced.map((run) => run.distanceM!)),
  };
}
