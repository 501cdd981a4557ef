// Time by heart rate: all that zones and training impulses need of a run, a few hundred numbers. It depends on no setting of the runner,
// so a corrected maximum changes every figure at once without a track being read again.
import { PLAUSIBLE_HEART_RATE_BPM } from './track-summary.js';

const STANDS_FOR_MS = 15_000;

/** `seconds[i]` were spent at `fromBpm + i`; both ends are not zero. */
export interface HeartRateHistogram {
  readonly fromBpm: number;
  readonly seconds: readonly number[];
}

/**
 * Over time outside of pauses; a value stands until the next point, at most 15 s. Tenths of seconds. Null where no heart rate is told.
 * @param activeMs ascending, as long as the heart rates
 */
export function heartRateHistogramOf(
  heartRateBpm: Float64Array | null,
  activeMs: Float64Array,
): HeartRateHistogram | null {
  if (heartRateBpm === null) return null;
  const { above, upTo } = PLAUSIBLE_HEART_RATE_BPM;
  const spentMs = new Float64Array(upTo + 1);
  for (let index = 0; index + 1 < activeMs.length; index++) {
    const bpm = Math.round(heartRateBpm[index]!);
    if (!(bpm > above && bpm <= upTo)) continue;
    spentMs[bpm]! += Math.min(STANDS_FOR_MS, activeMs[index + 1]! - activeMs[index]!);
  }
  const tenths = Array.from(spentMs, (ms) => Math.round(ms / 100) / 10);
  const from = tenths.findIndex((seconds) => seconds > 0);
  if (from < 0) return null;
  return { fromBpm: from, seconds: tenths.slice(from, tenths.findLastIndex((seconds) => seconds > 0) + 1) };
}

export function totalSeconds({ seconds }: HeartRateHistogram): number {
  return seconds.reduce((sum, second) => sum + second, 0);
}

/** The highest heart rate that was held or exceeded for so many seconds altogether: one beat of noise is no maximum. Null where none was. */
export function sustainedBpm({ fromBpm, seconds }: HeartRateHistogram, forS: number): number | null {
  let heldS = 0;
  for (let index = seconds.length - 1; index >= 0; index--) {
    heldS += seconds[index]!;
    if (heldS >= forS) return fromBpm + index;
  }
  return null;
}
