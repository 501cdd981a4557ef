import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import type { JobState } from '../jobs/job.entity.js';

/** What may keep a job from being driven again. */
export interface JobObstacle {
  state: JobState;
  /** A job that it waits for and that has not ended well. */
  childId: string | null;
  /** Another job with its deduplication key that waits for its start. */
  twinId: string | null;
}

/** Why the jobs room said no, for those who asked. */
@Injectable()
export class JobObstacleRepository {
  async findObstacle(tx: Tx, id: string): Promise<JobObstacle | null> {
    const [row] = await tx.query<JobObstacle>({
      name: 'platform.job-obstacle.find-obstacle',
      text: `SELECT j.state,
               (SELECT child.id FROM platform.job child
                WHERE child.parent_id = j.id AND child.state <> 'done' AND j.waiting_for > 0 ORDER BY child.id LIMIT 1) AS "childId",
               (SELECT twin.id FROM platform.job twin
                WHERE twin.id <> j.id AND twin.name = j.name AND twin.dedup_key = j.dedup_key
                  AND twin.state IN ('open', 'relayed') AND twin.started_at IS NULL AND NOT twin.is_cancel_requested LIMIT 1) AS "twinId"
             FROM platform.job j WHERE j.id = $1`,
      values: [id],
    });
    return row ?? null;
  }
}
