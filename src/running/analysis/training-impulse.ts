// How much a run took out of somebody, in one number. By heart rate: Banister's impulse (1991) weighs each minute by the share of the
// reserve and, exponentially, by the lactate that goes with it; Edwards' (1993) counts minutes in five zones once to five times. By
// pace, where no strap was worn: rTSS (TrainingPeaks), hours at threshold squared by intensity, 100 for an hour at threshold.
// To put both on one scale, Banister's impulse is divided by that of an hour at threshold.
import type { HeartRateHistogram } from './heart-rate-histogram.js';
import { type HeartRateSettings, timeInZones, zonesOf } from './heart-rate-zones.js';

export type Sex = 'female' | 'male';

/** Banister's weights, by Morton, Fitz-Clarke & Banister 1990. */
const WEIGHTS: Readonly<Record<Sex, { readonly factor: number; readonly power: number }>> = {
  male: { factor: 0.64, power: 1.92 },
  female: { factor: 0.86, power: 1.67 },
};
/** Where the threshold lies when nobody measured it, as a share of the reserve. */
const USUAL_THRESHOLD_SHARE = 0.85;

/** Share of the reserve between resting and highest heart rate, 0 to 1. */
export function reserveShare(bpm: number, { maxBpm, restingBpm }: HeartRateSettings): number {
  return Math.max(0, Math.min(1, (bpm - restingBpm) / (maxBpm - restingBpm)));
}

/** Per minute at a share of the reserve. @param sex null = the mean of both, for who does not say */
export function impulsePerMinute(share: number, sex: Sex | null): number {
  if (sex === null) return (impulsePerMinute(share, 'female') + impulsePerMinute(share, 'male')) / 2;
  const { factor, power } = WEIGHTS[sex];
  return share * factor * Math.exp(power * share);
}

/** Banister's training impulse. */
export function banisterImpulse(
  histogram: HeartRateHistogram,
  settings: HeartRateSettings,
  sex: Sex | null,
): number {
  return histogram.seconds.reduce((sum, seconds, index) => {
    const share = reserveShare(histogram.fromBpm + index, settings);
    return sum + (seconds / 60) * impulsePerMinute(share, sex);
  }, 0);
}

/** Edwards' training impulse: minutes from 50, 60, 70, 80, 90 % of the highest heart rate count one to five. */
export function edwardsImpulse(histogram: HeartRateHistogram, settings: HeartRateSettings): number {
  const { zoneS } = timeInZones(histogram, zonesOf('max', settings)!);
  return zoneS.reduce((sum, seconds, index) => sum + (seconds / 60) * (index + 1), 0);
}

/** Banister's impulse in hours at threshold, times 100: the scale of `paceStress`. */
export function heartRateStress(
  histogram: HeartRateHistogram,
  settings: HeartRateSettings,
  sex: Sex | null,
): number {
  const threshold =
    settings.thresholdBpm === null ? USUAL_THRESHOLD_SHARE : reserveShare(settings.thresholdBpm, settings);
  const hour = 60 * impulsePerMinute(Math.max(threshold, 0.5), sex);
  return (100 * banisterImpulse(histogram, settings, sex)) / hour;
}

/**
 * rTSS = seconds * NGP * IF / (threshold * 3600) * 100 with IF = NGP / threshold.
 * @param normalisedMps normalised graded speed @param thresholdMps speed that can be held for an hour, above 0
 */
export function paceStress(seconds: number, normalisedMps: number, thresholdMps: number): number {
  const intensity = normalisedMps / thresholdMps;
  return ((seconds * normalisedMps * intensity) / (thresholdMps * 3600)) * 100;
}
