import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { SeatRole } from './campaign-kinds.js';
import type { CampaignEntity } from './campaign.entity.js';

export type CampaignRow = CampaignEntity;

/** A campaign as somebody sees it who sits at its table. */
export interface SeatedCampaignRow extends CampaignRow {
  readonly role: SeatRole;
}

export type CampaignChange = Pick<
  CampaignRow,
  | 'name'
  | 'description'
  | 'system'
  | 'language'
  | 'tone'
  | 'calendar'
  | 'changeDays'
  | 'aiPolicy'
  | 'hasExports'
  | 'needsApproval'
>;

const COLUMNS = `
  c.id, c.user_id AS "userId", c.name, c.description, c.system, c.language, c.tone, c.calendar, c.change_days AS "changeDays",
  c.ai_policy AS "aiPolicy", c.has_exports AS "hasExports", c.needs_approval AS "needsApproval", c.version,
  c.created_at AS "createdAt", c.updated_at AS "updatedAt", c.deleted_at AS "deletedAt"`;
const SEATED = `
  SELECT ${COLUMNS}, m.role FROM tabletop.campaign c
  JOIN tabletop.membership m ON m.campaign_id = c.id AND m.user_id = $1 AND m.suspended_at IS NULL`;

/** Campaigns, in the scope of whoever sits at them. */
@Injectable()
export class CampaignsRepository {
  /** @returns false when the id is taken */
  async insertCampaign(tx: Tx, id: string, userId: string, row: CampaignChange): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.campaigns.insert-campaign',
      text: `INSERT INTO tabletop.campaign (id, user_id, name, description, system, language, tone, calendar, change_days, ai_policy,
               has_exports, needs_approval)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING 1`,
      values: [id, userId, ...valuesOf(row)],
    });
    return rows.length === 1;
  }

  /** Newest first. @param before only older ones than this id */
  listSeated(userId: string, before: string | null, limit: number): Statement {
    return {
      name: 'tabletop.campaigns.list-seated',
      text: `${SEATED} WHERE c.deleted_at IS NULL AND ($2::uuid IS NULL OR c.id < $2) ORDER BY c.id DESC LIMIT $3`,
      values: [userId, before, limit],
    };
  }

  seat(userId: string, id: string): Statement {
    return {
      name: 'tabletop.campaigns.seat',
      text: `${SEATED} WHERE c.id = $2 AND c.deleted_at IS NULL`,
      values: [userId, id],
    };
  }

  /** As its owner sees it, deleted or not; waits for others who change it. */
  async lockOwn(tx: Tx, userId: string, id: string): Promise<CampaignRow | null> {
    const [row] = await tx.query<CampaignRow>({
      name: 'tabletop.campaigns.lock-own',
      text: `SELECT ${COLUMNS} FROM tabletop.campaign c WHERE c.id = $1 AND c.user_id = $2 FOR UPDATE`,
      values: [id, userId],
    });
    return row ?? null;
  }

  /** @returns null when it has another version by now */
  async updateCampaign(
    tx: Tx,
    id: string,
    version: number,
    row: CampaignChange,
  ): Promise<CampaignRow | null> {
    const [changed] = await tx.query<CampaignRow>({
      name: 'tabletop.campaigns.update-campaign',
      text: `UPDATE tabletop.campaign c SET name = $3, description = $4, system = $5, language = $6, tone = $7, calendar = $8,
               change_days = $9, ai_policy = $10, has_exports = $11, needs_approval = $12, version = version + 1, updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      values: [id, version, ...valuesOf(row)],
    });
    return changed ?? null;
  }

  /** With its seats: nobody sees anything of a deleted campaign but its owner that there is one. @param tx of the system role */
  async updateDeleted(tx: Tx, id: string, at: Date | null): Promise<void> {
    await tx.query({
      name: 'tabletop.campaigns.update-deleted',
      text: `UPDATE tabletop.campaign SET deleted_at = $2, version = version + 1, updated_at = now() WHERE id = $1`,
      values: [id, at],
    });
    await tx.query({
      name: 'tabletop.campaigns.update-seats',
      text: 'UPDATE tabletop.membership SET suspended_at = $2 WHERE campaign_id = $1',
      values: [id, at],
    });
  }
}

function valuesOf(row: CampaignChange): unknown[] {
  return [
    row.name,
    row.description,
    row.system,
    row.language,
    JSON.stringify(row.tone),
    row.calendar === null ? null : JSON.stringify(row.calendar),
    row.changeDays,
    row.aiPolicy,
    row.hasExports,
    row.needsApproval,
  ];
}
