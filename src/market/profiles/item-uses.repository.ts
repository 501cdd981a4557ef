import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** How many rows of all accounts name an item, and go with it when it is deleted. */
export interface ItemUses {
  /** Lists that it is on. */
  lists: number;
  /** Profiles that have marked it. */
  favourites: number;
  /** Places of banks in which it lies. */
  stock: number;
}

@Injectable()
export class ItemUsesRepository {
  /** @param tx of the system role: in anybody else's scope the rows of others are not counted */
  async countItemUses(tx: Tx, itemId: number): Promise<ItemUses> {
    const [row] = await tx.query<ItemUses>({
      name: 'market.item-uses.count',
      text: `SELECT (SELECT count(*) FROM market.list_item WHERE item_id = $1) AS lists,
               (SELECT count(*) FROM market.favourite WHERE item_id = $1) AS favourites,
               (SELECT count(*) FROM market.stock WHERE item_id = $1) AS stock`,
      values: [itemId],
    });
    return row!;
  }

  /** An item that a personal thing is to refer to; kept from being deleted until the end of the transaction. */
  async holdItem(tx: Tx, gameId: number, item: { id: number } | { label: string }): Promise<number | null> {
    const [row] = await tx.query<{ id: number }>(
      'id' in item
        ? {
            name: 'market.item-uses.hold-item',
            text: 'SELECT id FROM market.item WHERE game_id = $1 AND id = $2 FOR KEY SHARE',
            values: [gameId, item.id],
          }
        : {
            name: 'market.item-uses.hold-item-by-label',
            text: 'SELECT id FROM market.item WHERE game_id = $1 AND label = $2 FOR KEY SHARE',
            values: [gameId, item.label],
          },
    );
    return row?.id ?? null;
  }
}
