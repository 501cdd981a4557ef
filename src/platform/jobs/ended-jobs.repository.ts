import { Injectable } from '@nestjs/common';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';

/** Jobs that one transaction of the housekeeping forgets. */
export const DELETED_AT_ONCE = 5_000;

/** Jobs that have ended are forgotten. For the system role. */
@Injectable()
export class EndedJobsRepository {
  /**
   * Forgets a portion of the jobs that ended long ago: the dead after `deadDays`, others after `doneDays`, and the platform's
   * own, which come by the thousand and nobody asks after, within the hour when they ended well.
   */
  async deleteFinished(tx: Tx, doneDays: number, deadDays: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'platform.jobs.delete-finished',
      text: `WITH gone AS (
               DELETE FROM platform.job WHERE id IN (
                 SELECT id FROM platform.job
                 WHERE state IN ('done', 'dead', 'cancelled') AND finished_at < now() - CASE
                   WHEN state = 'dead' THEN $2::int * interval '1 day'
                   WHEN state = 'done' AND user_id = $3 THEN least($1::int * interval '1 day', interval '1 hour')
                   ELSE $1::int * interval '1 day' END
                 ORDER BY finished_at LIMIT ${DELETED_AT_ONCE} FOR UPDATE SKIP LOCKED) RETURNING 1)
             SELECT count(*)::int AS count FROM gone`,
      values: [doneDays, deadDays, SYSTEM_SCOPE.id],
    });
    return row!.count;
  }

  /** The platform's own jobs about an account: what they failed with may quote it, such as a mail server's answer. */
  async deleteEndedAbout(tx: Tx, accountId: string): Promise<void> {
    await tx.query({
      name: 'platform.jobs.delete-ended-about',
      text: `DELETE FROM platform.job WHERE state IN ('done', 'dead', 'cancelled') AND payload ->> 'accountId' = $1`,
      values: [accountId],
    });
  }
}
