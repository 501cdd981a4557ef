// What rules have to know of a runner's heart. What the runner says counts; a highest heart rate that nobody said is the highest that any
// run of the last two years held for ten seconds, and 60 at rest is everybody's. Answers say which is which.
import type { HeartRateSettings } from '../analysis/heart-rate-zones.js';
import type { Sex } from '../analysis/training-impulse.js';

const ASSUMED_RESTING_BPM = 60;
/** Less between rest and highest is no heart's range. */
const LEAST_RESERVE_BPM = 20;

export interface BodySettings extends HeartRateSettings {
  readonly sex: Sex | null;
  readonly maxSource: 'preference' | 'observed';
  readonly restingSource: 'preference' | 'assumed';
}

/** As preferences hold it; null = the runner did not say. */
export interface SaidOfBody {
  readonly maxHeartRateBpm: number | null;
  readonly restingHeartRateBpm: number | null;
  readonly thresholdHeartRateBpm: number | null;
  readonly sex: Sex | null;
}

/** Null where no highest heart rate is known, or none that fits. @param observedMaxBpm of recent runs */
export function bodySettingsOf(said: SaidOfBody, observedMaxBpm: number | null): BodySettings | null {
  const maxBpm = said.maxHeartRateBpm ?? observedMaxBpm;
  const restingBpm = said.restingHeartRateBpm ?? ASSUMED_RESTING_BPM;
  if (maxBpm === null || maxBpm - restingBpm < LEAST_RESERVE_BPM) return null;
  const threshold = said.thresholdHeartRateBpm;
  return {
    maxBpm,
    restingBpm,
    thresholdBpm: threshold !== null && threshold > restingBpm && threshold <= maxBpm ? threshold : null,
    sex: said.sex,
    maxSource: said.maxHeartRateBpm === null ? 'observed' : 'preference',
    restingSource: said.restingHeartRateBpm === null ? 'assumed' : 'preference',
  };
}
