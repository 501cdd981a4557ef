import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** What becomes of campaigns whose people go. For the system role. */
@Injectable()
export class CampaignErasureRepository {
  /** A person's campaigns go to the master who has sat there longest, where there is another one. */
  async handOver(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.campaign-erasure.hand-over',
      text: `UPDATE tabletop.campaign c SET user_id = heir.user_id, updated_at = now()
             FROM (SELECT DISTINCT ON (campaign_id) campaign_id, user_id FROM tabletop.membership
                   WHERE role = 'gm' AND user_id <> $1 ORDER BY campaign_id, joined_at, user_id) heir
             WHERE heir.campaign_id = c.id AND c.user_id = $1`,
      values: [userId],
    });
  }

  /** Pictures of the maps in a person's campaigns, whoever uploaded them. */
  listOwnedPictures(tx: Tx, userId: string): Promise<string[]> {
    return pictures(tx, 'list-owned-pictures', 'c.user_id = $1', userId);
  }

  /** Pictures of maps that were deleted before an instant, by themselves or with their campaign. */
  listExpiredPictures(tx: Tx, before: Date): Promise<string[]> {
    return pictures(tx, 'list-expired-pictures', 'o.deleted_at < $1 OR c.deleted_at < $1', before);
  }

  /** With all that is in them. @returns their ids */
  async deleteOwned(tx: Tx, userId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'tabletop.campaign-erasure.delete-owned',
      text: 'DELETE FROM tabletop.campaign WHERE user_id = $1 RETURNING id',
      values: [userId],
    });
    return rows.map(({ id }) => id);
  }

  /** Seats, with what was lent to them; names of the person on what stays. */
  async clearPerson(tx: Tx, userId: string): Promise<void> {
    const run = (name: string, text: string): Promise<object[]> =>
      tx.query({ name: `tabletop.campaign-erasure.${name}`, text, values: [userId] });
    await run(
      'clear-objects',
      `UPDATE tabletop.object SET owner_id = nullif(owner_id, $1), created_by = nullif(created_by, $1), shown_to = array_remove(shown_to, $1),
         version = version + 1, change_seq = tabletop.next_change()
       WHERE owner_id = $1 OR created_by = $1 OR $1 = ANY (shown_to)`,
    );
    await run(
      'clear-secrets',
      'UPDATE tabletop.secret SET shown_to = array_remove(shown_to, $1) WHERE $1 = ANY (shown_to)',
    );
    await run(
      'clear-links',
      `UPDATE tabletop.link SET shown_to = array_remove(shown_to, $1), version = version + 1, change_seq = tabletop.next_change()
       WHERE $1 = ANY (shown_to)`,
    );
    // What logs say of the person's own seats goes; that there was something stays.
    await run(
      'clear-seats-told',
      `UPDATE tabletop.change SET before = NULL, after = NULL WHERE kind = 'member' AND (before ->> 'userId' = $1::text OR after ->> 'userId' = $1::text)`,
    );
    await run('clear-imports', 'UPDATE tabletop.import SET imported_by = NULL WHERE imported_by = $1');
    await run(
      'clear-import-sources',
      'UPDATE tabletop.import_source SET imported_by = NULL WHERE imported_by = $1',
    );
    await run('clear-changes', 'UPDATE tabletop.change SET actor_id = NULL WHERE actor_id = $1');
    await run('delete-seats', 'DELETE FROM tabletop.membership WHERE user_id = $1');
  }

  /** Campaigns and objects that were deleted before an instant, for good. @returns ids of the campaigns */
  async deleteExpired(tx: Tx, before: Date): Promise<string[]> {
    await tx.query({
      name: 'tabletop.campaign-erasure.free-children',
      text: `UPDATE tabletop.object o SET parent_id = NULL FROM tabletop.object p
             WHERE o.campaign_id = p.campaign_id AND o.parent_id = p.id AND p.deleted_at < $1`,
      values: [before],
    });
    await tx.query({
      name: 'tabletop.campaign-erasure.delete-expired-objects',
      text: 'DELETE FROM tabletop.object WHERE deleted_at < $1',
      values: [before],
    });
    const rows = await tx.query<{ id: string }>({
      name: 'tabletop.campaign-erasure.delete-expired',
      text: 'DELETE FROM tabletop.campaign WHERE deleted_at < $1 RETURNING id',
      values: [before],
    });
    return rows.map(({ id }) => id);
  }

  /** What models have made of campaigns that want no models any more. */
  async deleteUnwantedVectors(tx: Tx): Promise<void> {
    await tx.query({
      name: 'tabletop.campaign-erasure.delete-unwanted-vectors',
      text: `DELETE FROM tabletop.object_vector v USING tabletop.campaign c WHERE c.id = v.campaign_id AND c.ai_policy = 'off'`,
      values: [],
    });
  }

  /** What campaigns no longer want kept of their logs. */
  async deleteOldChanges(tx: Tx, now: Date): Promise<void> {
    await tx.query({
      name: 'tabletop.campaign-erasure.delete-old-changes',
      text: `DELETE FROM tabletop.change l USING tabletop.campaign c
             WHERE c.id = l.campaign_id AND c.change_days IS NOT NULL AND l.at < $1::timestamptz - make_interval(days => c.change_days)`,
      values: [now],
    });
  }
}

async function pictures(tx: Tx, name: string, condition: string, value: string | Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    name: `tabletop.campaign-erasure.${name}`,
    text: `SELECT m.file_id AS id FROM tabletop.battle_map m JOIN tabletop.object o ON o.id = m.map_id
           JOIN tabletop.campaign c ON c.id = m.campaign_id WHERE ${condition}`,
    values: [value],
  });
  return rows.map(({ id }) => id);
}
