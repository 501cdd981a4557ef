import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { ENERGY_EFFECT, LIFE_EFFECT } from './describe-effect.js';

export interface ItemEffectRow {
  id: number;
  itemId: number;
  effectId: number;
  minValue: number;
  maxValue: number | null;
  position: number;
  /** UTC with microseconds and without a zone, `2026-11-21T11:00:00.123000`. */
  createdAtUtc: string;
}

/** What gives back life or energy, with its newest price on a server. */
export interface ConsumableRow {
  id: number;
  label: string;
  iconId: string | null;
  level: number | null;
  life: number;
  energy: number;
  /** Kamas for one unit. */
  price: number;
  seenAtUtc: string;
}

const UTC = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;

@Injectable()
export class ItemEffectsRepository {
  /** In the game's own order. */
  effectsStatement(gameId: number, itemId: number): Statement {
    return {
      name: 'market.item-effects.list',
      text: `SELECT e.id, e.item_id AS "itemId", e.effect_id AS "effectId", e.min_value AS "minValue",
               e.max_value AS "maxValue", e.position, ${UTC('e.created_at')} AS "createdAtUtc"
             FROM market.item_effect e JOIN market.item i ON i.id = e.item_id
             WHERE i.game_id = $1 AND e.item_id = $2 ORDER BY e.position, e.id`,
      values: [gameId, itemId],
    };
  }

  hasEffectsStatement(gameId: number): Statement {
    return {
      name: 'market.item-effects.has-any',
      text: `SELECT 1 FROM market.item_effect e JOIN market.item i ON i.id = e.item_id WHERE i.game_id = $1 LIMIT 1`,
      values: [gameId],
    };
  }

  /** Those that have a price above 0 on the server, by name. */
  consumablesStatement(serverId: number): Statement {
    return {
      name: 'market.item-effects.list-consumables',
      text: `SELECT i.id, i.label, i.icon_id AS "iconId", i.level, e.life, e.energy, l.price,
               ${UTC('l.captured_at')} AS "seenAtUtc"
             FROM (SELECT item_id, coalesce(sum(min_value) FILTER (WHERE effect_id = ${LIFE_EFFECT}), 0)::int AS life,
                     coalesce(sum(min_value) FILTER (WHERE effect_id = ${ENERGY_EFFECT}), 0)::int AS energy
                   FROM market.item_effect WHERE effect_id IN (${LIFE_EFFECT}, ${ENERGY_EFFECT}) GROUP BY item_id) e
             JOIN market.latest l ON l.server_id = $1 AND l.item_id = e.item_id AND l.price > 0
             JOIN market.item i ON i.id = e.item_id
             ORDER BY i.label_fold, i.id`,
      values: [serverId],
    };
  }
}
