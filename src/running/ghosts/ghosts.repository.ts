import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { GhostEntity } from './ghost.entity.js';
import type { GhostType } from './ghost-kinds.js';

export type GhostRow = GhostEntity;
/** With the runs that it is made of. */
export type OwnGhostRow = GhostRow & { runIds: string[] };

/** What a ghost is made with; the rest follows. */
export type NewGhost = Pick<
  GhostRow,
  | 'id'
  | 'userId'
  | 'type'
  | 'name'
  | 'description'
  | 'category'
  | 'difficulty'
  | 'basis'
  | 'isActive'
  | 'isPublic'
  | 'distanceM'
  | 'durationS'
  | 'recordDistanceM'
  | 'sectionM'
  | 'routeId'
  | 'splits'
  | 'sourceGhostId'
  | 'sourceShareSeq'
>;

export type GhostChange = Pick<
  GhostRow,
  'name' | 'description' | 'category' | 'difficulty' | 'isActive' | 'isPublic'
>;

export interface GhostFilter {
  readonly type: GhostType | null;
  readonly isActive: boolean | null;
}

/** Columns of `running.ghost g` as a row. */
export const GHOST_COLUMNS = `g.id, g.user_id AS "userId", g.type, g.name, g.description, g.category, g.difficulty, g.basis,
  g.is_active AS "isActive", g.is_public AS "isPublic", g.distance_m AS "distanceM", g.duration_s AS "durationS",
  g.record_distance_m AS "recordDistanceM", g.section_m AS "sectionM", g.route_id AS "routeId", g.splits, g.source_ghost_id AS "sourceGhostId",
  g.source_share_seq AS "sourceShareSeq", g.share_seq AS "shareSeq", g.share_digest AS "shareDigest",
  g.share_expires_at AS "shareExpiresAt", g.curve_state AS "curveState", g.curve_version AS "curveVersion",
  g.usage_count AS "usageCount", g.beaten_count AS "beatenCount", g.version, g.created_at AS "createdAt",
  g.updated_at AS "updatedAt"`;

const OWN_COLUMNS = `${GHOST_COLUMNS}, ARRAY(
  SELECT s.run_id FROM running.ghost_source s WHERE s.user_id = g.user_id AND s.ghost_id = g.id GROUP BY s.run_id ORDER BY min(s.position)
  ) AS "runIds"`;

/** Ghosts of an account, in its scope. */
@Injectable()
export class GhostsRepository {
  /** Until the end of the transaction nobody else adds one to the account. @returns those there are */
  async lockCount(tx: Tx, userId: string): Promise<number> {
    await tx.query({
      name: 'running.ghosts.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.runningGhosts}, hashtext($1))`,
      values: [userId],
    });
    const [row] = await tx.query<{ count: number }>({
      name: 'running.ghosts.count-ghosts',
      text: 'SELECT count(*)::int AS count FROM running.ghost WHERE user_id = $1',
      values: [userId],
    });
    return row!.count;
  }

  async insertGhost(tx: Tx, ghost: NewGhost): Promise<GhostRow> {
    const [row] = await tx.query<GhostRow>({
      name: 'running.ghosts.insert-ghost',
      text: `INSERT INTO running.ghost AS g (id, user_id, type, name, description, category, difficulty, basis, is_active, is_public,
               distance_m, duration_s, record_distance_m, section_m, route_id, splits, source_ghost_id, source_share_seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17, $18) RETURNING ${GHOST_COLUMNS}`,
      values: [
        ghost.id,
        ghost.userId,
        ghost.type,
        ghost.name,
        ghost.description,
        ghost.category,
        ghost.difficulty,
        ghost.basis,
        ghost.isActive,
        ghost.isPublic,
        ghost.distanceM,
        ghost.durationS,
        ghost.recordDistanceM,
        ghost.sectionM,
        ghost.routeId,
        ghost.splits === null ? null : JSON.stringify(ghost.splits),
        ghost.sourceGhostId,
        ghost.sourceShareSeq,
      ],
    });
    return row!;
  }

