import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { RUN_COLUMN, RUN_FIELDS, RUN_FIGURES, type RunFigures } from './run-columns.js';
import type { Visibility } from './run-terms.js';
import type { RunEntity } from './run.entity.js';

export type RunRow = RunEntity;
/** What whoever inserts a row says; the rest is the table's. */
export type NewRun = Omit<RunRow, 'version' | 'changeSeq' | 'createdAt' | 'updatedAt'>;
export type RunDetails = Pick<
  RunRow,
  'title' | 'description' | 'sport' | 'privacy' | 'visibility' | 'timeZone' | 'caloriesKcal'
>;

const MADE_BY_TABLE = ['version', 'changeSeq', 'createdAt', 'updatedAt'];
const INSERTED = (Object.keys(RUN_COLUMN) as (keyof NewRun)[]).filter(
  (name) => !MADE_BY_TABLE.includes(name),
);
const NEXT_CHANGE = `nextval('running.run_change_seq')`;
/** What every change of a row moves. */
const CHANGED = `version = version + 1, change_seq = ${NEXT_CHANGE}, updated_at = now()`;

/**
 * Runs, in the scope of their owner or of the platform. Whoever writes here has called {@link RunsRepository.lockChanges} in the same
 * transaction before anything else of this table.
 */
@Injectable()
export class RunsRepository {
  /**
   * Until the end of the transaction nobody else changes a run of this user: numbers of changes become visible in their order, so that
   * a client that follows them misses none.
   */
  async lockChanges(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'running.runs.lock-changes',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.runningChanges}, hashtext($1))`,
      values: [userId],
    });
  }

  /** @returns null where the id, or the external id of this source, is there already: nothing is inserted then */
  async insertRun(tx: Tx, run: NewRun): Promise<RunRow | null> {
    const columns = INSERTED.map((name) => RUN_COLUMN[name]).join(', ');
    const places = INSERTED.map((_name, index) => `$${index + 1}`).join(', ');
    const [row] = await tx.query<RunRow>({
      name: 'running.runs.insert-run',
      text: `INSERT INTO running.run (${columns}, change_seq) VALUES (${places}, ${NEXT_CHANGE})
             ON CONFLICT DO NOTHING RETURNING ${RUN_FIELDS}`,
      values: INSERTED.map((name) => run[name]),
    });
    return row ?? null;
  }

  findStatement(id: string): Statement {
    return {
      name: 'running.runs.find-run',
      text: `SELECT ${RUN_FIELDS} FROM running.run WHERE id = $1`,
      values: [id],
    };
  }

  async findRun(tx: Tx, id: string): Promise<RunRow | null> {
    const [row] = await tx.query<RunRow>(this.findStatement(id));
    return row ?? null;
  }

  async findByExternalId(
    tx: Tx,
    userId: string,
    source: RunRow['source'],
    externalId: string,
  ): Promise<RunRow | null> {
    const [row] = await tx.query<RunRow>({
      name: 'running.runs.find-by-external-id',
      text: `SELECT ${RUN_FIELDS} FROM running.run WHERE user_id = $1 AND source = $2 AND external_id = $3`,
      values: [userId, source, externalId],
    });
    return row ?? null;
  }

  /** What the runner says of it; figures of the track stay. */
  async updateDetails(tx: Tx, id: string, details: RunDetails): Promise<RunRow> {
    const [row] = await tx.query<RunRow>({
      name: 'running.runs.update-details',
      text: `UPDATE running.run SET title = $2, description = $3, sport = $4, privacy = $5, visibility = $6, time_zone = $7,
               calories_kcal = $8, ${CHANGED}
             WHERE id = $1 RETURNING ${RUN_FIELDS}`,
      values: [
        id,
        details.title,
        details.description,
        details.sport,
        details.privacy,
        details.visibility,
        details.timeZone,
        details.caloriesKcal,
      ],
    });
    return row!;
  }

  /** Recording ends. @param finishedAt null = not told: what the track says @param lastSeq null = what is known of it stays */
  async updateFinished(tx: Tx, id: string, finishedAt: Date | null, lastSeq: number | null): Promise<RunRow> {
    const [row] = await tx.query<RunRow>({
      name: 'running.runs.update-finished',
      text: `UPDATE running.run SET status = 'finished', finished_at = coalesce($2, finished_at),
               last_seq = coalesce($3, last_seq), ${CHANGED}
             WHERE id = $1 RETURNING ${RUN_FIELDS}`,
      values: [id, finishedAt, lastSeq],
    });
    return row!;
  }

  /** Figures of its track, which is of the given version. */
  async updateFigures(tx: Tx, id: string, figures: RunFigures, trackVersion: number): Promise<RunRow> {
    const sets = RUN_FIGURES.map((name, index) => `${RUN_COLUMN[name]} = $${index + 3}`).join(', ');
    const [row] = await tx.query<RunRow>({
      name: 'running.runs.update-figures',
      text: `UPDATE running.run SET has_track = true, track_version = $2, ${sets}, ${CHANGED}
             WHERE id = $1 RETURNING ${RUN_FIELDS}`,
      values: [id, trackVersion, ...RUN_FIGURES.map((name) => figures[name])],
    });
    return row!;
  }

  /** Follows a profile's choice; of runs that have one of their own and of those of another provider nothing changes. */
  async updateInheritedVisibility(tx: Tx, userId: string, visibility: Visibility): Promise<void> {
    await this.lockChanges(tx, userId);
    await tx.query({
      name: 'running.runs.update-inherited-visibility',
      text: `UPDATE running.run SET visibility = $2, ${CHANGED}
             WHERE user_id = $1 AND privacy IS NULL AND source <> 'strava' AND visibility <> $2`,
      values: [userId, visibility],
    });
  }

  /** Takes everything that hangs on it along, and leaves the tombstone. @returns what was there */
  async deleteRun(tx: Tx, id: string): Promise<RunRow | null> {
    const [row] = await tx.query<RunRow>({
      name: 'running.runs.delete-run',
      text: `WITH gone AS (DELETE FROM running.run WHERE id = $1 RETURNING *),
             fixes AS (DELETE FROM running.fix f USING gone WHERE f.user_id = gone.user_id AND f.run_id = gone.id),
             -- Ghosts that are made of it go with it, wherever others have taken them over.
             ghosts AS (
               DELETE FROM running.ghost g USING gone, running.ghost_source s
               WHERE s.user_id = gone.user_id AND s.run_id = gone.id AND g.user_id = s.user_id AND g.id = s.ghost_id),
             stone AS (
               INSERT INTO running.run_tombstone (user_id, run_id, change_seq)
               SELECT user_id, id, ${NEXT_CHANGE} FROM gone)
             SELECT ${RUN_FIELDS} FROM gone AS run`,
      values: [id],
    });
    return row ?? null;
  }

  async findTombstone(tx: Tx, userId: string, runId: string): Promise<{ deletedAt: Date } | null> {
    const [row] = await tx.query<{ deletedAt: Date }>({
      name: 'running.runs.find-tombstone',
      text: `SELECT deleted_at AS "deletedAt" FROM running.run_tombstone WHERE user_id = $1 AND run_id = $2`,
      values: [userId, runId],
    });
    return row ?? null;
  }

  /** For the platform's role. @returns how many */
  async deleteOldTombstones(tx: Tx, days: number): Promise<number> {
    const rows = await tx.query({
      name: 'running.runs.delete-old-tombstones',
      text: `DELETE FROM running.run_tombstone WHERE deleted_at < now() - make_interval(days => $1) RETURNING 1`,
      values: [days],
    });
    return rows.length;
  }
}
