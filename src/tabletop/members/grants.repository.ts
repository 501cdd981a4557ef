import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface GrantRow {
  readonly id: string;
  readonly objectId: string;
  readonly userId: string;
  readonly level: 'read' | 'write';
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const COLUMNS = `id, object_id AS "objectId", user_id AS "userId", level, created_at AS "createdAt", expires_at AS "expiresAt"`;

/** What is lent for a while, in the scope of a master. */
@Injectable()
export class GrantsRepository {
  /** Another one for the same member and object takes the place of the one before. */
  async upsertGrant(
    tx: Tx,
    row: {
      id: string;
      campaignId: string;
      objectId: string;
      userId: string;
      level: 'read' | 'write';
      expiresAt: Date;
    },
  ): Promise<GrantRow> {
    const [made] = await tx.query<GrantRow>({
      name: 'tabletop.grants.upsert-grant',
      text: `INSERT INTO tabletop.access_grant (id, campaign_id, object_id, user_id, level, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (object_id, user_id) DO UPDATE SET level = excluded.level, expires_at = excluded.expires_at
             RETURNING ${COLUMNS}`,
      values: [row.id, row.campaignId, row.objectId, row.userId, row.level, row.expiresAt],
    });
    return made!;
  }

  /** Newest first, ended ones too until they are taken back. @param before only older ones than this id */
  listPage(campaignId: string, objectId: string | null, before: string | null, limit: number): Statement {
    return {
      name: 'tabletop.grants.list-page',
      text: `SELECT ${COLUMNS} FROM tabletop.access_grant
             WHERE campaign_id = $1 AND ($2::uuid IS NULL OR object_id = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      values: [campaignId, objectId, before, limit],
      isPlannedAnew: true,
    };
  }

  async deleteGrant(tx: Tx, campaignId: string, id: string): Promise<GrantRow | null> {
    const [row] = await tx.query<GrantRow>({
      name: 'tabletop.grants.delete-grant',
      text: `DELETE FROM tabletop.access_grant WHERE campaign_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
      values: [campaignId, id],
    });
    return row ?? null;
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.grants.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.access_grant g
             WHERE campaign_id = $1 AND id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = g.object_id AND p.deleted_at IS NULL)
             ORDER BY id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
