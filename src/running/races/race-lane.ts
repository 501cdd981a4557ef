import type { RaceFix, RaceState } from './race-update.js';

// A lane is what all ghosts share that are raced by one measure: on one route, or by a distance. Moments are seconds since the race's first fix.

export interface RaceLane<Snapshot> {
  readonly state: RaceState;
  readonly lengthM: number;
  /** @param everyM places whose passing is asked for @returns false for a fix that does not count */
  take(fix: RaceFix, tS: number, everyM: number): boolean;
  pause(tS: number): void;
  resume(tS: number): void;
  /** Starts where a missed start was noticed. @param ghostElapsedS the ghost's clock at a place @returns false when there is none */
  join(tS: number, ghostElapsedS: (alongM: number) => number): boolean;
  /** The run is over. Whoever is as good as at the line has crossed it. */
  end(tS: number, everyM: number): void;
  /** What happened since it was asked last. */
  drain(): { changes: LaneChange[]; passed: Passing[] };
  view(): LaneView;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}

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
