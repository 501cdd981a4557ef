import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { CatalystProgressEntity } from './catalyst-progress.entity.js';
import type { CatalystStatusEntity } from './catalyst-status.entity.js';

export type StatusRow = Omit<CatalystStatusEntity, 'userId' | 'membershipId'>;
export type ProgressRow = Omit<CatalystProgressEntity, 'userId' | 'membershipId'>;

/** Whose rows are written. */
export interface Holder {
  membershipId: string;
  userId: string;
}

const STATUS = `s.record_hash AS "recordHash", s.state, s.pct, s.objectives, s.found_at AS "foundAt", s.completed_at AS "completedAt",
  s.progressed_at AS "progressedAt", s.progressed_minutes AS "progressedMinutes"`;
const PROGRESS = `record_hash AS "recordHash", objective_hash AS "objectiveHash", minted_at AS "mintedAt", progress, target,
  is_complete AS "isComplete", minutes_played AS "minutesPlayed"`;

/** How catalysts stand, and how they came there. */
@Injectable()
export class CatalystStatusesRepository {
  /** Of the account's active membership, with what is tracked, in one row: the version and both lists from one snapshot. */
  findActive(): Statement {
    return {
      name: 'destiny.catalyst-statuses.find-active',
      text: `SELECT p.catalysts_version AS version, p.minted_at AS "mintedAt", p.records_minted_at AS "recordsMintedAt",
               p.records_state AS "recordsState", p.last_played_at AS "lastPlayedAt", p.minutes_played AS "minutesPlayed",
               m.id AS "membershipId",
               coalesce((SELECT json_agg(json_build_array(s.record_hash, s.state, s.pct, s.objectives, s.found_at, s.completed_at,
                 s.progressed_at)) FROM destiny.catalyst_status s WHERE s.membership_id = m.id), '[]') AS statuses,
               coalesce((SELECT json_agg(t.record_hash) FROM destiny.tracked_catalyst t WHERE t.user_id = m.user_id), '[]') AS tracked
             FROM destiny.membership m JOIN destiny.profile p ON p.membership_id = m.id WHERE m.is_active`,
      values: [],
    };
  }

  listStatuses(tx: Tx, membershipId: string): Promise<StatusRow[]> {
    return tx.query<StatusRow>({
      name: 'destiny.catalyst-statuses.list-statuses',
      text: `SELECT ${STATUS} FROM destiny.catalyst_status s WHERE s.membership_id = $1`,
      values: [membershipId],
    });
  }

  async upsertStatuses(tx: Tx, { membershipId, userId }: Holder, rows: readonly StatusRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query({
      name: 'destiny.catalyst-statuses.upsert-statuses',
      text: `INSERT INTO destiny.catalyst_status (membership_id, user_id, record_hash, state, pct, objectives, found_at, completed_at,
               progressed_at, progressed_minutes)
             SELECT $1, $2, * FROM unnest($3::bigint[], $4::text[], $5::real[], $6::jsonb[], $7::timestamptz[], $8::timestamptz[],
               $9::timestamptz[], $10::int[])
             ON CONFLICT (membership_id, record_hash) DO UPDATE SET state = excluded.state, pct = excluded.pct,
               objectives = excluded.objectives, found_at = excluded.found_at, completed_at = excluded.completed_at,
               progressed_at = excluded.progressed_at, progressed_minutes = excluded.progressed_minutes`,
      values: [
        membershipId,
        userId,
        rows.map(({ recordHash }) => recordHash),
        rows.map(({ state }) => state),
        rows.map(({ pct }) => pct),
        rows.map(({ objectives }) => JSON.stringify(objectives)),
        rows.map(({ foundAt }) => foundAt),
        rows.map(({ completedAt }) => completedAt),
        rows.map(({ progressedAt }) => progressedAt),
        rows.map(({ progressedMinutes }) => progressedMinutes),
      ],
    });
  }

