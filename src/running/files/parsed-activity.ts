import type { LapMark, Pause, Track } from '../geo/track.js';

/** What was done, as far as the file or its speeds tell. Records of running count `run` alone. */
export type Sport = 'run' | 'walk' | 'hike' | 'ride' | 'other';

/** Sums as the device told them; null = it did not. They are shown beside our own and never silently preferred. */
export interface DeviceTotals {
  readonly distanceM: number | null;
  /** From start to end, pauses included. */
  readonly elapsedTimeS: number | null;
  /** While the watch ran. */
  readonly timerTimeS: number | null;
  readonly caloriesKcal: number | null;
  readonly elevationGainM: number | null;
  readonly elevationLossM: number | null;
  readonly averageHeartRateBpm: number | null;
  readonly maxHeartRateBpm: number | null;
}

/** Stored with runs; never change. */
export const CORRECTION_KINDS = [
  'duplicate',
  'time-backwards',
  'no-time',
  'clock',
  'spike',
  'jump',
  'pause',
] as const;

export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** A stretch before or after a correction. */
export interface StretchFigures {
  readonly pointCount: number;
  /** Along its places, pauses left out. */
  readonly distanceM: number;
  /** Of the fastest step between two places; 0 where there is none. */
  readonly maxSpeedMps: number;
}

/** Something in a file that was not believed, with the reason and what it changed. */
export interface Correction {
  readonly kind: CorrectionKind;
  /** Milliseconds since the run's start, both ends counted; negative = before it. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Points that were changed or left out. */
  readonly pointCount: number;
  /** A sentence for the runner. */
  readonly reason: string;
  readonly before: StretchFigures;
  readonly after: StretchFigures;
}

/**
 * One activity of a file, whatever the format. Its track keeps the promises of {@link Track} (times ascend, none twice), for which points
 * may have been left out: `corrections` says which. Places are as the file has them; {@link cleanTrack} judges those.
 */
export interface ParsedActivity {
  /** Unix milliseconds of the first point. */
  readonly startedAtMs: number;
  readonly sport: Sport;
  readonly track: Track;
  /** As the device told them, by events or by beginning a new segment. */
  readonly pauses: readonly Pause[];
  readonly laps: readonly LapMark[];
  readonly deviceTotals: DeviceTotals;
  readonly name: string | null;
  readonly notes: string | null;
  readonly corrections: readonly Correction[];
}

export const NO_TOTALS: DeviceTotals = {
  distanceM: null,
  elapsedTimeS: null,
  timerTimeS: null,
  caloriesKcal: null,
  elevationGainM: null,
  elevationLossM: null,
  averageHeartRateBpm: null,
  maxHeartRateBpm: null,
};
