import type { RunSummary } from '../analysis/track-summary.js';
import type { RunFigures } from './run-columns.js';

/** What a device or file says of a whole run; a figure that is missing is not told. */
export interface DeviceTotals {
  readonly distanceM?: number | null;
  readonly movingTimeS?: number | null;
  readonly elapsedTimeS?: number | null;
  readonly caloriesKcal?: number | null;
  readonly averageHeartRateBpm?: number | null;
  readonly maxHeartRateBpm?: number | null;
  readonly averageCadenceSpm?: number | null;
  readonly elevationGainM?: number | null;
  readonly elevationLossM?: number | null;
}

/**
 * What a run's row says: the figures of the track, by our own rules for every run alike, and the device's where the track does not tell.
 * Calories are the device's alone. Moving time is never longer than elapsed time.
 */
export function figuresOf(summary: RunSummary, device: DeviceTotals = {}): RunFigures {
  const isMeasured = summary.distanceBasis !== 'none';
  const elapsedTimeS = Math.max(summary.elapsedTimeS, isMeasured ? 0 : (device.elapsedTimeS ?? 0));
  const movingTimeS = isMeasured ? summary.movingTimeS : (device.movingTimeS ?? summary.movingTimeS);
  return {
    distanceM: isMeasured ? summary.distanceM : (device.distanceM ?? null),
    movingTimeS: Math.min(movingTimeS, elapsedTimeS),
    elapsedTimeS,
    averageHeartRateBpm: summary.averageHeartRateBpm ?? device.averageHeartRateBpm ?? null,
    maxHeartRateBpm: summary.maxHeartRateBpm ?? device.maxHeartRateBpm ?? null,
    averageCadenceSpm: summary.averageCadenceSpm ?? device.averageCadenceSpm ?? null,
    caloriesKcal: device.caloriesKcal ?? null,
    elevationGainM: summary.elevationGainM ?? device.elevationGainM ?? null,
    elevationLossM: summary.elevationLossM ?? device.elevationLossM ?? null,
    maxElevationM: summary.maxElevationM,
    minElevationM: summary.minElevationM,
    startLatDeg: summary.startLatDeg,
    startLonDeg: summary.startLonDeg,
    endLatDeg: summary.endLatDeg,
    endLonDeg: summary.endLonDeg,
  };
}
