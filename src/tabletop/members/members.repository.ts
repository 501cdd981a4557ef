import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';

export interface MemberRow {
  readonly userId: string;
  readonly role: SeatRole;
  readonly displayName: string;
  readonly joinedAt: Date;
}

const COLUMNS = 'user_id AS "userId", role, display_name AS "displayName", joined_at AS "joinedAt"';

/** Seats: read by whoever sits at the table, through a function that asks that; written by the platform's role. */
@Injectable()
export class MembersRepository {
  /** Masters first, then by name; nobody for strangers. */
  listMembers(campaignId: string): Statement {
    return {
      name: 'tabletop.members.list-members',
      text: `SELECT ${COLUMNS} FROM tabletop.list_members($1) ORDER BY role = 'gm' DESC, display_name, user_id`,
      values: [campaignId],
    };
  }

  /** Whether all of them sit at the table. */
  async areMembers(tx: Tx, campaignId: string, userIds: readonly string[]): Promise<boolean> {
    const [row] = await tx.query<{ areMembers: boolean }>({
      name: 'tabletop.members.are-members',
      text: `SELECT NOT EXISTS (SELECT unnest($2::uuid[]) EXCEPT SELECT user_id FROM tabletop.list_members($1)) AS "areMembers"`,
      values: [campaignId, userIds],
    });
    return row!.areMembers;
  }

  /** All seats of a campaign, for a change of one. @param tx of the system role */
  async lockSeats(tx: Tx, campaignId: string): Promise<MemberRow[]> {
    return tx.query<MemberRow>({
      name: 'tabletop.members.lock-seats',
      text: `SELECT ${COLUMNS} FROM tabletop.membership WHERE campaign_id = $1 AND suspended_at IS NULL ORDER BY user_id FOR UPDATE`,
      values: [campaignId],
    });
  }

  /** @param tx of the system role @returns false when they sit there already */
  async insertSeat(
    tx: Tx,
    campaignId: string,
    seat: { userId: string; role: SeatRole; displayName: string },
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.members.insert-seat',
      text: `INSERT INTO tabletop.membership (campaign_id, user_id, role, display_name) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [campaignId, seat.userId, seat.role, seat.displayName],
    });
    return rows.length === 1;
  }

  /** @param tx of the system role */
  async updateSeat(
    tx: Tx,
    campaignId: string,
    seat: { userId: string; role: SeatRole; displayName: string },
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.members.update-seat',
      text: 'UPDATE tabletop.membership SET role = $3, display_name = $4 WHERE campaign_id = $1 AND user_id = $2',
      values: [campaignId, seat.userId, seat.role, seat.displayName],
    });
  }

  /** With what was shown or lent to them alone; their characters stay, without a player. @param tx of the system role */
  async deleteSeat(tx: Tx, campaignId: string, userId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.members.clear-owned',
      text: `UPDATE tabletop.object SET owner_id = nullif(owner_id, $2), shown_to = array_remove(shown_to, $2), version = version + 1,
               change_seq = tabletop.next_change()
             WHERE campaign_id = $1 AND (owner_id = $2 OR $2 = ANY (shown_to))`,
      values: [campaignId, userId],
    });
    await tx.query({
      name: 'tabletop.members.clear-links',
      text: `UPDATE tabletop.link SET shown_to = array_remove(shown_to, $2), version = version + 1, change_seq = tabletop.next_change()
             WHERE campaign_id = $1 AND $2 = ANY (shown_to)`,
      values: [campaignId, userId],
    });
    await tx.query({
      name: 'tabletop.members.clear-secrets',
      text: `UPDATE tabletop.secret SET shown_to = array_remove(shown_to, $2) WHERE campaign_id = $1 AND $2 = ANY (shown_to)`,
      values: [campaignId, userId],
    });
    await tx.query({
      name: 'tabletop.members.delete-seat',
      text: 'DELETE FROM tabletop.membership WHERE campaign_id = $1 AND user_id = $2',
      values: [campaignId, userId],
    });
  }
}
