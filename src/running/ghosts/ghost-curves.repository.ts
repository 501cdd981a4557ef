import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { GHOST_COLUMNS, type GhostRow } from './ghosts.repository.js';

/** Curves of ghosts by version. For the system role: a curve is made and read for whoever may race against it, which services decide. */
@Injectable()
export class GhostCurvesRepository {
  async lockGhost(tx: Tx, ghostId: string): Promise<GhostRow | null> {
    const [row] = await tx.query<GhostRow>({
      name: 'running.ghost-curves.lock-ghost',
      text: `SELECT ${GHOST_COLUMNS} FROM running.ghost g WHERE g.id = $1 FOR UPDATE`,
      values: [ghostId],
    });
    return row ?? null;
  }

  async findCurve(tx: Tx, ghostId: string, version: number): Promise<Buffer | null> {
    const [row] = await tx.query<{ curve: Buffer }>({
      name: 'running.ghost-curves.find-curve',
      text: 'SELECT curve FROM running.ghost_curve WHERE ghost_id = $1 AND version = $2',
      values: [ghostId, version],
    });
    return row?.curve ?? null;
  }

  async insertCurve(
    tx: Tx,
    ghost: Pick<GhostRow, 'id' | 'userId'>,
    row: { version: number; rulesVersion: number; curve: Buffer },
  ): Promise<void> {
    await tx.query({
      name: 'running.ghost-curves.insert-curve',
      text: `INSERT INTO running.ghost_curve (ghost_id, version, user_id, rules_version, curve) VALUES ($1, $2, $3, $4, $5)`,
      values: [ghost.id, row.version, ghost.userId, row.rulesVersion, row.curve],
    });
  }

  /** Which curve the ghost has from now on, and how long it is. */
  async updateReady(
    tx: Tx,
    ghostId: string,
    made: Pick<GhostRow, 'curveVersion' | 'basis' | 'distanceM' | 'durationS'>,
  ): Promise<void> {
    await tx.query({
      name: 'running.ghost-curves.update-ready',
      text: `UPDATE running.ghost SET curve_state = 'ready', curve_version = $2, basis = $3, distance_m = $4, duration_s = $5,
               version = version + 1, updated_at = clock_timestamp()
             WHERE id = $1`,
      values: [ghostId, made.curveVersion, made.basis, made.distanceM, made.durationS],
    });
  }

  async updateFailed(tx: Tx, ghostId: string): Promise<void> {
    await tx.query({
      name: 'running.ghost-curves.update-failed',
      text: `UPDATE running.ghost SET curve_state = 'failed', version = version + 1, updated_at = clock_timestamp() WHERE id = $1`,
      values: [ghostId],
    });
  }

  /** Versions before a ghost's newest that no race is run against. For the platform's role alone, which sees all races. */
  async deleteUnused(tx: Tx, most: number): Promise<void> {
    await tx.query({
      name: 'running.ghost-curves.delete-unused',
      text: `DELETE FROM running.ghost_curve WHERE (ghost_id, version) IN (
               SELECT c.ghost_id, c.version FROM running.ghost_curve c JOIN running.ghost g ON g.id = c.ghost_id
               WHERE c.version < g.curve_version AND NOT EXISTS (
                 SELECT FROM running.race_ghost r WHERE r.origin_ghost_id = c.ghost_id AND r.curve_version = c.version)
               LIMIT $1)`,
      values: [most],
    });
  }

  /** Ghosts whose curve was made of another version of this run's track than it has now. */
  listStaleOfRun(tx: Tx, runId: string): Promise<{ id: string }[]> {
    return tx.query<{ id: string }>({
      name: 'running.ghost-curves.list-stale-of-run',
      text: `SELECT DISTINCT s.ghost_id AS id FROM running.ghost_source s JOIN running.run r ON r.id = s.run_id AND r.user_id = s.user_id
             WHERE s.run_id = $1 AND s.track_version IS DISTINCT FROM r.track_version`,
      values: [runId],
    });
  }

  /** Ghosts whose newest curve was made by older rules. */
  listByOlderRules(tx: Tx, rulesVersion: number, limit: number): Promise<{ id: string }[]> {
    return tx.query<{ id: string }>({
      name: 'running.ghost-curves.list-by-older-rules',
      text: `SELECT g.id FROM running.ghost g JOIN running.ghost_curve c ON c.ghost_id = g.id AND c.version = g.curve_version
             WHERE c.rules_version < $1 ORDER BY g.id LIMIT $2`,
      values: [rulesVersion, limit],
    });
  }
}
