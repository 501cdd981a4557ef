import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { WishNotes, WishRoll } from './wish-list.js';
import type { WishListEntity } from './wish-list.entity.js';

export type WishListRow = WishListEntity;
export type WishListHead = Pick<
  WishListRow,
  'title' | 'description' | 'sizeBytes' | 'rollCount' | 'faultCount' | 'faults'
>;

/** Rolls that follow each other in a list, and what it says of them. */
export interface RollPortion {
  /** Of the first roll. */
  readonly position: number;
  readonly rolls: readonly WishRoll[];
  /** Of the first of its notes. */
  readonly notePosition: number;
}

/** What stands in the table for any item. */
export const ANY_ITEM_HASH = 0;

const SELECT = `
  SELECT id, user_id AS "userId", title, description, size_bytes AS "sizeBytes", roll_count AS "rollCount",
    fault_count AS "faultCount", faults, version, created_at AS "createdAt", updated_at AS "updatedAt"
  FROM destiny.wish_list`;

/** Lists and what is in them, in the scope of their account. */
@Injectable()
export class WishListsRepository {
  /** Until the end of the transaction nobody else adds to the account's. @returns what there is */
  async lockRoom(tx: Tx, userId: string): Promise<{ listCount: number; rollCount: number }> {
    await tx.query({
      name: 'destiny.wish-lists.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.destinyWishLists}, hashtext($1))`,
      values: [userId],
    });
    const [row] = await tx.query<{ listCount: number; rollCount: number }>({
      name: 'destiny.wish-lists.count-lists',
      text: `SELECT count(*)::int AS "listCount", coalesce(sum(roll_count), 0)::int AS "rollCount" FROM destiny.wish_list`,
      values: [],
    });
    return row!;
  }

  async insertList(tx: Tx, row: Pick<WishListRow, 'id' | 'userId' | 'title' | 'sizeBytes'>): Promise<void> {
    await tx.query({
      name: 'destiny.wish-lists.insert-list',
      text: 'INSERT INTO destiny.wish_list (id, user_id, title, size_bytes) VALUES ($1, $2, $3, $4)',
      values: [row.id, row.userId, row.title, row.sizeBytes],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listPage(tx: Tx, before: string | null, limit: number): Promise<WishListRow[]> {
    return tx.query<WishListRow>({
      name: 'destiny.wish-lists.list-page',
      text: `${SELECT} WHERE ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2`,
      values: [before, limit],
    });
  }

  async findList(tx: Tx, id: string): Promise<WishListRow | null> {
    const [row] = await tx.query<WishListRow>({
      name: 'destiny.wish-lists.find-list',
      text: `${SELECT} WHERE id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  async lockList(tx: Tx, id: string): Promise<WishListRow | null> {
    const [row] = await tx.query<WishListRow>({
      name: 'destiny.wish-lists.lock-list',
      text: `${SELECT} WHERE id = $1 FOR UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  async updateHead(tx: Tx, id: string, head: WishListHead, version: number): Promise<void> {
    const { title, description, sizeBytes, rollCount, faultCount, faults } = head;
    await tx.query({
      name: 'destiny.wish-lists.update-head',
      text: `UPDATE destiny.wish_list SET title = $2, description = $3, size_bytes = $4, roll_count = $5, fault_count = $6,
               faults = $7::jsonb, version = $8, updated_at = clock_timestamp()
             WHERE id = $1`,
      values: [id, title, description, sizeBytes, rollCount, faultCount, JSON.stringify(faults), version],
    });
  }

  /** With all that is in it. */
  async deleteList(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'destiny.wish-lists.delete-list',
      text: 'DELETE FROM destiny.wish_list WHERE id = $1',
      values: [id],
    });
  }

  async deleteRolls(tx: Tx, userId: string, listId: string): Promise<void> {
    for (const table of ['roll', 'note'])
      await tx.query({
        name: `destiny.wish-lists.delete-${table}s`,
        text: `DELETE FROM destiny.wish_list_${table} WHERE user_id = $1 AND list_id = $2`,
        values: [userId, listId],
      });
  }

  /** @returns position of the next note */
  async insertRolls(tx: Tx, userId: string, listId: string, portion: RollPortion): Promise<number> {
    const notes = new Map<WishNotes, number>();
    for (const roll of portion.rolls)
      if (roll.notes !== null && !notes.has(roll.notes))
        notes.set(roll.notes, portion.notePosition + notes.size);
    if (notes.size > 0) await this.insertNotes(tx, userId, listId, notes);
    await tx.query({
      name: 'destiny.wish-lists.insert-rolls',
      text: `INSERT INTO destiny.wish_list_roll (user_id, list_id, position, item_hash, is_trash, perks, note_position)
             SELECT $1, $2, $3::int + row - 1, item_hash, is_trash, perks::bigint[], note_position
             FROM unnest($4::bigint[], $5::boolean[], $6::text[], $7::int[])
               WITH ORDINALITY AS r(item_hash, is_trash, perks, note_position, row)`,
      values: [
        userId,
        listId,
        portion.position,
        portion.rolls.map(({ itemHash }) => itemHash ?? ANY_ITEM_HASH),
        portion.rolls.map(({ isTrash }) => isTrash),
        portion.rolls.map(({ perks }) => `{${perks.join(',')}}`),
        portion.rolls.map((roll) => (roll.notes === null ? null : (notes.get(roll.notes) ?? null))),
      ],
    });
    return portion.notePosition + notes.size;
  }

  private async insertNotes(
    tx: Tx,
    userId: string,
    listId: string,
    notes: ReadonlyMap<WishNotes, number>,
  ): Promise<void> {
    await tx.query({
      name: 'destiny.wish-lists.insert-notes',
      text: `INSERT INTO destiny.wish_list_note (user_id, list_id, position, notes, tags)
             SELECT $1, $2, position, notes, ARRAY(SELECT jsonb_array_elements_text(tags))
             FROM unnest($3::int[], $4::text[], $5::jsonb[]) AS n(position, notes, tags)`,
      values: [
        userId,
        listId,
        [...notes.values()],
        [...notes.keys()].map(({ text }) => text),
        [...notes.keys()].map(({ tags }) => JSON.stringify(tags)),
      ],
    });
  }
}
