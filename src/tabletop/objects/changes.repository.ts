import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ChangeEntity } from './change.entity.js';

export type ChangeRow = Omit<ChangeEntity, 'campaignId'>;

export interface NewChange {
  readonly campaignId: string;
  readonly objectId: string | null;
  readonly kind: string;
  readonly actorId: string;
  readonly action: string;
  readonly before: object | null;
  readonly after: object | null;
  readonly requestId: string | null;
}

@Injectable()
export class ChangesRepository {
  async insertChange(tx: Tx, change: NewChange): Promise<void> {
    await tx.query({
      name: 'tabletop.changes.insert-change',
      text: `INSERT INTO tabletop.change (campaign_id, object_id, kind, actor_id, action, before, after, request_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        change.campaignId,
        change.objectId,
        change.kind,
        change.actorId,
        change.action,
        change.before === null ? null : JSON.stringify(change.before),
        change.after === null ? null : JSON.stringify(change.after),
        change.requestId,
      ],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listPage(
    campaignId: string,
    filter: { objectId?: string | undefined; kind?: string | undefined; actorId?: string | undefined },
    before: string | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.changes.list-page',
      text: `SELECT id, object_id AS "objectId", kind, actor_id AS "actorId", action, before, after, request_id AS "requestId", at
             FROM tabletop.change
             WHERE campaign_id = $1 AND ($2::uuid IS NULL OR object_id = $2) AND ($3::text IS NULL OR kind = $3)
               AND ($4::uuid IS NULL OR actor_id = $4) AND ($5::bigint IS NULL OR id < $5)
             ORDER BY id DESC LIMIT $6`,
      values: [
        campaignId,
        filter.objectId ?? null,
        filter.kind ?? null,
        filter.actorId ?? null,
        before,
        limit,
      ],
      isPlannedAnew: true,
    };
  }

  /** Oldest first, for taking a campaign along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.changes.list-campaign',
      text: `SELECT id, object_id AS "objectId", kind, actor_id AS "actorId", action, before, after, request_id AS "requestId", at
             FROM tabletop.change WHERE campaign_id = $1 AND id > $2::bigint ORDER BY id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
