// What a race against ghosts says after each fix. Signs: a gap above zero means that the runner is behind, in seconds as in metres.

export type RaceState =
  | 'waiting' // the start line has not been crossed in its direction
  | 'racing'
  | 'off_route' // too far from the route: the last gap stands, stale
  | 'rejoined' // back on it a moment ago; gaps are live again
  | 'paused'
  | 'wrong_way' // on the route against its direction: no gap
  | 'finished'
  | 'missed_start'; // on the route behind the start line without having crossed it; `join` starts there

/** A place and a time by the device. `tMs` counts from anywhere, by one clock for the whole race. */
export interface RaceFix {
  readonly tMs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Radius in metres within which the place lies by the device's own judgement; null = not told. */
  readonly accuracyM: number | null;
  /** Speed over ground in m/s as the receiver measures it (Doppler); null = not told. */
  readonly speedMps: number | null;
}

export interface GhostGap {
  readonly ghostId: string;
  readonly state: RaceState;
  /** `distance`: compared by distance covered, since the ghost has no route. */
  readonly basis: 'route' | 'distance';
  /** Seconds by the race's clock, above 0 = behind. Null before the start and on the wrong way. */
  readonly gapS: number | null;
  /** Seconds by the moving clock: pauses of both are left out. */
  readonly movingGapS: number | null;
  /** Where the ghost is now minus where the runner is, in metres along the route. */
  readonly gapM: number | null;
  /** Standard deviation of `gapS`. */
  readonly sdS: number | null;
  /** Probability that `gapS` is within two seconds of the truth, 0..1. */
  readonly confidence: number | null;
  /** Over the last half minute, where it is beyond doubt. */
  readonly trend: 'gaining' | 'losing' | 'steady' | null;
  /** Metres from the start line; never falls. */
  readonly alongM: number | null;
  readonly toGoM: number | null;
  /** Seconds until the finish line at the pace of the last minute, on the ghost's profile. */
  readonly etaS: number | null;
  /** True where the gap is that of an earlier moment. */
  readonly isStale: boolean;
  /** True once the ghost is over its finish line. */
  readonly hasGhostFinished: boolean;
}

export interface StateChange {
  readonly atMs: number;
  readonly ghostIds: readonly string[];
  readonly from: RaceState;
  readonly to: RaceState;
  /** A sentence for people. */
  readonly reason: string;
}

export interface LeadChange {
  readonly atMs: number;
  readonly ghostId: string;
  readonly isRunnerAhead: boolean;
  readonly gapS: number;
}

/** A whole kilometre (or whatever the race counts in) of the route that the runner has passed. */
export interface RaceSplit {
  readonly ghostId: string;
  readonly number: number;
  /** From and to, metres from the start line; the last one ends at the finish. */
  readonly fromM: number;
  readonly distanceM: number;
  /** Seconds for this piece, by the race's clock. */
  readonly runnerS: number;
  readonly ghostS: number;
  /** runnerS - ghostS: above 0 = slower here. */
  readonly differenceS: number;
  /** Gap at its end. */
  readonly cumulativeS: number;
}

export interface RaceUpdate {
  readonly tMs: number;
  /** Of the first ghost's route; each gap has its own. */
  readonly state: RaceState;
  /** Milliseconds since the start line by the race's clock; null before it. */
  readonly clockMs: number | null;
  readonly gaps: readonly GhostGap[];
  readonly changes: readonly StateChange[];
  readonly leads: readonly LeadChange[];
  readonly splits: readonly RaceSplit[];
}
