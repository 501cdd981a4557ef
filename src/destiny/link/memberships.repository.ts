import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { BungieLinkEntity } from './bungie-link.entity.js';
import type { MembershipEntity } from './membership.entity.js';

export type MembershipRow = Omit<MembershipEntity, 'createdAt'> & {
  /** Bungie named it when it was asked last. */
  isPresent: boolean;
};
export type LinkRow = BungieLinkEntity & {
  /** Another one after each change of the link or of its memberships, which are written in one transaction. */
  version: string;
};

/** What Bungie says of one. */
export type SeenMembership = Pick<
  MembershipRow,
  | 'membershipType'
  | 'membershipId'
  | 'displayName'
  | 'icon'
  | 'isActive'
  | 'isOverridden'
  | 'isCrossSavePrimary'
  | 'lastPlayedAt'
>;

const SELECT = `
  SELECT m.id, m.user_id AS "userId", m.membership_type AS "membershipType", m.membership_id AS "membershipId",
    m.display_name AS "displayName", m.icon, m.is_active AS "isActive", m.is_overridden AS "isOverridden",
    m.is_cross_save_primary AS "isCrossSavePrimary", m.last_played_at AS "lastPlayedAt", m.seen_at AS "seenAt",
    coalesce(m.seen_at >= l.read_at, false) AS "isPresent"
  FROM destiny.membership m LEFT JOIN destiny.bungie_link l ON l.user_id = m.user_id`;

/** In the scope of the account, whose id is named besides: workers do the same in the system's. */
@Injectable()
export class MembershipsRepository {
  listOwn(userId: string): Statement {
    return {
      name: 'destiny.memberships.list-own',
      text: `${SELECT} WHERE m.user_id = $1 ORDER BY m.is_active DESC, "isPresent" DESC, m.last_played_at DESC NULLS LAST, m.id`,
      values: [userId],
    };
  }

  ownActive(userId: string): Statement {
    return {
      name: 'destiny.memberships.own-active',
      text: `${SELECT} WHERE m.user_id = $1 AND m.is_active`,
      values: [userId],
    };
  }

  async findActive(tx: Tx, userId: string): Promise<MembershipRow | null> {
    const [row] = await tx.query<MembershipRow>(this.ownActive(userId));
    return row ?? null;
  }

  ownLink(userId: string): Statement {
    return {
      name: 'destiny.memberships.own-link',
      text: `SELECT user_id AS "userId", bungie_id AS "bungieId", asked_at AS "askedAt", read_at AS "readAt",
               is_chosen AS "isChosen", xmin::text AS version
             FROM destiny.bungie_link WHERE user_id = $1`,
      values: [userId],
    };
  }

  /** The link's row under a lock; null where nothing has been asked. */
  async lockLink(tx: Tx, userId: string): Promise<LinkRow | null> {
    const { text } = this.ownLink(userId);
    const [row] = await tx.query<LinkRow>({
      name: 'destiny.memberships.lock-link',
      text: `${text} FOR UPDATE`,
      values: [userId],
    });
    return row ?? null;
  }

  /**
   * Of all who want to ask Bungie one may, once in so many seconds; for another Bungie account than the one of last time at once.
   * @returns 0 when it is the caller, else seconds until somebody may again
   */
  async claimAsking(tx: Tx, userId: string, bungieId: string | null, floorS: number): Promise<number> {
    const rows = await tx.query({
      name: 'destiny.memberships.claim-asking',
      text: `INSERT INTO destiny.bungie_link AS l (user_id, asked_at) VALUES ($1, now())
             ON CONFLICT (user_id) DO UPDATE SET asked_at = now()
               WHERE l.asked_at <= now() - make_interval(secs => $3) OR l.bungie_id <> $2::text
             RETURNING 1`,
      values: [userId, bungieId, floorS],
    });
    if (rows.length === 1) return 0;
    const [row] = await tx.query<{ leftS: number }>({
      name: 'destiny.memberships.asking-left',
      text: `SELECT greatest(1, ceil($2 - extract(epoch FROM now() - asked_at)))::int AS "leftS"
             FROM destiny.bungie_link WHERE user_id = $1`,
      values: [userId, floorS],
    });
    return row?.leftS ?? 1;
  }

