import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRelationsWorld, type RelationsWorld } from '../../../test/support/relations-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import { MOST_EVENTS } from './relationships.service.js';

let units: TestUnits;
let world: RelationsWorld;

beforeAll(async () => {
  units = await openUnits();
  world = openRelationsWorld(units);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

describe('a relation over time', () => {
  it('stands as its newest event says, whenever it was told, and the graph shows it as of a day', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [wren, bram] = [
      await world.aCharacterRow(campaignId, { name: 'Wren' }),
      await world.aCharacterRow(campaignId, { name: 'Bram' }),
    ];
    const { relationships, graph } = world;
    const began = '2026-02-01T18:00:00Z';
    const wish = {
      fromId: wren,
      toId: bram,
      type: 'stranger',
      strength: 0,
      happenedAt: began,
      notes: 'Met at the bell.',
    };
    const { body: made } = await relationships.create(master, campaignId, wish, undefined);
    expect(made).toMatchObject({
      type: 'stranger',
      strength: 0,
      notes: 'Met at the bell.',
      from: { name: 'Wren' },
    });

    const changed = await relationships.change(master, made.id, { type: 'rival', strength: -50 }, 1);
    expect(changed).toMatchObject({ type: 'rival', strength: -50, version: 2, notes: 'Met at the bell.' });
    const told = {
      type: 'friend',
      happenedAt: '2026-03-01T18:00:00Z',
      worldDate: '3rd of Hammer',
      notes: 'She saved him.',
    };
    const { body: event } = await relationships.tell(master, made.id, told, undefined);
    expect(event).toMatchObject({ type: 'friend', strength: 0, worldDate: '3rd of Hammer' });
    expect(await relationships.find(master, made.id)).toMatchObject({ type: 'rival', strength: -50 });
    expect((await relationships.listEvents(master, made.id, 200)).map(({ type }) => type)).toEqual([
      'stranger',
      'friend',
      'rival',
    ]);

    const asOf = async (day: string) =>
      (await graph.near(master, wren, 1, 10, new Date(day))).edges.map(({ type }) => type);
    expect(await asOf('2026-01-31T00:00:00Z')).toEqual([]);
    expect(await asOf('2026-02-02T00:00:00Z')).toEqual(['stranger']);
    expect(await asOf('2026-03-02T00:00:00Z')).toEqual(['friend']);

    const [, newest] = await relationships.listEvents(master, made.id, 2);
    await relationships.untell(master, made.id, newest!.id);
    expect(await relationships.find(master, made.id)).toMatchObject({ type: 'friend', strength: 0 });
    await relationships.untell(master, made.id, event.id);
    const [only] = await relationships.listEvents(master, made.id, 200);
    await expect(relationships.untell(master, made.id, only!.id)).rejects.toEqual(code('lastEvent'));
    await expect(relationships.untell(master, made.id, newest!.id)).rejects.toEqual(code('unknownLink'));
    await relationships.remove(master, made.id, undefined);
    await expect(relationships.listEvents(master, made.id, 200)).rejects.toEqual(code('unknownLink'));
  });

  it('keeps but harmless HTML of its notes', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [fromId, toId] = [await world.aCharacterRow(campaignId), await world.aCharacterRow(campaignId)];
    const notes = '<i>Met</i><img src=x onerror=steal()>';
    const { relationships } = world;
    const { body: made } = await relationships.create(
      master,
      campaignId,
      { fromId, toId, type: 'friend', notes },
      undefined,
    );
    const changed = await relationships.change(master, made.id, { notes: `${notes}!` }, undefined);
    const { body: event } = await relationships.tell(master, made.id, { notes }, undefined);
    expect([made.notes, changed.notes, event.notes]).toEqual(['<i>Met</i>', '<i>Met</i>!', '<i>Met</i>']);
  });

  it('has so many events and no more', async () => {
    const { master, campaignId } = await world.aCampaign();
    const [one, other] = [await world.aCharacterRow(campaignId), await world.aCharacterRow(campaignId)];
    const id = await world.aRelationRow(campaignId, one, other);
    await units.owner(
      `INSERT INTO tabletop.link_event (id, campaign_id, link_id, happened_at, type)
       SELECT gen_random_uuid(), $2, $1, now() - interval '1 day' * day, 'friend' FROM generate_series(2, $3::int) day`,
      [id, campaignId, MOST_EVENTS],
    );
    await expect(world.relationships.tell(master, id, { type: 'foe' }, undefined)).rejects.toEqual(
      code('tooMany'),
    );
    await expect(world.relationships.change(master, id, { type: 'foe' }, undefined)).rejects.toEqual(
      code('tooMany'),
    );
    const events = await world.relationships.listEvents(master, id, 3);
    expect(events.map(({ strength }) => strength)).toEqual([null, null, 10]);
    expect((await world.relationships.change(master, id, { notes: 'Still.' }, undefined)).notes).toBe(
      'Still.',
    );
  });

  it('is told by the player of its first character, read by those who see both, and made once', async () => {
    const { campaignId } = await world.aCampaign();
    const [player, other] = [
      await world.aSeat(campaignId, 'player'),
      await world.aSeat(campaignId, 'player'),
    ];
    const [own, hers] = [
      await world.aCharacterRow(campaignId, { ownerId: player.id }),
      await world.aCharacterRow(campaignId, { ownerId: other.id }),
    ];
    const { relationships } = world;
    const request = { route: 'test', key: 'k', bodyDigest: Buffer.alloc(32) };
    const wish = { fromId: own, toId: hers, type: 'ally' };
    const { body: made } = await relationships.create(player, campaignId, wish, request);
    expect((await relationships.create(player, campaignId, wish, request)).body).toEqual(made);
    expect((await relationships.list(other, campaignId, { objectId: hers }, null, 10)).items).toEqual([made]);
    expect(made.shownTo).toBeNull();
    await expect(relationships.tell(other, made.id, { type: 'foe' }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(relationships.change(other, made.id, { type: 'foe' }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    expect((await relationships.tell(player, made.id, { strength: 30 }, undefined)).body).toMatchObject({
      type: 'ally',
      strength: 30,
    });
    expect(await relationships.find(other, made.id)).toMatchObject({ strength: 30 });
  });
});
