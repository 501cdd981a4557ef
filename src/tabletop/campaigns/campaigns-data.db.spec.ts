import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openVault } from '../../../test/support/vault-world.js';
import type { Principal } from '../../platform/auth/principal.js';
import { filesPath, parseEnvironment } from '../../platform/config/env.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { FolderFileStore } from '../../platform/storage/folder-file-store.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { StoredFilesRepository } from '../../platform/storage/stored-files.repository.js';
import { BATTLE_MAP_PICTURE } from '../maps/battle-map-file.js';
import { CampaignErasureRepository } from './campaign-erasure.repository.js';
import { CampaignsData } from './campaigns-data.handler.js';
import { SweepCampaignsHandler } from './sweep-campaigns.handler.js';

// What becomes of campaigns when their people go.

let units: TestUnits;
let world: TabletopWorld;
let handler: CampaignsData;
let storage: Storage;
let sweep: SweepCampaignsHandler;
let folder: string;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
  folder = mkdtempSync(join(tmpdir(), 'guildhall-campaigns-'));
  const env = parseEnvironment({ NODE_ENV: 'test', DATA_DIR: folder });
  const store = new FolderFileStore(filesPath(env));
  storage = new Storage(env, store, units.app, units.system, new StoredFilesRepository());
  const { vault } = openVault(units, 'k1');
  handler = new CampaignsData(new OwnedRowsRepository(), vault, storage);
  sweep = new SweepCampaignsHandler(new CampaignErasureRepository(), vault, storage);
});

afterAll(async () => {
  await units.close();
  rmSync(folder, { recursive: true });
});

/** A map with a picture of its master's. @returns where it is kept, and the ids */
async function aMap(master: Principal, campaignId: string): Promise<{ id: string; fileId: string }> {
  const { id } = await world.anObject(master, campaignId, { kind: 'map' });
  const fileId = uuidv7();
  const path = await storage.incomingPath(fileId);
  writeFileSync(path, 'a picture');
  const measured = await storage.adopt(fileId, path);
  await units.app.run(master, (tx) =>
    storage.record(tx, {
      id: fileId,
      userId: master.id,
      purpose: BATTLE_MAP_PICTURE,
      mediaType: 'image/png',
      ...measured,
    }),
  );
  await units.owner(
    `INSERT INTO tabletop.battle_map (map_id, campaign_id, file_id, width_px, height_px, cell_px) VALUES ($1, $2, $3, 1, 1, 1)`,
    [id, campaignId, fileId],
  );
  return { id, fileId };
}

/** Whether row and bytes are there. */
async function isKept(fileId: string): Promise<[row: boolean, bytes: boolean]> {
  const row = await storage.findAny(fileId);
  await new Promise((resolve) => setTimeout(resolve, 50)); // bytes go behind the commit
  const bytes = await storage.read({ id: fileId }).then(
    (stream) => (stream.destroy(), true),
    () => false,
  );
  return [row !== undefined, bytes];
}

const sweepOnce = (): Promise<void> => {
  const once: JobRun['once'] = (work) => units.system.run(SYSTEM_SCOPE, work);
  return sweep.handle({}, { once } as JobRun);
};

const erase = (id: string): Promise<void> => units.system.run(SYSTEM_SCOPE, (tx) => handler.erase(tx, id));
const count = async (table: string, campaignId: string): Promise<number> => {
  const column = table === 'campaign' ? 'id' : 'campaign_id';
  const rows = await units.owner<{ count: number }>(
    `SELECT count(*)::int AS count FROM tabletop.${table} WHERE ${column} = $1`,
    [campaignId],
  );
  return rows[0]!.count;
};

describe('an erasure', () => {
  it('takes a campaign along whose only master goes, and may run twice', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const place = await world.anObject(master, campaignId, { kind: 'location', shownTo: [player.id] });
    await world.anObject(master, campaignId, { kind: 'location', parentId: place.id });
    await erase(master.id);
    await erase(master.id);
    for (const table of ['campaign', 'membership', 'object', 'change'])
      expect([table, await count(table, campaignId)]).toEqual([table, 0]);
  });

  it('hands a campaign over to the master who has sat there longest, and takes the name off what stays', async () => {
    const { master, campaignId } = await world.aCampaign();
    const heir = await world.aSeat(campaignId, 'gm');
    await world.aSeat(campaignId, 'gm');
    const place = await world.anObject(master, campaignId, { kind: 'location', shownTo: [master.id] });
    await erase(master.id);
    const found = await world.campaigns.find(heir, campaignId);
    expect(found).toMatchObject({ role: 'gm', isOwner: true });
    const { object } = await units.app.run(heir, (tx) => world.objects.find(tx, heir, 'location', place.id));
    expect(object.shownTo).toEqual([]);
    const left = await units.owner(
      `SELECT 1 FROM tabletop.change WHERE actor_id = $1 UNION ALL SELECT 1 FROM tabletop.object WHERE created_by = $1
       UNION ALL SELECT 1 FROM tabletop.membership WHERE user_id = $1`,
      [master.id],
    );
    expect(left).toEqual([]);
  });
});

