import { Injectable } from '@nestjs/common';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import { fastestMpsOf } from '../geo/fastest-speed.js';
import type { LapMark, Pause, Track } from '../geo/track.js';
import type { TrackCorrection } from './run-terms.js';
import { decodeTrackInPortions, encodeTrackInPortions, TRACK_CODEC } from './track-codec.js';
import { type TrackRow, TracksRepository } from './tracks.repository.js';

/** A run's track with what belongs to it. Times of all of them count from `startedAtMs`. */
export interface StoredTrack {
  readonly runId: string;
  readonly userId: string;
  /** Since 1970, by the device's clock: the start that its run names. */
  readonly startedAtMs: number;
  /** Moves whenever the track is made anew. */
  readonly version: number;
  readonly track: Track;
  readonly pauses: readonly Pause[];
  readonly laps: readonly LapMark[];
  readonly corrections: readonly TrackCorrection[];
}

/** A run's track as it lies in the database. */
export interface PackedTrack extends Omit<StoredTrack, 'startedAtMs' | 'track'> {
  readonly pointCount: number;
  /** See the codec. */
  readonly points: Buffer;
}

/** Tracks as rules take them. Who may read one is decided by the scope that the caller reads in. */
@Injectable()
export class RunTracks {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly tracks: TracksRepository,
  ) {}

  /** Null while there is none: the run is being recorded, or has no points. */
  async find(tx: Tx, runId: string): Promise<StoredTrack | null> {
    const [row] = await tx.query<TrackRow>(this.tracks.findStatement(runId));
    return row === undefined ? null : unpack(row);
  }

  /** The same without a transaction of one's own. */
  async read(scope: Scope, runId: string): Promise<StoredTrack | null> {
    const [row] = await this.uow.read<TrackRow>(scope, this.tracks.findStatement(runId));
    return row === undefined ? null : unpack(row);
  }

  /** In place of the one before. The run's row names the same version (`RunsRepository.updateFigures`). @throws RangeError see the codec */
  async put(tx: Tx, { track, ...rest }: Omit<StoredTrack, 'startedAtMs'>): Promise<void> {
    const points = await runInTurns(encodeTrackInPortions(track));
    await this.putPacked(tx, { ...rest, pointCount: track.length, points });
  }

  /** The same of one that was packed before the transaction. */
  async putPacked(tx: Tx, packed: PackedTrack): Promise<void> {
    const { pauses, laps, corrections, ...rest } = packed;
    await this.tracks.upsertTrack(tx, {
      ...rest,
      codec: TRACK_CODEC,
      pauses: [...pauses],
      laps: [...laps],
      corrections: [...corrections],
    });
  }
}

async function unpack(row: TrackRow): Promise<StoredTrack> {
  const { runId, userId, version, pauses, laps, corrections } = row;
  if (row.codec !== TRACK_CODEC) throw new Error(`The track of ${runId} has a form that is not known`);
  const startedAtMs = row.startedAt.getTime();
  const points = await runInTurns(decodeTrackInPortions(row.points));
  const track = { ...points, fastestMps: fastestMpsOf(row.sport) };
  return { runId, userId, startedAtMs, version, track, pauses, laps, corrections };
}
