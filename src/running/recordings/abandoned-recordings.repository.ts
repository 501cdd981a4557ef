import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** Recordings of all runners, for the platform's role. */
@Injectable()
export class AbandonedRecordingsRepository {
  /** Of which nothing has come for so long, the oldest first. */
  listAbandoned(tx: Tx, hours: number, limit: number): Promise<{ id: string; userId: string }[]> {
    return tx.query({
      name: 'running.abandoned-recordings.list-abandoned',
      text: `SELECT r.id, r.user_id AS "userId" FROM running.run r
             WHERE r.status = 'recording' AND r.created_at < now() - make_interval(hours => $1)
               AND coalesce((SELECT f.received_at FROM running.fix f WHERE f.user_id = r.user_id AND f.run_id = r.id
                             ORDER BY f.seq DESC LIMIT 1), r.created_at) < now() - make_interval(hours => $1)
             ORDER BY r.created_at LIMIT $2`,
      values: [hours, limit],
    });
  }
}