  /** Newest first. @param before only older ones than this id */
  listPage(
    tx: Tx,
    userId: string,
    filter: GhostFilter,
    before: string | null,
    limit: number,
  ): Promise<OwnGhostRow[]> {
    return tx.query<OwnGhostRow>({
      name: 'running.ghosts.list-page',
      text: `SELECT ${OWN_COLUMNS} FROM running.ghost g
             WHERE g.user_id = $1 AND ($2::text IS NULL OR g.type = $2) AND ($3::boolean IS NULL OR g.is_active = $3)
               AND ($4::uuid IS NULL OR g.id < $4)
             ORDER BY g.id DESC LIMIT $5`,
      values: [userId, filter.type, filter.isActive, before, limit],
      isPlannedAnew: true,
    });
  }

  async findGhost(tx: Tx, userId: string, id: string): Promise<OwnGhostRow | null> {
    const [row] = await tx.query<OwnGhostRow>({
      name: 'running.ghosts.find-ghost',
      text: `SELECT ${OWN_COLUMNS} FROM running.ghost g WHERE g.user_id = $1 AND g.id = $2`,
      values: [userId, id],
    });
    return row ?? null;
  }

  async lockGhost(tx: Tx, userId: string, id: string): Promise<GhostRow | null> {
    const [row] = await tx.query<GhostRow>({
      name: 'running.ghosts.lock-ghost',
      text: `SELECT ${GHOST_COLUMNS} FROM running.ghost g WHERE g.user_id = $1 AND g.id = $2 FOR UPDATE`,
      values: [userId, id],
    });
    return row ?? null;
  }

  async updateGhost(tx: Tx, id: string, change: GhostChange): Promise<OwnGhostRow> {
    const [row] = await tx.query<OwnGhostRow>({
      name: 'running.ghosts.update-ghost',
      text: `UPDATE running.ghost g SET name = $2, description = $3, category = $4, difficulty = $5, is_active = $6, is_public = $7,
               version = version + 1, updated_at = clock_timestamp()
             WHERE id = $1 RETURNING ${OWN_COLUMNS}`,
      values: [
        id,
        change.name,
        change.description,
        change.category,
        change.difficulty,
        change.isActive,
        change.isPublic,
      ],
    });
    return row!;
  }

  /** Another goal; its curve is made anew. */
  async updateGoal(
    tx: Tx,
    id: string,
    goal: Pick<GhostRow, 'basis' | 'distanceM' | 'durationS' | 'splits' | 'routeId'>,
  ): Promise<void> {
    await tx.query({
      name: 'running.ghosts.update-goal',
      text: `UPDATE running.ghost SET basis = $2, distance_m = $3, duration_s = $4, splits = $5::jsonb, route_id = $6
             WHERE id = $1`,
      values: [
        id,
        goal.basis,
        goal.distanceM,
        goal.durationS,
        goal.splits === null ? null : JSON.stringify(goal.splits),
        goal.routeId,
      ],
    });
  }

  /** Null takes the link back. */
  async updateShare(
    tx: Tx,
    id: string,
    share: { digest: Buffer; expiresAt: Date } | null,
  ): Promise<GhostRow> {
    const [row] = await tx.query<GhostRow>({
      name: 'running.ghosts.update-share',
      text: `UPDATE running.ghost g SET share_digest = $2, share_expires_at = $3, share_seq = share_seq + 1, version = version + 1,
               updated_at = clock_timestamp()
             WHERE id = $1 RETURNING ${GHOST_COLUMNS}`,
      values: [id, share?.digest ?? null, share?.expiresAt ?? null],
    });
    return row!;
  }

  async deleteGhost(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'running.ghosts.delete-ghost',
      text: 'DELETE FROM running.ghost WHERE id = $1',
      values: [id],
    });
  }
}
