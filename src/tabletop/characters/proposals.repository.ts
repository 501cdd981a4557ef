import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ProposalStatus } from './proposal-statuses.js';
import type { ProposalEntity } from './proposal.entity.js';

export type ProposalRow = ProposalEntity;

const COLUMNS = `
  id, user_id AS "userId", campaign_id AS "campaignId", object_id AS "objectId", patch, before, status, reason, created_at AS "createdAt",
  decided_at AS "decidedAt"`;

/** Proposed changes, in the scope of whoever asks: one's own, and a master's of the campaign. */
@Injectable()
export class ProposalsRepository {
  async insertProposal(
    tx: Tx,
    row: Pick<ProposalRow, 'id' | 'userId' | 'campaignId' | 'objectId' | 'patch' | 'before'>,
  ): Promise<ProposalRow> {
    const [made] = await tx.query<ProposalRow>({
      name: 'tabletop.proposals.insert-proposal',
      text: `INSERT INTO tabletop.proposal (id, user_id, campaign_id, object_id, patch, before) VALUES ($1, $2, $3, $4, $5, $6)
             RETURNING ${COLUMNS}`,
      values: [
        row.id,
        row.userId,
        row.campaignId,
        row.objectId,
        JSON.stringify(row.patch),
        JSON.stringify(row.before),
      ],
    });
    return made!;
  }

  async countOpen(tx: Tx, userId: string, objectId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.proposals.count-open',
      text: `SELECT count(*)::int AS count FROM tabletop.proposal WHERE user_id = $1 AND object_id = $2 AND status = 'open'`,
      values: [userId, objectId],
    });
    return row!.count;
  }

  async findProposal(tx: Tx, id: string): Promise<ProposalRow | null> {
    const [row] = await tx.query<ProposalRow>({
      name: 'tabletop.proposals.find-proposal',
      text: `SELECT ${COLUMNS} FROM tabletop.proposal WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** Newest first. @param before only older ones than this id */
  listOf(
    campaignId: string,
    objectId: string,
    status: ProposalStatus | null,
    before: string | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.proposals.list-of',
      text: `SELECT ${COLUMNS} FROM tabletop.proposal
             WHERE campaign_id = $1 AND object_id = $2 AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR id < $4)
             ORDER BY id DESC LIMIT $5`,
      values: [campaignId, objectId, status, before, limit],
      isPlannedAnew: true,
    };
  }

  /** @returns null when somebody else has decided meanwhile */
  async updateDecided(
    tx: Tx,
    id: string,
    status: 'accepted' | 'rejected',
    reason: string,
    at: Date,
  ): Promise<ProposalRow | null> {
    const [row] = await tx.query<ProposalRow>({
      name: 'tabletop.proposals.update-decided',
      text: `UPDATE tabletop.proposal SET status = $2, reason = $3, decided_at = $4 WHERE id = $1 AND status = 'open' RETURNING ${COLUMNS}`,
      values: [id, status, reason, at],
    });
    return row ?? null;
  }

  /** @returns whether it was there, open and the caller's own */
  async deleteOwn(tx: Tx, userId: string, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.proposals.delete-own',
      text: `DELETE FROM tabletop.proposal WHERE id = $1 AND user_id = $2 AND status = 'open' RETURNING 1`,
      values: [id, userId],
    });
    return rows.length === 1;
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.proposals.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.proposal r
             WHERE campaign_id = $1 AND id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = r.object_id AND p.deleted_at IS NULL)
             ORDER BY id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
