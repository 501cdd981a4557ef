import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { storedInt } from '../timeline/stored-days.js';
import { OBJECT_COLUMNS } from '../objects/objects.repository.js';

const NUMBER = `(${storedInt(`o.details->'number'`)})`;
const SESSIONS = `o.campaign_id = $1 AND o.kind = 'session' AND o.deleted_at IS NULL`;

/** Sessions by their numbers, in the scope of whoever asks. */
@Injectable()
export class SessionsRepository {
  /** Until the end of the transaction nobody else numbers a session of the campaign. @returns the highest number there is, 0 for none */
  async lockNumbers(tx: Tx, campaignId: string): Promise<number> {
    await tx.query({
      name: 'tabletop.sessions.lock-numbers',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.tabletopSessions}, hashtext($1))`,
      values: [campaignId],
    });
    const [row] = await tx.query<{ last: number }>(this.lastNumber(campaignId));
    return row!.last;
  }

  /** Of those that the caller sees. */
  lastNumber(campaignId: string): Statement {
    return {
      name: 'tabletop.sessions.last-number',
      text: `SELECT coalesce(max(${NUMBER}), 0) AS last FROM tabletop.object o WHERE ${SESSIONS}`,
      values: [campaignId],
    };
  }

  async isTaken(tx: Tx, campaignId: string, number: number, exceptId: string | null): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.sessions.is-taken',
      text: `SELECT 1 FROM tabletop.object o WHERE ${SESSIONS} AND ${NUMBER} = $2 AND ($3::uuid IS NULL OR o.id <> $3) LIMIT 1`,
      values: [campaignId, number, exceptId],
    });
    return rows.length > 0;
  }

  /** Newest first. @param before number and id of the last one of the page before */
  listPage(
    campaignId: string,
    before: readonly [number: number, id: string] | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.sessions.list-page',
      text: `SELECT ${OBJECT_COLUMNS} FROM tabletop.object o
             WHERE ${SESSIONS} AND ($2::bigint IS NULL OR (coalesce(${NUMBER}, 0), o.id) < ($2::bigint, $3::uuid))
             ORDER BY coalesce(${NUMBER}, 0) DESC, o.id DESC LIMIT $4`,
      values: [campaignId, before?.[0] ?? null, before?.[1] ?? null, limit],
      isPlannedAnew: true,
    };
  }
}
