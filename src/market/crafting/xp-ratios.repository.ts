import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** A ratio that is another now. */
export interface ChangedRatioRow {
  /** The game's own id. */
  externalId: number;
  before: number | null;
  after: number | null;
}

@Injectable()
export class XpRatiosRepository {
  /** Items of the game that are unknown here are passed over. @returns what has changed */
  updateItems(
    tx: Tx,
    gameId: number,
    ratios: ReadonlyMap<number, number | null>,
  ): Promise<ChangedRatioRow[]> {
    return this.update(tx, 'item', gameId, ratios);
  }

  updateTypes(
    tx: Tx,
    gameId: number,
    ratios: ReadonlyMap<number, number | null>,
  ): Promise<ChangedRatioRow[]> {
    return this.update(tx, 'item_type', gameId, ratios);
  }

  private update(
    tx: Tx,
    table: 'item' | 'item_type',
    gameId: number,
    ratios: ReadonlyMap<number, number | null>,
  ): Promise<ChangedRatioRow[]> {
    return tx.query<ChangedRatioRow>({
      name: `market.xp-ratios.update-${table}`,
      text: `WITH known AS (
               SELECT x.id, x.external_id, x.craft_xp_ratio AS before, t.ratio AS after
               FROM unnest($2::int[], $3::int[]) AS t(external_id, ratio)
               JOIN market.${table} x ON x.game_id = $1 AND x.external_id = t.external_id
               WHERE x.craft_xp_ratio IS DISTINCT FROM t.ratio ORDER BY x.id FOR NO KEY UPDATE OF x
             ), changed AS (
               UPDATE market.${table} x SET craft_xp_ratio = known.after FROM known WHERE x.id = known.id
             )
             SELECT external_id AS "externalId", before, after FROM known ORDER BY external_id`,
      values: [gameId, [...ratios.keys()], [...ratios.values()]],
    });
  }
}
