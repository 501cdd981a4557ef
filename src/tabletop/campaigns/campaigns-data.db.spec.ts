import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openVault } from '../../../test/support/vault-world.js';
import { OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { CampaignErasureRepository } from './campaign-erasure.repository.js';
import { CampaignsData } from './campaigns-data.handler.js';

// What becomes of campaigns when their people go.

let units: TestUnits;
let world: TabletopWorld;
let handler: CampaignsData;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
  handler = new CampaignsData(new OwnedRowsRepository(), openVault(units, 'k1').vault);
});

afterAll(() => units.close());

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
