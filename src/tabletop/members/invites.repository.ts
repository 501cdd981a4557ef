import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';

export interface InviteRow {
  readonly id: string;
  readonly role: SeatRole;
  readonly mostUses: number;
  readonly uses: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const COLUMNS =
  'id, role, most_uses AS "mostUses", uses, created_at AS "createdAt", expires_at AS "expiresAt"';

@Injectable()
export class InvitesRepository {
  /** @param tx of a master, as everything here but for {@link takeUse} */
  async insertInvite(
    tx: Tx,
    row: {
      id: string;
      campaignId: string;
      codeDigest: Buffer;
      role: SeatRole;
      mostUses: number;
      expiresAt: Date;
    },
  ): Promise<InviteRow> {
    const [made] = await tx.query<InviteRow>({
      name: 'tabletop.invites.insert-invite',
      text: `INSERT INTO tabletop.invite (id, campaign_id, code_digest, role, most_uses, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
             RETURNING ${COLUMNS}`,
      values: [row.id, row.campaignId, row.codeDigest, row.role, row.mostUses, row.expiresAt],
    });
    return made!;
  }

  /** Newest first, ended ones too until they are taken back. */
  listInvites(campaignId: string): Statement {
    return {
      name: 'tabletop.invites.list-invites',
      text: `SELECT ${COLUMNS} FROM tabletop.invite WHERE campaign_id = $1 ORDER BY id DESC`,
      values: [campaignId],
    };
  }

  async countInvites(tx: Tx, campaignId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.invites.count-invites',
      text: 'SELECT count(*)::int AS count FROM tabletop.invite WHERE campaign_id = $1',
      values: [campaignId],
    });
    return row!.count;
  }

  async deleteInvite(tx: Tx, campaignId: string, id: string): Promise<InviteRow | null> {
    const [row] = await tx.query<InviteRow>({
      name: 'tabletop.invites.delete-invite',
      text: `DELETE FROM tabletop.invite WHERE campaign_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
      values: [campaignId, id],
    });
    return row ?? null;
  }

  /** Whoever was a master may know codes that make one. @param tx of the system role */
  async deleteOfMasters(tx: Tx, campaignId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.invites.delete-of-masters',
      text: `DELETE FROM tabletop.invite WHERE campaign_id = $1 AND role = 'gm'`,
      values: [campaignId],
    });
  }

  /**
   * The open invitation of a code, for this transaction alone; its use is counted by {@link countUse}.
   * @param tx of the system role
   */
  async lockByCode(
    tx: Tx,
    codeDigest: Buffer,
    now: Date,
  ): Promise<{ id: string; campaignId: string; role: SeatRole } | null> {
    const [row] = await tx.query<{ id: string; campaignId: string; role: SeatRole }>({
      name: 'tabletop.invites.lock-by-code',
      text: `SELECT i.id, i.campaign_id AS "campaignId", i.role FROM tabletop.invite i JOIN tabletop.campaign c ON c.id = i.campaign_id
             WHERE i.code_digest = $1 AND i.expires_at > $2 AND i.uses < i.most_uses AND c.deleted_at IS NULL FOR UPDATE OF i`,
      values: [codeDigest, now],
    });
    return row ?? null;
  }

  /** @param tx of the system role */
  async countUse(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'tabletop.invites.count-use',
      text: 'UPDATE tabletop.invite SET uses = uses + 1 WHERE id = $1',
      values: [id],
    });
  }
}
