import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { ANY_ITEM_HASH } from './wish-lists.repository.js';

/** A stored roll with what its list says of it. */
export interface WishRollRow {
  listId: string;
  listTitle: string;
  position: number;
  /** Null = any item. */
  itemHash: number | null;
  isTrash: boolean;
  perks: number[];
  notes: string | null;
  tags: string[];
}

export interface MatchedRollRow extends WishRollRow {
  /** All of its perks are plugged in. */
  isSelected: boolean;
  /** Rolls of its kind (good, or to throw away) that match. */
  count: number;
}

/** A weapon as it is looked for; every hash with all the forms that count as the same. */
export interface WantedWeapon {
  /** The item, its categories. */
  readonly itemHashes: readonly number[];
  readonly selected: readonly number[];
  readonly selectable: readonly number[];
}

/** Of the columns that make a roll: the number of the column that each hash stands in. */
export interface ColumnHashes {
  readonly columns: readonly number[];
  readonly hashes: readonly number[];
}

const ROLL = `r.list_id AS "listId", l.title AS "listTitle", r.position, nullif(r.item_hash, ${ANY_ITEM_HASH}) AS "itemHash",
  r.is_trash AS "isTrash", array_to_json(r.perks) AS perks, n.notes, coalesce(n.tags, '{}') AS tags`;
const OF_LIST = `
  JOIN destiny.wish_list l ON l.user_id = r.user_id AND l.id = r.list_id
  LEFT JOIN destiny.wish_list_note n ON n.user_id = r.user_id AND n.list_id = r.list_id AND n.position = r.note_position`;

/** Rolls of all lists of an account, in its scope. */
@Injectable()
export class WishRollsRepository {
  /** In the list's order. @param itemHash only of this item @param after only later ones */
  listPage(
    tx: Tx,
    listId: string,
    itemHash: number | null,
    after: number,
    limit: number,
  ): Promise<WishRollRow[]> {
    return tx.query<WishRollRow>({
      name: 'destiny.wish-rolls.list-page',
      text: `SELECT ${ROLL} FROM destiny.wish_list_roll r ${OF_LIST}
             WHERE r.list_id = $1 AND ($2::bigint IS NULL OR r.item_hash = $2) AND r.position > $3
             ORDER BY r.position LIMIT $4`,
      values: [listId, itemHash, after, limit],
      isPlannedAnew: true,
    });
  }

  /** Good rolls of an item, list by list. @param after only those behind this one */
  listGood(
    tx: Tx,
    itemHash: number,
    after: { listId: string; position: number } | null,
    limit: number,
  ): Promise<WishRollRow[]> {
    return tx.query<WishRollRow>({
      name: 'destiny.wish-rolls.list-good',
      text: `SELECT ${ROLL} FROM destiny.wish_list_roll r ${OF_LIST}
             WHERE r.item_hash = $1 AND NOT r.is_trash AND ($2::uuid IS NULL OR (r.list_id, r.position) > ($2, $3::int))
             ORDER BY r.list_id, r.position LIMIT $4`,
      values: [itemHash, after?.listId ?? null, after?.position ?? null, limit],
      isPlannedAnew: true,
    });
  }

  /** Rolls that speak of the weapon and of which every perk is there: those with the most perks first, good ones before the others. */
  listMatches(tx: Tx, weapon: WantedWeapon, limit: number): Promise<MatchedRollRow[]> {
    return tx.query<MatchedRollRow>({
      name: 'destiny.wish-rolls.list-matches',
      text: `WITH matched AS (
               SELECT *, perks <@ $2::bigint[] AS is_selected, (count(*) OVER kinds)::int AS count,
                 row_number() OVER (kinds ORDER BY cardinality(perks) DESC, list_id, position) AS rank
               FROM destiny.wish_list_roll WHERE item_hash = ANY ($1::bigint[]) AND perks <@ $3::bigint[]
               WINDOW kinds AS (PARTITION BY is_trash))
             SELECT ${ROLL}, r.is_selected AS "isSelected", r.count FROM matched r ${OF_LIST}
             WHERE r.rank <= $4 ORDER BY r.is_trash, r.rank`,
      values: [[...weapon.itemHashes, ANY_ITEM_HASH], weapon.selected, weapon.selectable, limit],
    });
  }

  /** The most columns of the weapon of which a good roll names a perk. */
  async findMostColumns(
    tx: Tx,
    itemHashes: readonly number[],
    { columns, hashes }: ColumnHashes,
  ): Promise<number> {
    const [row] = await tx.query<{ most: number }>({
      name: 'destiny.wish-rolls.find-most-columns',
      text: `SELECT coalesce(max(named.count), 0)::int AS most
             FROM destiny.wish_list_roll r CROSS JOIN LATERAL (
               SELECT count(DISTINCT c.number) FROM unnest($2::int[], $3::bigint[]) AS c(number, hash)
               WHERE c.hash = ANY (r.perks)) AS named
             WHERE r.item_hash = ANY ($1::bigint[]) AND NOT r.is_trash`,
      values: [[...itemHashes, ANY_ITEM_HASH], columns, hashes],
    });
    return row?.most ?? 0;
  }
}
