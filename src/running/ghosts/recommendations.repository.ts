import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { GHOST_COLUMNS, type GhostRow } from './ghosts.repository.js';
import { isNative } from './open-ghosts.repository.js';

export type CandidateRow = GhostRow & { racedAt: Date | null };

export interface EffortRow {
  readonly distanceM: number;
  readonly durationS: number;
  readonly ranAt: Date;
}

/** What recommendations are made of. For the system role; every WHERE says whose it is. */
@Injectable()
export class RecommendationsRepository {
  /** Runs of the caller, whole: the fastest over a distance is looked for among them. */
  listEfforts(tx: Tx, callerId: string, since: Date): Promise<EffortRow[]> {
    return tx.query<EffortRow>({
      name: 'running.recommendations.list-efforts',
      text: `SELECT distance_m AS "distanceM", elapsed_time_s AS "durationS", started_at AS "ranAt" FROM running.run
             WHERE user_id = $1 AND started_at >= $2 AND status = 'finished' AND sport = 'run' AND distance_m >= 400 AND elapsed_time_s > 60
             ORDER BY started_at DESC LIMIT 500`,
      values: [callerId, since],
    });
  }

  /** Own active ghosts, and public ones that others let everybody race. */
  listCandidates(tx: Tx, callerId: string, mostOwn: number, mostPublic: number): Promise<CandidateRow[]> {
    return tx.query<CandidateRow>({
      name: 'running.recommendations.list-candidates',
      text: `WITH mine AS (
               SELECT * FROM running.ghost WHERE user_id = $1 AND is_active AND curve_state = 'ready' AND type <> 'shared' ORDER BY id DESC LIMIT $2),
             open AS (
               SELECT * FROM running.ghost p WHERE p.is_public AND p.is_active AND p.curve_state = 'ready' AND p.user_id <> $1
                 AND p.type <> 'shared' AND ${isNative('p')} ORDER BY id DESC LIMIT $3)
             SELECT ${GHOST_COLUMNS}, (SELECT max(r.settled_at) FROM running.race_result r
               WHERE r.origin_ghost_id = g.id AND r.user_id = $1) AS "racedAt"
             FROM (SELECT * FROM mine UNION ALL SELECT * FROM open) g`,
      values: [callerId, mostOwn, mostPublic],
    });
  }
}
