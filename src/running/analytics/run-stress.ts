// One number for what a run took: by heart rate where a strap told most of it, else by pace on level ground, else nothing. Both are hours at
// threshold times 100, so that days of either kind add up.
import { type HeartRateHistogram, totalSeconds } from '../analysis/heart-rate-histogram.js';
import { heartRateStress, paceStress } from '../analysis/training-impulse.js';
import type { BodySettings } from './body-settings.js';

/** A strap that told less of the run tells too little of its stress. */
const LEAST_COVERAGE = 0.8;

/** What a run's analysis says of its effort. */
export interface EffortOfRun {
  readonly activeTimeS: number;
  readonly normalisedSpeedMps: number | null;
  readonly heartRate: HeartRateHistogram | null;
}

export interface RunStress {
  readonly stress: number;
  readonly basis: 'heart_rate' | 'pace' | 'unknown';
}

/** @param body null = no heart rate settings @param thresholdMps speed held for an hour; null = not known */
export function stressOf(
  { activeTimeS, normalisedSpeedMps, heartRate }: EffortOfRun,
  body: BodySettings | null,
  thresholdMps: number | null,
): RunStress {
  if (body !== null && heartRate !== null && totalSeconds(heartRate) >= LEAST_COVERAGE * activeTimeS) {
    return { stress: heartRateStress(heartRate, body, body.sex), basis: 'heart_rate' };
  }
  if (thresholdMps !== null && normalisedSpeedMps !== null) {
    return { stress: paceStress(activeTimeS, normalisedSpeedMps, thresholdMps), basis: 'pace' };
  }
  return { stress: 0, basis: 'unknown' };
}