  async insertProgress(
    tx: Tx,
    { membershipId, userId }: Holder,
    rows: readonly ProgressRow[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query({
      name: 'destiny.catalyst-statuses.insert-progress',
      text: `INSERT INTO destiny.catalyst_progress (membership_id, user_id, record_hash, objective_hash, minted_at, progress, target,
               is_complete, minutes_played)
             SELECT $1, $2, * FROM unnest($3::bigint[], $4::bigint[], $5::timestamptz[], $6::int[], $7::int[], $8::bool[], $9::int[])
             ON CONFLICT (membership_id, record_hash, objective_hash, minted_at) DO NOTHING`,
      values: [
        membershipId,
        userId,
        rows.map(({ recordHash }) => recordHash),
        rows.map(({ objectiveHash }) => objectiveHash),
        rows.map(({ mintedAt }) => mintedAt),
        rows.map(({ progress }) => progress),
        rows.map(({ target }) => target),
        rows.map(({ isComplete }) => isComplete),
        rows.map(({ minutesPlayed }) => minutesPlayed),
      ],
    });
  }

  /** Moves of one catalyst, oldest first. @param from inclusive @param to exclusive */
  listProgress(
    tx: Tx,
    membershipId: string,
    recordHash: number,
    range: { from: Date | null; to: Date | null },
    limit: number,
  ): Promise<ProgressRow[]> {
    return tx.query<ProgressRow>({
      name: 'destiny.catalyst-statuses.list-progress',
      text: `SELECT ${PROGRESS} FROM (
               SELECT * FROM destiny.catalyst_progress WHERE membership_id = $1 AND record_hash = $2
                 AND ($3::timestamptz IS NULL OR minted_at >= $3) AND ($4::timestamptz IS NULL OR minted_at < $4)
               ORDER BY minted_at DESC LIMIT $5) newest
             ORDER BY minted_at, objective_hash`,
      values: [membershipId, recordHash, range.from, range.to, limit],
    });
  }

  /** Moves of all catalysts since, oldest first. */
  listProgressSince(tx: Tx, membershipId: string, since: Date, limit: number): Promise<ProgressRow[]> {
    return tx.query<ProgressRow>({
      name: 'destiny.catalyst-statuses.list-progress-since',
      text: `SELECT ${PROGRESS} FROM destiny.catalyst_progress WHERE membership_id = $1 AND minted_at >= $2
             ORDER BY minted_at, record_hash, objective_hash LIMIT $3`,
      values: [membershipId, since, limit],
    });
  }

  /** A portion of the moves of all catalysts, oldest first. @param after the last one of the portion before */
  listProgressAfter(
    tx: Tx,
    membershipId: string,
    after: Pick<ProgressRow, 'mintedAt' | 'recordHash' | 'objectiveHash'> | null,
    limit: number,
  ): Promise<ProgressRow[]> {
    return tx.query<ProgressRow>({
      name: 'destiny.catalyst-statuses.list-progress-after',
      text: `SELECT ${PROGRESS} FROM destiny.catalyst_progress
             WHERE membership_id = $1
               AND (minted_at, record_hash, objective_hash) > ($2::timestamptz, $3::bigint, $4::bigint)
             ORDER BY minted_at, record_hash, objective_hash LIMIT $5`,
      values: [
        membershipId,
        after?.mintedAt ?? '-infinity',
        after?.recordHash ?? 0,
        after?.objectiveHash ?? 0,
        limit,
      ],
    });
  }

  async listTracked(tx: Tx, userId: string): Promise<number[]> {
    const rows = await tx.query<{ recordHash: number }>({
      name: 'destiny.catalyst-statuses.list-tracked',
      text: 'SELECT record_hash AS "recordHash" FROM destiny.tracked_catalyst WHERE user_id = $1 ORDER BY record_hash',
      values: [userId],
    });
    return rows.map(({ recordHash }) => recordHash);
  }

  /** @returns whether it was not tracked before */
  async insertTracked(tx: Tx, userId: string, recordHash: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'destiny.catalyst-statuses.insert-tracked',
      text: `INSERT INTO destiny.tracked_catalyst (user_id, record_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING user_id`,
      values: [userId, recordHash],
    });
    return rows.length === 1;
  }

  /** @returns whether it was tracked */
  async deleteTracked(tx: Tx, userId: string, recordHash: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'destiny.catalyst-statuses.delete-tracked',
      text: 'DELETE FROM destiny.tracked_catalyst WHERE user_id = $1 AND record_hash = $2 RETURNING user_id',
      values: [userId, recordHash],
    });
    return rows.length === 1;
  }

  /** A list that shows what is tracked is another one now. */
  async updateVersion(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'destiny.catalyst-statuses.update-version',
      text: 'UPDATE destiny.profile SET catalysts_version = catalysts_version + 1 WHERE user_id = $1',
      values: [userId],
    });
  }
}
