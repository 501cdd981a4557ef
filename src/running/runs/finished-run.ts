import { type RunSummary, summariseTrackInPortions } from '../analysis/track-summary.js';
import { fastestMpsOf } from '../geo/fastest-speed.js';
import type { LapMark, Pause, Track } from '../geo/track.js';
import type { DeviceTotals } from './run-figures.js';
import type { RunSource, TrackCorrection, Visibility } from './run-terms.js';
import { asStoredInPortions, encodeTrackInPortions } from './track-codec.js';

/** A run that is over, with everything that is known of it. */
export interface FinishedRun {
  readonly userId: string;
  readonly source: RunSource;
  /** What makes the same run the same: a digest of its file, the id at its provider. One user has one run of each source by this. */
  readonly externalId: string | null;
  readonly title: string | null;
  readonly description?: string | null;
  /** `run` unless told. */
  readonly sport?: string;
  /** The runner's choice for this run; none = as the profile says. */
  readonly privacy?: Visibility | null;
  /** Since 1970, whole milliseconds; times of the track count from here. */
  readonly startedAtMs: number;
  /** IANA name. */
  readonly timeZone: string | null;
  /** Whole milliseconds in ascending order; `length` 0 where there are totals only. */
  readonly track: Track;
  readonly pauses: readonly Pause[];
  readonly laps: readonly LapMark[];
  readonly corrections: readonly TrackCorrection[];
  readonly device?: DeviceTotals;
}

/** The same, summed up and packed: what is left to do takes the database and no time. */
export interface PackedRun extends Omit<FinishedRun, 'track'> {
  /** Of the track as it will be read back. */
  readonly summary: RunSummary;
  readonly pointCount: number;
  readonly points: Buffer;
}

/**
 * Done before the transaction: a day of running takes a moment.
 * @throws RangeError for a track that cannot be stored (see the codec)
 */
export function* packRun({ track, ...run }: FinishedRun): Generator<void, PackedRun> {
  const fastestMps = fastestMpsOf(run.sport ?? 'run');
  const stored = yield* asStoredInPortions({ ...track, fastestMps });
  const summary = yield* summariseTrackInPortions(stored, run.pauses);
  const points = yield* encodeTrackInPortions(stored);
  return { ...run, summary, pointCount: track.length, points };
}
