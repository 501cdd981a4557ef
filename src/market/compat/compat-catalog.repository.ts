import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';

export interface UsageRow {
  recipesCreated: number;
  recipesUsedIn: number;
  observations: number;
}

export interface KnownItemRow {
  externalId: number;
  name: string;
  category: string | null;
  hasIcon: boolean;
}

@Injectable()
export class CompatCatalogRepository {
  /** What would go with an item, but for what people keep of it (ItemUsesRepository). */
  usageStatement(gameId: number, itemId: number): Statement {
    return {
      name: 'market.compat.get-usage',
      text: `SELECT (SELECT count(*) FROM market.recipe r WHERE r.game_id = $1 AND r.result_item_id = $2)::int AS "recipesCreated",
               (SELECT count(*) FROM market.recipe_ingredient g WHERE g.item_id = $2)::int AS "recipesUsedIn",
               (SELECT coalesce(sum(o.n), 0) FROM market.server s
                CROSS JOIN LATERAL (SELECT count(*) AS n FROM market.observation o
                                    WHERE o.server_id = s.id AND o.item_id = $2) o
                WHERE s.game_id = $1)::float8 AS observations`,
      values: [gameId, itemId],
    };
  }

  /** Items that somebody has named by hand and that have an id of the game. */
  knownItemsStatement(gameId: number): Statement {
    return {
      name: 'market.compat.list-known-items',
      text: `SELECT i.external_id AS "externalId", coalesce(i.name, i.label) AS name, c.name AS category,
               i.icon_id IS NOT NULL AS "hasIcon"
             FROM market.item i LEFT JOIN market.category c ON c.id = i.category_id
             WHERE i.game_id = $1 AND i.is_manual AND i.external_id IS NOT NULL ORDER BY i.external_id`,
      values: [gameId],
    };
  }
}
