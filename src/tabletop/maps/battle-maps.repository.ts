import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { BattleMapEntity } from './battle-map.entity.js';
import type { MapPlanEntity } from './map-plan.entity.js';

export type BattleMapRow = BattleMapEntity;
export type MapPlanRow = MapPlanEntity;

const GRID = `map_id AS "mapId", campaign_id AS "campaignId", file_id AS "fileId", width_px AS "widthPx", height_px AS "heightPx", cell_px AS "cellPx",
  cell_distance AS "cellDistance", distance_unit AS "distanceUnit"`;
const PLAN = `map_id AS "mapId", campaign_id AS "campaignId", walls, portals, lights, is_lit AS "isLit", ambient_light AS "ambientLight"`;

/** Pictures and plans of maps, in the scope of whoever asks: plans are there for masters alone. */
@Injectable()
export class BattleMapsRepository {
  async insertMap(tx: Tx, map: BattleMapRow): Promise<void> {
    await tx.query({
      name: 'tabletop.battle-maps.insert-map',
      text: `INSERT INTO tabletop.battle_map (map_id, campaign_id, file_id, width_px, height_px, cell_px, cell_distance, distance_unit)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        map.mapId,
        map.campaignId,
        map.fileId,
        map.widthPx,
        map.heightPx,
        map.cellPx,
        map.cellDistance,
        map.distanceUnit,
      ],
    });
  }

  async insertPlan(tx: Tx, plan: MapPlanRow): Promise<void> {
    await tx.query({
      name: 'tabletop.battle-maps.insert-plan',
      text: `INSERT INTO tabletop.map_plan (map_id, campaign_id, walls, portals, lights, is_lit, ambient_light) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        plan.mapId,
        plan.campaignId,
        JSON.stringify(plan.walls),
        JSON.stringify(plan.portals),
        JSON.stringify(plan.lights),
        plan.isLit,
        plan.ambientLight,
      ],
    });
  }

  async updateGrid(
    tx: Tx,
    mapId: string,
    grid: Pick<BattleMapRow, 'cellDistance' | 'distanceUnit'>,
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.battle-maps.update-grid',
      text: 'UPDATE tabletop.battle_map SET cell_distance = $2, distance_unit = $3 WHERE map_id = $1',
      values: [mapId, grid.cellDistance, grid.distanceUnit],
    });
  }

  listMaps(mapIds: readonly string[]): Statement {
    return {
      name: 'tabletop.battle-maps.list-maps',
      text: `SELECT ${GRID} FROM tabletop.battle_map WHERE map_id = ANY ($1::uuid[])`,
      values: [mapIds],
    };
  }

  async findPlan(tx: Tx, mapId: string): Promise<MapPlanRow | null> {
    const [row] = await tx.query<MapPlanRow>({
      name: 'tabletop.battle-maps.find-plan',
      text: `SELECT ${PLAN}
             FROM tabletop.map_plan WHERE map_id = $1`,
      values: [mapId],
    });
    return row ?? null;
  }

  /** All of a campaign by id, for taking it along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.battle-maps.list-campaign',
      text: `SELECT ${GRID} FROM tabletop.battle_map m
             WHERE campaign_id = $1 AND map_id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = m.map_id AND p.deleted_at IS NULL)
             ORDER BY map_id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }

  /** As many as lie in memory together: one may be megabytes. */
  listPlans(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.battle-maps.list-plans',
      text: `SELECT ${PLAN} FROM tabletop.map_plan m
             WHERE campaign_id = $1 AND map_id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = m.map_id AND p.deleted_at IS NULL)
             ORDER BY map_id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
