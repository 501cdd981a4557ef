import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RaceParticipantEntity } from './race-participant.entity.js';

export type ParticipantRow = RaceParticipantEntity;
export type ParticipantFigures = Pick<
  ParticipantRow,
  | 'state'
  | 'officialTimeS'
  | 'errorBarS'
  | 'distanceCompletedM'
  | 'completionRatio'
  | 'plausibility'
  | 'progress'
>;

/** A run as a race looks at it. */
export interface RaceRun {
  readonly id: string;
  readonly status: 'recording' | 'finished';
  readonly source: string;
  readonly hasTrack: boolean;
}

const COLUMNS = `race_id AS "raceId", user_id AS "userId", number, name, run_id AS "runId", state, joined_at AS "joinedAt",
  ended_at AS "endedAt", official_time_s AS "officialTimeS", error_bar_s AS "errorBarS", distance_completed_m AS "distanceCompletedM",
  completion_ratio AS "completionRatio", plausibility, result_version AS "resultVersion"`;
/** Without what only replays read. */
export type ParticipantHead = Omit<ParticipantRow, 'progress'>;

/** Who takes part in races. For the system role; services decide for whom it is read. */
@Injectable()
export class RaceParticipantsRepository {
  /** The race is locked. @returns null where the race is full */
  async insertParticipant(
    tx: Tx,
    row: Pick<ParticipantRow, 'raceId' | 'userId' | 'name'>,
    most: number,
  ): Promise<ParticipantHead | null> {
    const [made] = await tx.query<ParticipantHead>({
      name: 'running.race-participants.insert-participant',
      text: `INSERT INTO running.race_participant (race_id, user_id, name, number)
             SELECT $1, $2, $3, n.number FROM (
               SELECT coalesce(max(number), 0) + 1 AS number, count(*) FILTER (WHERE state <> 'left') AS present
               FROM running.race_participant WHERE race_id = $1) n
             WHERE n.present < $4
             RETURNING ${COLUMNS}`,
      values: [row.raceId, row.userId, row.name, most],
    });
    return made ?? null;
  }

  /** In the order of joining; those who have left are not among them. */
  listParticipants(tx: Tx, raceIds: readonly string[]): Promise<ParticipantHead[]> {
    return tx.query<ParticipantHead>({
      name: 'running.race-participants.list-participants',
      text: `SELECT ${COLUMNS} FROM running.race_participant WHERE race_id = ANY($1::uuid[]) AND state <> 'left' ORDER BY race_id, number`,
      values: [raceIds],
    });
  }

  /** The same with the course of each of them along the way. */
  listProgress(tx: Tx, raceId: string): Promise<Pick<ParticipantRow, 'number' | 'userId' | 'progress'>[]> {
    return tx.query<Pick<ParticipantRow, 'number' | 'userId' | 'progress'>>({
      name: 'running.race-participants.list-progress',
      text: `SELECT number, user_id AS "userId", progress FROM running.race_participant
             WHERE race_id = $1 AND state <> 'left' AND progress IS NOT NULL ORDER BY number`,
      values: [raceId],
    });
  }

  async findParticipant(tx: Tx, raceId: string, userId: string): Promise<ParticipantHead | null> {
    const [row] = await tx.query<ParticipantHead>({
      name: 'running.race-participants.find-participant',
      text: `SELECT ${COLUMNS} FROM running.race_participant WHERE race_id = $1 AND user_id = $2`,
      values: [raceId, userId],
    });
    return row ?? null;
  }

  async findByRun(tx: Tx, runId: string): Promise<ParticipantHead | null> {
    const [row] = await tx.query<ParticipantHead>({
      name: 'running.race-participants.find-by-run',
      text: `SELECT ${COLUMNS} FROM running.race_participant WHERE run_id = $1`,
      values: [runId],
    });
    return row ?? null;
  }

  /** A run of the runner's own. */
  async findRun(tx: Tx, userId: string, runId: string): Promise<RaceRun | null> {
    const [row] = await tx.query<RaceRun>({
      name: 'running.race-participants.find-run',
      text: `SELECT id, status, source, has_track AS "hasTrack" FROM running.run WHERE id = $2 AND user_id = $1`,
      values: [userId, runId],
    });
    return row ?? null;
  }

  async updateRun(tx: Tx, raceId: string, userId: string, runId: string): Promise<void> {
    await tx.query({
      name: 'running.race-participants.update-run',
      text: `UPDATE running.race_participant SET run_id = $3, state = 'racing', ended_at = NULL WHERE race_id = $1 AND user_id = $2`,
      values: [raceId, userId, runId],
    });
  }

  /** Whoever comes back is there again. */
  async updateName(tx: Tx, raceId: string, userId: string, name: string | null): Promise<void> {
    await tx.query({
      name: 'running.race-participants.update-name',
      text: `UPDATE running.race_participant SET name = coalesce($3, name), state = CASE WHEN state = 'left' THEN 'joined' ELSE state END
             WHERE race_id = $1 AND user_id = $2`,
      values: [raceId, userId, name],
    });
  }

  async updateLeft(tx: Tx, raceId: string, userId: string): Promise<void> {
    await tx.query({
      name: 'running.race-participants.update-left',
      text: `UPDATE running.race_participant SET state = 'left', run_id = NULL, ended_at = coalesce(ended_at, clock_timestamp()), progress = NULL
             WHERE race_id = $1 AND user_id = $2`,
      values: [raceId, userId],
    });
  }

  /** The official result over the course. */
  async updateFigures(tx: Tx, raceId: string, userId: string, figures: ParticipantFigures): Promise<void> {
    await tx.query({
      name: 'running.race-participants.update-figures',
      text: `UPDATE running.race_participant SET state = $3, official_time_s = $4, error_bar_s = $5, distance_completed_m = $6,
               completion_ratio = $7, plausibility = $8::jsonb, progress = $9, ended_at = coalesce(ended_at, clock_timestamp()),
               result_version = result_version + 1
             WHERE race_id = $1 AND user_id = $2`,
      values: [
        raceId,
        userId,
        figures.state,
        figures.officialTimeS,
        figures.errorBarS,
        figures.distanceCompletedM,
        figures.completionRatio,
        JSON.stringify(figures.plausibility),
        figures.progress,
      ],
    });
  }
}
