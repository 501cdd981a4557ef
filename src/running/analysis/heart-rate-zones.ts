// Five zones of effort, by one of three measures: shares of the highest heart rate (50, 60, 70, 80, 90 %), the same shares of the reserve
// between rest and highest (Karvonen 1957), or shares of the threshold (Friel, "The Triathlete's Training Bible": below 85, 85, 90, 95 and
// from 100 %).
import type { HeartRateHistogram } from './heart-rate-histogram.js';

export const ZONE_METHODS = ['max', 'reserve', 'threshold'] as const;
export type ZoneMethod = (typeof ZONE_METHODS)[number];

/** Of the runner, beats per minute; null = not known. */
export interface HeartRateSettings {
  readonly maxBpm: number;
  readonly restingBpm: number;
  readonly thresholdBpm: number | null;
}

export interface HeartRateZone {
  /** 1 to 5. */
  readonly number: number;
  /** The first beat that belongs to it. */
  readonly fromBpm: number;
  /** The first beat of the next zone; null for the fifth. */
  readonly belowBpm: number | null;
}

const SHARES_OF_MAX = [0.5, 0.6, 0.7, 0.8, 0.9];
const SHARES_OF_THRESHOLD = [0, 0.85, 0.9, 0.95, 1];

/** Boundaries rounded to whole beats. By threshold needs one: null without. */
export function zonesOf(method: ZoneMethod, settings: HeartRateSettings): HeartRateZone[] | null {
  const from = boundsOf(method, settings)?.map(Math.round);
  return (
    from?.map((fromBpm, index) => ({ number: index + 1, fromBpm, belowBpm: from[index + 1] ?? null })) ?? null
  );
}

function boundsOf(
  method: ZoneMethod,
  { maxBpm, restingBpm, thresholdBpm }: HeartRateSettings,
): number[] | null {
  if (method === 'threshold') {
    return thresholdBpm === null ? null : SHARES_OF_THRESHOLD.map((share) => share * thresholdBpm);
  }
  const floor = method === 'reserve' ? restingBpm : 0;
  return SHARES_OF_MAX.map((share) => floor + share * (maxBpm - floor));
}

/** Seconds in each zone, and below the first. @param zones ascending without holes */
export function timeInZones(
  histogram: HeartRateHistogram,
  zones: readonly HeartRateZone[],
): { belowS: number; zoneS: number[] } {
  const zoneS = zones.map(() => 0);
  let belowS = 0;
  histogram.seconds.forEach((seconds, index) => {
    const bpm = histogram.fromBpm + index;
    const zone = zones.findLastIndex(({ fromBpm }) => bpm >= fromBpm);
    if (zone < 0) belowS += seconds;
    else zoneS[zone]! += seconds;
  });
  return { belowS, zoneS };
}
