import type { DraftLap } from './activity-draft.js';
import { type DeviceTotals, NO_TOTALS } from './parsed-activity.js';

/** A lap of a TCX file; null = not told. */
export interface TcxLap {
  readonly startMs: number;
  timerTimeS: number | null;
  distanceM: number | null;
  caloriesKcal: number | null;
  averageHeartRateBpm: number | null;
  maxHeartRateBpm: number | null;
  trigger: DraftLap['trigger'];
}

/** TCX has totals per lap only. A sum of which a lap is missing is none; the mean heart rate is weighted by time. */
export function lapTotals(laps: readonly TcxLap[]): DeviceTotals {
  if (laps.length === 0) return NO_TOTALS;
  const sum = (of: (lap: TcxLap) => number | null): number | null => {
    const values = laps.map(of);
    return values.every((value) => value !== null) ? values.reduce((total, value) => total + value, 0) : null;
  };
  const beating = laps.filter(
    ({ averageHeartRateBpm, timerTimeS }) => averageHeartRateBpm !== null && (timerTimeS ?? 0) > 0,
  );
  const beatingS = beating.reduce((total, lap) => total + lap.timerTimeS!, 0);
  const beats = beating.reduce((total, lap) => total + lap.averageHeartRateBpm! * lap.timerTimeS!, 0);
  const highest = Math.max(...laps.map(({ maxHeartRateBpm }) => maxHeartRateBpm ?? 0));
  const caloriesKcal = sum((lap) => lap.caloriesKcal);
  return {
    ...NO_TOTALS,
    distanceM: sum((lap) => lap.distanceM),
    timerTimeS: sum((lap) => lap.timerTimeS),
    caloriesKcal: caloriesKcal === 0 ? null : caloriesKcal,
    averageHeartRateBpm: beatingS > 0 ? beats / beatingS : null,
    maxHeartRateBpm: highest > 0 ? highest : null,
  };
}
