import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { GhostType } from './ghost-kinds.js';
import { GHOST_COLUMNS, type GhostRow } from './ghosts.repository.js';

/** A ghost that somebody may race against. */
export interface UsableGhost {
  /** As the racer names it. */
  readonly id: string;
  /** Whose curve it is: the ghost itself, or the one that it was taken over from. */
  readonly originId: string;
  readonly originUserId: string;
  readonly type: GhostType;
  readonly name: string;
  readonly basis: GhostRow['basis'];
  readonly distanceM: number;
  readonly durationS: number;
  readonly curveState: GhostRow['curveState'];
  readonly curveVersion: number | null;
  /** Made of runs that were recorded here or uploaded, so that others may see it. */
  readonly isNative: boolean;
}

export interface PublicFilter {
  /** Any of them; null = all. */
  readonly types: readonly GhostType[] | null;
  readonly difficulty: number | null;
  readonly leastM: number | null;
  readonly mostM: number | null;
}

/**
 * Provenance, as SQL over a row of `running.ghost`: whatever a ghost is made of is there and was recorded here or uploaded by its owner. A run
 * that came from another provider is shown to its owner only (that provider's terms), and so is one whose owner chose so for this very run.
 * `OFFSET 0` has it asked of each ghost by index: else a list of fifty would read the sources of all ghosts there are.
 */
export const isNative = (ghost: string): string => `(
  NOT EXISTS (
    SELECT FROM running.ghost_source s WHERE s.ghost_id = ${ghost}.id AND NOT EXISTS (
      SELECT FROM running.run r
      WHERE r.id = s.run_id AND r.user_id = ${ghost}.user_id AND r.source IN ('app', 'imported') AND r.privacy IS DISTINCT FROM 'private') OFFSET 0)
  AND (${ghost}.type = 'custom_goal' OR EXISTS (SELECT FROM running.ghost_source s WHERE s.ghost_id = ${ghost}.id OFFSET 0)))`;

const USABLE = `n.id, o.id AS "originId", o.user_id AS "originUserId", n.type, n.name, o.basis, o.distance_m AS "distanceM",
  o.duration_s AS "durationS", o.curve_state AS "curveState", o.curve_version AS "curveVersion", ${isNative('o')} AS "isNative"`;

/**
 * What somebody may see of ghosts that others own. For the system role; every WHERE here says who may see what.
 */
@Injectable()
export class OpenGhostsRepository {
  /**
   * Of these ghosts those that the caller may race against: own ones; others that are public; and own ones that were taken over, as long as
   * what they were taken over by holds.
   */
  listUsable(tx: Tx, callerId: string, ids: readonly string[], now: Date): Promise<UsableGhost[]> {
    return tx.query<UsableGhost>({
      name: 'running.open-ghosts.list-usable',
      text: `SELECT ${USABLE}
             FROM running.ghost n JOIN running.ghost o ON o.id = coalesce(n.source_ghost_id, n.id)
             WHERE n.id = ANY($2::uuid[]) AND (
               (n.user_id = $1 AND n.type <> 'shared')
               OR (n.user_id = $1 AND n.type = 'shared' AND ${isNative('o')}
                   AND (o.is_public OR (o.share_seq = n.source_share_seq AND o.share_expires_at > $3)))
               OR (n.type <> 'shared' AND n.is_public AND ${isNative('n')}))`,
      values: [callerId, ids, now],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listPublic(tx: Tx, filter: PublicFilter, before: string | null, limit: number): Promise<GhostRow[]> {
    return tx.query<GhostRow>({
      name: 'running.open-ghosts.list-public',
      text: `SELECT ${GHOST_COLUMNS} FROM running.ghost g
             WHERE g.is_public AND g.is_active AND g.type <> 'shared' AND g.curve_state = 'ready' AND ${isNative('g')}
               AND ($1::text[] IS NULL OR g.type = ANY ($1)) AND ($2::int IS NULL OR g.difficulty = $2)
               AND ($3::float8 IS NULL OR g.distance_m >= $3) AND ($4::float8 IS NULL OR g.distance_m <= $4)
               AND ($5::uuid IS NULL OR g.id < $5)
             ORDER BY g.id DESC LIMIT $6`,
      values: [filter.types, filter.difficulty, filter.leastM, filter.mostM, before, limit],
      isPlannedAnew: true,
    });
  }

  async findPublic(tx: Tx, id: string): Promise<GhostRow | null> {
    const [row] = await tx.query<GhostRow>({
      name: 'running.open-ghosts.find-public',
      text: `SELECT ${GHOST_COLUMNS} FROM running.ghost g WHERE g.id = $1 AND g.is_public AND g.type <> 'shared' AND ${isNative('g')}`,
      values: [id],
    });
    return row ?? null;
  }

  /** The one that a link shows. */
  async findByShare(tx: Tx, digest: Buffer, now: Date): Promise<GhostRow | null> {
    const [row] = await tx.query<GhostRow>({
      name: 'running.open-ghosts.find-by-share',
      text: `SELECT ${GHOST_COLUMNS} FROM running.ghost g
             WHERE g.share_digest = $1 AND g.share_expires_at > $2 AND g.type <> 'shared' AND ${isNative('g')}`,
      values: [digest, now],
    });
    return row ?? null;
  }

  /** Counts anew how often a ghost, or what was taken over of it, was raced and beaten. */
  async updateUse(tx: Tx, originId: string): Promise<void> {
    await tx.query({
      name: 'running.open-ghosts.update-use',
      text: `UPDATE running.ghost g SET usage_count = u.used, beaten_count = u.beaten
             FROM (SELECT count(*)::int AS used, count(*) FILTER (WHERE status = 'won')::int AS beaten
                   FROM running.race_result WHERE origin_ghost_id = $1) u
             WHERE (g.id = $1 OR g.source_ghost_id = $1) AND (g.usage_count, g.beaten_count) IS DISTINCT FROM (u.used, u.beaten)`,
      values: [originId],
    });
  }
}
