import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aCharacter,
  type CharactersWorld,
  openCharactersWorld,
} from '../../../test/support/characters-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CharacterSheetsRepository } from '../characters/character-sheets.repository.js';
import { InventoryPart, SheetsPart } from '../characters/characters.part.js';
import { InventoryRepository } from '../characters/inventory.repository.js';
import { LinksRepository } from '../links/links.repository.js';
import { LinksPart } from '../links/links.part.js';
import { LinkEventsPart } from '../relationships/link-events.part.js';
import { LinkEventsRepository } from '../relationships/link-events.repository.js';
import { TabletopModule } from '../tabletop.module.js';
import { CampaignExport } from './campaign-export.service.js';
import { type CampaignPart, STAYS_HERE } from './campaign-part.js';
import { OFFERS_PART_METADATA, type PartOfCampaign } from './offers-part.decorator.js';

// A campaign that is taken along has all its group's tables in it, each row for those alone who see it.

let units: TestUnits;
let world: CharactersWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openCharactersWorld(units);
});

afterAll(() => units.close());

const offerOf = (provider: unknown): PartOfCampaign | undefined =>
  typeof provider === 'function'
    ? (Reflect.getMetadata(OFFERS_PART_METADATA, provider) as PartOfCampaign | undefined)
    : undefined;

describe('parts of a campaign', () => {
  it('name every table that has rows of campaigns, once, unless it is named as one that stays here', async () => {
    const offers = (TabletopModule.register(false).providers ?? [])
      .map(offerOf)
      .filter((one) => one !== undefined);
    expect(new Set(offers.map(({ name }) => name)).size).toBe(offers.length);
    const rows = await units.owner<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'tabletop' AND column_name = 'campaign_id'`,
      [],
    );
    // The campaign and its members stand at the head of the file.
    const named = [...offers.flatMap(({ tables }) => tables), 'membership', ...Object.keys(STAYS_HERE)];
    expect(named.sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it('hold what their reader sees, all rows of a master', async () => {
    const { master, campaignId } = await world.aCampaign();
    const player = await world.aSeat(campaignId, 'player');
    const met = await aCharacter(world, master, campaignId, {
      name: 'Met',
      characterKind: 'npc',
      visibility: 'party',
    });
    const unmet = await aCharacter(world, master, campaignId, { name: 'Unmet' });
    const own = await aCharacter(world, player, campaignId, { name: 'Own', visibility: 'party' });
    for (const { id } of [met, unmet])
      await world.inventory.add(master, id, { name: `Lantern of ${id}` }, undefined);
    await world.inventory.add(player, own.id, { name: 'Rope' }, undefined);
    const happenedAt = new Date('2026-01-05T20:00:00Z');
    await world.aRelationRow(campaignId, own.id, met.id, { happenedAt, type: 'friend' });
    await world.aRelationRow(campaignId, own.id, unmet.id, { happenedAt, type: 'owes' });
    const [all, some] = [await taken(master, campaignId), await taken(player, campaignId)];
    const of = (file: Record<string, object[]>): number[] =>
      ['sheets', 'inventory', 'links', 'linkEvents'].map((name) => file[name]!.length);
    expect(of(all)).toEqual([3, 3, 2, 2]);
    expect(of(some)).toEqual([1, 1, 1, 1]);
    expect(JSON.stringify(some)).not.toContain(unmet.id);
    expect(some.inventory).toMatchObject([{ characterId: own.id, name: 'Rope' }]);
  });
});

/** A campaign's file as somebody takes it. */
async function taken(caller: Principal, campaignId: string): Promise<Record<string, object[]>> {
  const parts: [string, CampaignPart][] = [
    ['sheets', new SheetsPart(units.app, new CharacterSheetsRepository())],
    ['inventory', new InventoryPart(units.app, new InventoryRepository())],
    ['links', new LinksPart(units.app, new LinksRepository())],
    ['linkEvents', new LinkEventsPart(units.app, new LinkEventsRepository())],
  ];
  const list = { list: () => parts.map(([name, part]) => ({ name, part })) };
  const file = new CampaignExport(units.app, world.access, world.memberRows, list as never);
  let text = '';
  for await (const portion of await file.open(caller, campaignId)) text += portion;
  return JSON.parse(text) as Record<string, object[]>;
}
