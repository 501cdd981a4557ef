import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RunEvent } from './fold-run.js';

/** Presses of pause, resume and lap, in the scope of their runner or of the platform. */
@Injectable()
export class RunEventsRepository {
  /** @returns false where there is one of this kind and number already: that one stays */
  async insertEvent(tx: Tx, userId: string, runId: string, event: RunEvent): Promise<boolean> {
    const rows = await tx.query({
      name: 'running.run-events.insert-event',
      text: `INSERT INTO running.run_event (run_id, kind, seq, user_id, at_ms) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [runId, event.kind, event.seq, userId, event.atMs],
    });
    return rows.length > 0;
  }

  async countEvents(tx: Tx, runId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'running.run-events.count-events',
      text: 'SELECT count(*)::int AS count FROM running.run_event WHERE run_id = $1',
      values: [runId],
    });
    return row!.count;
  }

  listEvents(tx: Tx, runId: string): Promise<RunEvent[]> {
    return tx.query<RunEvent>({
      name: 'running.run-events.list-events',
      text: `SELECT kind, seq, at_ms AS "atMs" FROM running.run_event WHERE run_id = $1 ORDER BY at_ms, seq, kind`,
      values: [runId],
    });
  }
}
