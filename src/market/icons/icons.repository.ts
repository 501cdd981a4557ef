import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

/** The item's own id, or the game's. */
export type ItemKey = { readonly itemId: number } | { readonly externalId: number };

export interface ItemIconRow {
  itemId: number;
  iconId: string | null;
}

@Injectable()
export class IconsRepository {
  itemStatement(gameId: number, key: ItemKey): Statement {
    return selection('get', gameId, key);
  }

  /** From here to the end of the transaction nobody else changes the item. */
  async lockItem(tx: Tx, gameId: number, key: ItemKey): Promise<ItemIconRow | undefined> {
    const [row] = await tx.query<ItemIconRow>(selection('lock', gameId, key));
    return row;
  }

  async updateIcon(tx: Tx, itemId: number, iconId: string | null): Promise<void> {
    await tx.query({
      name: 'market.icons.update-icon',
      text: 'UPDATE market.item SET icon_id = $2 WHERE id = $1',
      values: [itemId, iconId],
    });
  }
}

function selection(verb: 'get' | 'lock', gameId: number, key: ItemKey): Statement {
  const [column, value] =
    'itemId' in key ? (['id', key.itemId] as const) : (['external_id', key.externalId] as const);
  return {
    name: `market.icons.${verb}-item-by-${column}`,
    text: `SELECT id AS "itemId", icon_id AS "iconId" FROM market.item
           WHERE game_id = $1 AND ${column} = $2 ${verb === 'lock' ? 'FOR NO KEY UPDATE' : ''}`,
    values: [gameId, value],
  };
}
