import type { RaceState } from './race-update.js';

/** What a lane knows after a fix; a ghost's gap is worked out from it (ghost-gap.ts). */
export interface LaneView {
  readonly state: RaceState;
  /** Seconds since the start line, with and without the runner's pauses; null before it. */
  readonly elapsedS: number | null;
  readonly movingS: number | null;
  /** Metres from the start line, as far as can be told; may fall by what an estimate is corrected. */
  readonly alongM: number;
  /** The furthest of those. */
  readonly furthestM: number;
  /** Standard deviation of a gap in seconds. */
  readonly gapSdS: number;
  /** Pace against the reference ghost: 1 = as fast, 2 = twice; and its standard deviation. */
  readonly pace: number;
  readonly paceSd: number;
  /** Share of belief in this being the place, 0..1. */
  readonly belief: number;
  /** True while the last gap stands. */
  readonly isStale: boolean;
  /** Seconds since the start line at which the finish line was crossed. */
  readonly finish: { readonly elapsedS: number; readonly movingS: number } | null;
}

export interface LaneChange {
  readonly from: RaceState;
  readonly to: RaceState;
  readonly reason: string;
}

/** A place that was passed, seconds since the start line. */
export interface Passing {
  readonly alongM: number;
  readonly elapsedS: number;
  readonly movingS: number;
}
