import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { packageRoot } from '../../platform/config/package-root.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { readHarvestSeed, type SeedMap } from './harvest-seed.reader.js';
import { HarvestSeedRepository } from './harvest-seed.repository.js';
import { HarvestSeedService } from './harvest-seed.service.js';

const TABLES = ['harvest_resource', 'harvest_subarea', 'harvest_map'];
const SHIPPED = { harvest_resource: 117, harvest_subarea: 461, harvest_map: 12_153 };

let units: TestUnits;
let seed: HarvestSeedService;

beforeAll(async () => {
  units = await openUnits();
  seed = new HarvestSeedService(units.system, new HarvestSeedRepository());
});

afterAll(() => units.close());

async function counts(): Promise<Record<string, number>> {
  const entries = TABLES.map(async (table) => {
    const [row] = await units.owner<{ n: number }>(`SELECT count(*)::int AS n FROM market.${table}`);
    return [table, row!.n] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Fingerprint of rows and of which transaction wrote them. */
async function fingerprints(): Promise<object[]> {
  return Promise.all(
    TABLES.map(async (table) => {
      const [row] = await units.owner<object>(
        `SELECT md5(string_agg(t::text || t.xmin || t.ctid, E'\\n' ORDER BY t::text)) AS hash FROM market.${table} t`,
      );
      return row!;
    }),
  );
}

const forget = (): Promise<object[]> => units.owner('UPDATE market.game SET harvest_checksum = NULL');
const empty = async (): Promise<void> => {
  await units.owner(`TRUNCATE ${TABLES.map((table) => `market.${table}`).join()}`);
  await forget();
};

/** Between its statements autovacuum comes by, as it may at any time, and finds no committed row anywhere. */
class AnalysedMeanwhile extends HarvestSeedRepository {
  override async insertMaps(tx: Tx, gameId: number, maps: readonly SeedMap[]): Promise<void> {
    for (const table of TABLES) await units.owner(`ANALYZE market.${table}`);
    await super.insertMaps(tx, gameId, maps);
  }
}

describe('what grows where', () => {
  it('is there as a whole', async () => {
    expect(await counts()).toEqual(SHIPPED);
    const file = readHarvestSeed(join(packageRoot(), 'seeds', 'market', 'dofus-harvest.json.gz'));
    expect(
      await units.owner(
        `SELECT r.external_id AS "externalId", r.name AS "nameFr", j.external_id AS "jobId", r.level
         FROM market.harvest_resource r JOIN market.job j ON j.id = r.job_id ORDER BY r.external_id`,
      ),
    ).toEqual(file.resources);
    expect(
      await units.owner(
        `SELECT external_id AS "externalId", area_id AS "areaId", level, is_on_world_map AS "isOnWorldMap", resource_ids AS "resourceIds"
         FROM market.harvest_subarea ORDER BY external_id`,
      ),
    ).toEqual(file.subareas);
    expect(
      await units.owner(
        `SELECT external_id AS "externalId", x, y, subarea_id AS "subareaId" FROM market.harvest_map ORDER BY external_id`,
      ),
    ).toEqual(file.maps);
  });

  it('is not written again while the file is the same', async () => {
    const before = await fingerprints();
    expect(await seed.applyDofus()).toBe(false);
    expect(await fingerprints()).toEqual(before);
  });

  it('replaces what another file has left', async () => {
    await forget();
    await units.owner('UPDATE market.harvest_map SET x = 999');
    await units.owner(
      'INSERT INTO market.harvest_resource SELECT game_id, 999999, NULL, job_id, 1 FROM market.harvest_resource LIMIT 1',
    );
    expect(await seed.applyDofus()).toBe(true);
    expect(await counts()).toEqual(SHIPPED);
    expect(await units.owner('SELECT 1 FROM market.harvest_map WHERE x = 999')).toEqual([]);
  });

  it('is written once when two starters find it missing at the same time, also after a word of autovacuum', async () => {
    await empty();
    const analysed = new HarvestSeedService(units.system, new AnalysedMeanwhile());
    const written = await Promise.all([seed.applyDofus(), analysed.applyDofus()]);
    expect(written.sort()).toEqual([false, true]);
    expect(await counts()).toEqual(SHIPPED);
    await empty();
    expect(await analysed.applyDofus()).toBe(true);
    expect(await counts()).toEqual(SHIPPED);
  });
});
