import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { WeaponEntity } from './weapon.entity.js';

export type WeaponRow = Omit<WeaponEntity, 'userId' | 'membershipId' | 'firstSeenAt'>;

const COLUMNS = `w.item_instance_id AS "itemInstanceId", w.item_hash AS "itemHash", w.location, w.character_id AS "characterId",
  w.power, w.item, w.content_hash AS "contentHash"`;

/** Weapons as they were last read. */
@Injectable()
export class WeaponsRepository {
  /** Of the account's active membership: what the list of its weapons depends on. */
  findActive(): Statement {
    return {
      name: 'destiny.weapons.find-active',
      text: `SELECT m.id AS "membershipId", p.weapons_version AS version, p.minted_at AS "mintedAt", p.last_played_at AS "lastPlayedAt",
               p.inventory_state AS "inventoryState"
             FROM destiny.membership m JOIN destiny.profile p ON p.membership_id = m.id WHERE m.is_active`,
      values: [],
    };
  }

  /** All weapons of a membership. */
  listItems(membershipId: string): Statement {
    return {
      name: 'destiny.weapons.list-items',
      text: `SELECT coalesce(json_agg(item ORDER BY item_instance_id), '[]') AS items FROM destiny.weapon WHERE membership_id = $1`,
      values: [membershipId],
    };
  }

  /** Of the account's active membership. */
  findOne(itemInstanceId: string): Statement {
    return {
      name: 'destiny.weapons.find-one',
      text: `SELECT ${COLUMNS}, p.minted_at AS "mintedAt" FROM destiny.membership m JOIN destiny.weapon w ON w.membership_id = m.id
             JOIN destiny.profile p ON p.membership_id = m.id
             WHERE m.is_active AND w.item_instance_id = $1`,
      values: [itemInstanceId],
    };
  }

  async listHashes(tx: Tx, membershipId: string): Promise<Map<string, string>> {
    const rows = await tx.query<{ id: string; hash: string }>({
      name: 'destiny.weapons.list-hashes',
      text: 'SELECT item_instance_id AS id, content_hash AS hash FROM destiny.weapon WHERE membership_id = $1',
      values: [membershipId],
    });
    return new Map(rows.map(({ id, hash }) => [id, hash]));
  }

  async upsertWeapons(
    tx: Tx,
    { membershipId, userId }: { membershipId: string; userId: string },
    seenAt: Date,
    rows: readonly WeaponRow[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query({
      name: 'destiny.weapons.upsert-weapons',
      text: `INSERT INTO destiny.weapon (membership_id, user_id, first_seen_at, item_instance_id, item_hash, location, character_id, power,
               item, content_hash)
             SELECT $1, $2, $3, * FROM unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::int[], $9::jsonb[], $10::uuid[])
             ON CONFLICT (membership_id, item_instance_id) DO UPDATE SET item_hash = excluded.item_hash, location = excluded.location,
               character_id = excluded.character_id, power = excluded.power, item = excluded.item, content_hash = excluded.content_hash`,
      values: [
        membershipId,
        userId,
        seenAt,
        rows.map(({ itemInstanceId }) => itemInstanceId),
        rows.map(({ itemHash }) => itemHash),
        rows.map(({ location }) => location),
        rows.map(({ characterId }) => characterId),
        rows.map(({ power }) => power),
        rows.map(({ item }) => JSON.stringify(item)),
        rows.map(({ contentHash }) => contentHash),
      ],
    });
  }

  async deleteWeapons(tx: Tx, membershipId: string, itemInstanceIds: readonly string[]): Promise<void> {
    if (itemInstanceIds.length === 0) return;
    await tx.query({
      name: 'destiny.weapons.delete-weapons',
      text: 'DELETE FROM destiny.weapon WHERE membership_id = $1 AND item_instance_id = ANY ($2::text[])',
      values: [membershipId, itemInstanceIds],
    });
  }
}
