import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { SeedMap, SeedResource, SeedSubarea } from './harvest-seed.reader.js';

/** Writes what grows where. Rows are keyed by the game's own ids, and a new file replaces all of its game. */
@Injectable()
export class HarvestSeedRepository {
  /** @returns the game and the checksum of the file applied last, or null when there is no such game yet */
  async findGame(tx: Tx, key: string): Promise<{ id: number; checksum: string | null } | null> {
    const [row] = await tx.query<{ id: number; checksum: string | null }>({
      name: 'market.harvest-seed.find-game',
      text: 'SELECT id, harvest_checksum AS checksum FROM market.game WHERE key = $1',
      values: [key],
    });
    return row ?? null;
  }

  /** The same under the game's row lock, which keeps a second starter waiting. */
  async lockGame(tx: Tx, gameId: number): Promise<{ checksum: string | null }> {
    const [row] = await tx.query<{ checksum: string | null }>({
      name: 'market.harvest-seed.lock-game',
      text: 'SELECT harvest_checksum AS checksum FROM market.game WHERE id = $1 FOR NO KEY UPDATE',
      values: [gameId],
    });
    return row!;
  }

  async updateChecksum(tx: Tx, gameId: number, checksum: string): Promise<void> {
    await tx.query({
      name: 'market.harvest-seed.update-checksum',
      text: 'UPDATE market.game SET harvest_checksum = $2 WHERE id = $1',
      values: [gameId, checksum],
    });
  }

  async deleteAll(tx: Tx, gameId: number): Promise<void> {
    for (const table of ['harvest_map', 'harvest_subarea', 'harvest_resource'])
      await tx.query({
        name: `market.harvest-seed.delete-${table}`,
        text: `DELETE FROM market.${table} WHERE game_id = $1`,
        values: [gameId],
      });
  }

  /** Our ids of the game's jobs; joined in the program, see CatalogSeedRepository.replaceRecipes. */
  async mapJobIds(tx: Tx, gameId: number): Promise<Map<number, number>> {
    const rows = await tx.query<{ externalId: number; id: number }>({
      name: 'market.harvest-seed.list-job-ids',
      text: 'SELECT external_id AS "externalId", id FROM market.job WHERE game_id = $1',
      values: [gameId],
    });
    return new Map(rows.map((row) => [row.externalId, row.id]));
  }

  async insertResources(
    tx: Tx,
    gameId: number,
    resources: readonly (SeedResource & { ownJobId: number })[],
  ): Promise<void> {
    await tx.query({
      name: 'market.harvest-seed.insert-resources',
      text: `INSERT INTO market.harvest_resource (game_id, external_id, name, job_id, level)
             SELECT $1, * FROM unnest($2::int[], $3::text[], $4::int[], $5::smallint[])`,
      values: [
        gameId,
        resources.map(({ externalId }) => externalId),
        resources.map(({ nameFr }) => nameFr),
        resources.map(({ ownJobId }) => ownJobId),
        resources.map(({ level }) => level),
      ],
    });
  }

  async insertSubareas(tx: Tx, gameId: number, subareas: readonly SeedSubarea[]): Promise<void> {
    await tx.query({
      name: 'market.harvest-seed.insert-subareas',
      text: `INSERT INTO market.harvest_subarea (game_id, external_id, area_id, level, is_on_world_map, resource_ids)
             SELECT $1, t.external_id, t.area_id, t.level, t.is_on_world_map, t.resource_ids::int[]
             FROM unnest($2::int[], $3::int[], $4::smallint[], $5::boolean[], $6::text[])
               AS t(external_id, area_id, level, is_on_world_map, resource_ids)`,
      values: [
        gameId,
        subareas.map(({ externalId }) => externalId),
        subareas.map(({ areaId }) => areaId),
        subareas.map(({ level }) => level),
        subareas.map(({ isOnWorldMap }) => isOnWorldMap),
        subareas.map(({ resourceIds }) => `{${resourceIds.join(',')}}`),
      ],
    });
  }

  async insertMaps(tx: Tx, gameId: number, maps: readonly SeedMap[]): Promise<void> {
    await tx.query({
      name: 'market.harvest-seed.insert-maps',
      text: `INSERT INTO market.harvest_map (game_id, external_id, x, y, subarea_id)
             SELECT $1, * FROM unnest($2::int[], $3::smallint[], $4::smallint[], $5::int[])`,
      values: [
        gameId,
        maps.map(({ externalId }) => externalId),
        maps.map(({ x }) => x),
        maps.map(({ y }) => y),
        maps.map(({ subareaId }) => subareaId),
      ],
    });
  }
}