  /** After a failure it may be asked again sooner. */
  async updateAskedAgo(tx: Tx, userId: string, agoS: number): Promise<void> {
    await tx.query({
      name: 'destiny.memberships.update-asked-ago',
      text: 'UPDATE destiny.bungie_link SET asked_at = now() - make_interval(secs => $2) WHERE user_id = $1',
      values: [userId, agoS],
    });
  }

  /** @param isChosen the player's own choice holds on */
  async updateRead(tx: Tx, userId: string, bungieId: string, isChosen: boolean): Promise<void> {
    await tx.query({
      name: 'destiny.memberships.update-read',
      text: 'UPDATE destiny.bungie_link SET bungie_id = $2, read_at = now(), is_chosen = $3 WHERE user_id = $1',
      values: [userId, bungieId, isChosen],
    });
  }

  /** Before another becomes the active one: of each account there is one at any time. */
  async updateNoneActive(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'destiny.memberships.update-none-active',
      text: 'UPDATE destiny.membership SET is_active = false WHERE user_id = $1 AND is_active',
      values: [userId],
    });
  }

  async upsertSeen(tx: Tx, userId: string, seen: readonly SeenMembership[]): Promise<void> {
    await tx.query({
      name: 'destiny.memberships.upsert-seen',
      text: `INSERT INTO destiny.membership AS m (id, user_id, membership_type, membership_id, display_name, icon, is_active,
               is_overridden, is_cross_save_primary, last_played_at, seen_at)
             SELECT (row->>'id')::uuid, $1, (row->>'membershipType')::int, row->>'membershipId', row->>'displayName', row->>'icon',
               (row->>'isActive')::bool, (row->>'isOverridden')::bool, (row->>'isCrossSavePrimary')::bool,
               (row->>'lastPlayedAt')::timestamptz, now()
             FROM jsonb_array_elements($2::jsonb) AS row
             ON CONFLICT (user_id, membership_type, membership_id) DO UPDATE SET display_name = EXCLUDED.display_name,
               icon = EXCLUDED.icon, is_active = EXCLUDED.is_active, is_overridden = EXCLUDED.is_overridden,
               is_cross_save_primary = EXCLUDED.is_cross_save_primary,
               last_played_at = coalesce(EXCLUDED.last_played_at, m.last_played_at), seen_at = EXCLUDED.seen_at`,
      values: [userId, JSON.stringify(seen.map((row) => ({ ...row, id: uuidv7() })))],
    });
  }

  async findOwn(tx: Tx, userId: string, id: string): Promise<MembershipRow | null> {
    const [row] = await tx.query<MembershipRow>({
      name: 'destiny.memberships.find-own',
      text: `${SELECT} WHERE m.user_id = $1 AND m.id = $2`,
      values: [userId, id],
    });
    return row ?? null;
  }

  /** The player's choice. */
  async updateActive(tx: Tx, userId: string, id: string): Promise<void> {
    await this.updateNoneActive(tx, userId);
    await tx.query({
      name: 'destiny.memberships.update-active',
      text: 'UPDATE destiny.membership SET is_active = true WHERE user_id = $1 AND id = $2',
      values: [userId, id],
    });
    await tx.query({
      name: 'destiny.memberships.update-chosen',
      text: 'UPDATE destiny.bungie_link SET is_chosen = true WHERE user_id = $1',
      values: [userId],
    });
  }

  /** With all that hangs on them. @returns how many there were; null when there was no link at all */
  async deleteLink(tx: Tx, userId: string): Promise<number | null> {
    const memberships = await tx.query({
      name: 'destiny.memberships.delete-all',
      text: 'DELETE FROM destiny.membership WHERE user_id = $1 RETURNING 1',
      values: [userId],
    });
    const links = await tx.query({
      name: 'destiny.memberships.delete-link',
      text: 'DELETE FROM destiny.bungie_link WHERE user_id = $1 RETURNING 1',
      values: [userId],
    });
    return memberships.length + links.length === 0 ? null : memberships.length;
  }
}
