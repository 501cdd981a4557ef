// Where an objective will stand between now and its end. A forecast says when it is done: at the earliest, in the middle, at the
// latest. From where it stands now straight lines lead there; between the outer two lies the band, which ends where the picture does.
//
// Invariant: in a band the instants ascend and 0 <= low <= mid <= high <= 100.
import type { EtaRange } from '../catalysts/eta.js';

export interface BandPoint {
  readonly atMs: number;
  /** Percent if it takes as long as it may, as it should, and as little as it can. */
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

const DONE = 100;

/**
 * @param pct where it stands at `fromMs`
 * @param finishAtMs when it is done: `low` is the earliest
 * @param endMs where the picture ends
 */
export function forecastBand(
  pct: number,
  fromMs: number,
  finishAtMs: EtaRange,
  endMs: number,
): readonly BandPoint[] {
  const { low: soonest, mid, high: latest } = finishAtMs;
  const instants = [fromMs, soonest, mid, latest, endMs]
    .filter((atMs) => atMs >= fromMs && atMs <= endMs)
    .sort((a, b) => a - b);
  const at = (atMs: number, finishMs: number): number =>
    finishMs <= atMs ? DONE : pct + ((DONE - pct) * (atMs - fromMs)) / (finishMs - fromMs);
  return [...new Set(instants)].map((atMs) =>
    atMs === fromMs
      ? { atMs, low: pct, mid: pct, high: pct }
      : { atMs, low: at(atMs, latest), mid: at(atMs, mid), high: at(atMs, soonest) },
  );
}
