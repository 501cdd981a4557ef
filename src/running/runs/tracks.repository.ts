import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { TrackEntity } from './track.entity.js';

export type TrackRow = TrackEntity & { startedAt: Date; sport: string };

/** Packed tracks, in the scope of their owner or of the platform. */
@Injectable()
export class TracksRepository {
  /** With the start of its run, from which its times count, and its sport. */
  findStatement(runId: string): Statement {
    return {
      name: 'running.tracks.find-track',
      text: `SELECT t.run_id AS "runId", t.user_id AS "userId", t.point_count AS "pointCount", t.codec, t.points, t.pauses, t.laps,
               t.corrections, t.version, r.started_at AS "startedAt", r.sport
             FROM running.track t JOIN running.run r ON r.id = t.run_id WHERE t.run_id = $1`,
      values: [runId],
    };
  }

  async upsertTrack(tx: Tx, row: TrackEntity): Promise<void> {
    await tx.query({
      name: 'running.tracks.upsert-track',
      text: `INSERT INTO running.track (run_id, user_id, point_count, codec, points, pauses, laps, corrections, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (run_id) DO UPDATE SET point_count = excluded.point_count, codec = excluded.codec, points = excluded.points,
               pauses = excluded.pauses, laps = excluded.laps, corrections = excluded.corrections, version = excluded.version`,
      values: [
        row.runId,
        row.userId,
        row.pointCount,
        row.codec,
        row.points,
        JSON.stringify(row.pauses),
        JSON.stringify(row.laps),
        JSON.stringify(row.corrections),
        row.version,
      ],
    });
  }
}