describe('what models made of a campaign', () => {
  it('goes where the campaign wants none any more', async () => {
    const { master, campaignId } = await world.aCampaign();
    const { id } = await world.anObject(master, campaignId, { kind: 'note' });
    const isKept = async (policy: string): Promise<boolean> => {
      await units.owner('UPDATE tabletop.campaign SET ai_policy = $2 WHERE id = $1', [campaignId, policy]);
      await sweepOnce();
      return (await units.owner('SELECT FROM tabletop.object_vector WHERE object_id = $1', [id])).length > 0;
    };
    await units.owner(
      `INSERT INTO tabletop.object_vector (object_id, campaign_id, model, object_version, embedding) VALUES ($1, $2, 'model', 1, '{1}')`,
      [id, campaignId],
    );
    expect(await isKept('any')).toBe(true);
    expect(await isKept('off')).toBe(false);
  });
});

describe('pictures of maps', () => {
  it('go with the map when nobody can restore it any more, and with the campaign', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [old, young, alive] = [
      await aMap(master, campaignId),
      await aMap(master, campaignId),
      await aMap(master, campaignId),
    ];
    const days = { [old.id]: 31, [young.id]: 29 };
    for (const [id, ago] of Object.entries(days))
      await units.owner(
        `UPDATE tabletop.object SET deleted_at = now() - make_interval(days => $2) WHERE id = $1`,
        [id, ago],
      );
    await sweepOnce();
    expect(await isKept(old.fileId)).toEqual([false, false]);
    for (const { fileId } of [young, alive]) expect(await isKept(fileId)).toEqual([true, true]);
    await units.owner(
      `UPDATE tabletop.campaign SET deleted_at = now() - make_interval(days => 31) WHERE id = $1`,
      [campaignId],
    );
    await sweepOnce();
    for (const { fileId } of [young, alive]) expect(await isKept(fileId)).toEqual([false, false]);
  });

  it('of somebody who has left go with a campaign whose last master is erased', async () => {
    const { master, campaignId } = await world.aCampaign();
    const former = await world.aSeat(campaignId, 'gm');
    const { fileId } = await aMap(former, campaignId);
    await units.owner('DELETE FROM tabletop.membership WHERE user_id = $1', [former.id]);
    await erase(master.id);
    expect(await isKept(fileId)).toEqual([false, false]);
  });
});

describe('the sweep', () => {
  it('forgets what was deleted long ago and keeps what can be restored', async () => {
    const rows = new CampaignErasureRepository();
    const { master, campaignId } = await world.aCampaign();
    const [old, young, child] = await Promise.all([
      world.anObject(master, campaignId, { kind: 'note' }),
      world.anObject(master, campaignId, { kind: 'note' }),
      world.anObject(master, campaignId, { kind: 'location' }),
    ]);
    await units.owner(`UPDATE tabletop.object SET deleted_at = now() - interval '31 days' WHERE id = $1`, [
      old.id,
    ]);
    await units.owner(`UPDATE tabletop.object SET parent_id = $2 WHERE id = $1`, [child.id, old.id]);
    await units.owner(`UPDATE tabletop.object SET deleted_at = now() - interval '29 days' WHERE id = $1`, [
      young.id,
    ]);
    await units.owner(`UPDATE tabletop.campaign SET change_days = 7 WHERE id = $1`, [campaignId]);
    await units.owner(`UPDATE tabletop.change SET at = now() - interval '8 days' WHERE object_id = $1`, [
      young.id,
    ]);
    const now = new Date();
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await rows.deleteExpired(tx, new Date(now.getTime() - 30 * 86_400_000));
      await rows.deleteOldChanges(tx, now);
    });
    const left = await units.owner<{ id: string; parent: string | null }>(
      'SELECT id, parent_id AS parent FROM tabletop.object WHERE campaign_id = $1',
      [campaignId],
    );
    expect(left.map(({ id }) => id).sort()).toEqual([young.id, child.id].sort());
    expect(left.find(({ id }) => id === child.id)?.parent).toBeNull();
    const log = await units.owner<{ object_id: string | null }>(
      'SELECT object_id FROM tabletop.change WHERE campaign_id = $1',
      [campaignId],
    );
    expect(log.map((row) => row.object_id)).not.toContain(young.id);
    expect(log.length).toBeGreaterThan(0);
  });
});
