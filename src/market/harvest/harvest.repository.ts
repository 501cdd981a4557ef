import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { HarvestMap, HarvestSubarea } from './harvest-world.js';
import { IS_UNFLAGGED, JOIN_UNFLAGGED, UNFLAGGED_AT, UNFLAGGED_PRICE } from '../prices/unflagged-price.js';

export type SubareaRow = HarvestSubarea;
export type MapRow = HarvestMap;

export interface ResourceRow {
  /** The game's own id of the item. */
  id: number;
  /** Ours; null while nothing but the resource is known of it. */
  itemId: number | null;
  name: string | null;
  nameEn: string | null;
  iconId: string | null;
  /** The game's own id of the job. */
  jobId: number;
  level: number;
}

export interface HarvestJobRow {
  /** The game's own id. */
  id: number;
  name: string | null;
  iconId: number | null;
}

/** The newest price of a resource. */
export interface ResourcePriceRow {
  id: number;
  price: number;
  capturedAt: Date;
  isSimulated: boolean;
}

/** Reads of what grows where; named statements for `uow.read`, the two long ones for a transaction of their own. */
@Injectable()
export class HarvestRepository {
  checksumStatement(gameId: number): Statement {
    return {
      name: 'market.harvest.get-checksum',
      text: 'SELECT harvest_checksum AS checksum FROM market.game WHERE id = $1',
      values: [gameId],
    };
  }

  subareasStatement(gameId: number): Statement {
    return {
      name: 'market.harvest.list-subareas',
      text: `SELECT external_id AS id, area_id AS "areaId", level, is_on_world_map AS "isOnWorldMap", resource_ids AS "resourceIds"
             FROM market.harvest_subarea WHERE game_id = $1 ORDER BY external_id`,
      values: [gameId],
    };
  }

  mapsStatement(gameId: number): Statement {
    return {
      name: 'market.harvest.list-maps',
      text: `SELECT external_id AS id, x, y, subarea_id AS "subareaId"
             FROM market.harvest_map WHERE game_id = $1 ORDER BY external_id`,
      values: [gameId],
    };
  }

  /** By level; names that the seed lacks may have come with a price since. */
  resourcesStatement(gameId: number): Statement {
    return {
      name: 'market.harvest.list-resources',
      text: `SELECT r.external_id AS id, i.id AS "itemId", coalesce(r.name, i.name) AS name, i.name_en AS "nameEn",
               i.icon_id AS "iconId", j.external_id AS "jobId", r.level
             FROM market.harvest_resource r
             JOIN market.job j ON j.id = r.job_id
             LEFT JOIN market.item i ON i.game_id = r.game_id AND i.external_id = r.external_id
             WHERE r.game_id = $1 ORDER BY r.level, r.external_id`,
      values: [gameId],
    };
  }

  /** Jobs that gather something. */
  jobsStatement(gameId: number): Statement {
    return {
      name: 'market.harvest.list-jobs',
      text: `SELECT external_id AS id, name, icon_id AS "iconId" FROM market.job j
             WHERE game_id = $1 AND EXISTS (SELECT FROM market.harvest_resource r WHERE r.job_id = j.id)
             ORDER BY external_id`,
      values: [gameId],
    };
  }

  pricesStatement(serverId: number, gameId: number, resourceIds: readonly number[]): Statement {
    return {
      name: 'market.harvest.list-prices',
      // A source is read from the raw row; one whose month was detached counts as coming from where the newest price does.
      text: `SELECT i.external_id AS id, ${UNFLAGGED_PRICE} AS price, ${UNFLAGGED_AT} AS "capturedAt", s.is_simulated AS "isSimulated"
             FROM market.item i
             JOIN market.latest l ON l.server_id = $1 AND l.item_id = i.id
             ${JOIN_UNFLAGGED}
             JOIN market.source s ON s.id = coalesce((
               SELECT o.source_id FROM market.observation o
               WHERE o.server_id = $1 AND o.item_id = i.id AND o.captured_at = c.captured_at AND o.price = c.price LIMIT 1), l.source_id)
             WHERE i.game_id = $2 AND i.external_id = ANY ($3::int[]) AND ${IS_UNFLAGGED} ORDER BY i.external_id`,
      values: [serverId, gameId, resourceIds],
    };
  }
}
