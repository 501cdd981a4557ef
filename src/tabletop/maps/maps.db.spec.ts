import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStory, type Story } from '../../../test/support/tabletop-story.js';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import { foundryIdOf } from './marker-kinds.js';

// Pins and tokens of maps under the policies of a real database, and their way to Foundry and back.

let units: TestUnits;
let world: TabletopWorld;
let story: Story;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
  story = openStory(units, world);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });
const FOREIGN = 'abcdefgh1234567';
const aToken = (at: number, change: object = {}) => ({
  _id: `${FOREIGN}${at}`,
  name: `Goblin ${at}`,
  x: at * 100,
  y: 0,
  width: 1,
  height: 1,
  elevation: 0,
  rotation: 0,
  hidden: false,
  actorId: 'zyxwvuts87654321',
  ...change,
});
const aScene = (...tokens: object[]) => ({ grid: { size: 100 }, padding: 0, tokens });

async function aMap() {
  const { master, campaignId } = await world.aCampaign();
  const player = await world.aSeat(campaignId, 'player');
  const map = await world.anObject(master, campaignId, { kind: 'map', visibility: 'party' });
  const bring = (scene: object, wish: object = {}) =>
    story.scenes.import(master, map.id, { scene, prefers: 'neither', removesMissing: false, ...wish });
  const list = async (who: Principal) => (await story.markers.list(who, map.id, { limit: 200 })).items;
  return { master, player, campaignId, mapId: map.id, bring, list };
}

describe('markers', () => {
  it('are told to those who see the map, but for hidden ones and what they do not see', async () => {
    const { master, player, campaignId, mapId, list } = await aMap();
    const [spy, hero] = await Promise.all([
      world.anObject(master, campaignId, { kind: 'character' }),
      world.anObject(master, campaignId, { kind: 'character', visibility: 'party' }),
    ]);
    const put = (wish: object) =>
      story.markers.create(master, mapId, { kind: 'pin', name: 'Pin', x: 1, y: 2, ...wish }, undefined);
    await put({ name: 'Trap' });
    await put({ name: 'Stranger', isHidden: false, objectId: spy.id });
    const { body } = await put({ name: 'Hero', isHidden: false, objectId: hero.id, kind: 'token' });
    expect((await list(master)).map(({ name }) => name)).toEqual(['Trap', 'Stranger', 'Hero']);
    expect((await list(player)).map(({ name, objectId }) => [name, objectId])).toEqual([
      ['Stranger', null],
      ['Hero', hero.id],
    ]);
    const rows = await units.app.run(player, (tx) =>
      tx.query({ name: 'test.markers', text: 'SELECT name FROM tabletop.map_marker', values: [] }),
    );
    expect(rows).toHaveLength(2);
    const move = (who: Principal, seen?: number) =>
      story.markers.change(who, mapId, body.id, seen, { x: 7.5 });
    await expect(move(player)).rejects.toEqual(code('roleTooLow'));
    expect(await move(master)).toMatchObject({ x: 7.5, y: 2, version: 2 });
    await expect(move(master, 1)).rejects.toEqual(code('stale'));
    await story.markers.remove(master, mapId, body.id, 2);
    await expect(move(master)).rejects.toEqual(code('unknownMarker'));
    await expect(put({ objectId: body.id })).rejects.toEqual(code('unknownObject'));
    const { mapId: elsewhere } = await aMap();
    await expect(story.markers.list(player, elsewhere, { limit: 1 })).rejects.toEqual(code('unknownObject'));
  });

  it('stand for what is restored as before, though they were moved in between', async () => {
    const { master, campaignId, mapId } = await aMap();
    const hero = await world.anObject(master, campaignId, { kind: 'character' });
    const wish = { kind: 'token' as const, name: 'Hero', x: 1, y: 2, objectId: hero.id, note: '<b>A</b>' };
    const { body } = await story.markers.create(master, mapId, wish, undefined);
    await story.desk.remove(master, 'character', hero.id, undefined);
    const change = (change: object) => story.markers.change(master, mapId, body.id, undefined, change);
    expect(await change({ x: 3, note: '<b>B</b><script>alert(1)</script>' })).toMatchObject({
      objectId: null,
      note: '<b>B</b>',
    });
    await world.objectViews.restore(master, hero.id);
    expect(await change({ x: 4 })).toMatchObject({ objectId: hero.id, note: '<b>B</b>' });
    expect(await change({ objectId: null })).toMatchObject({ objectId: null, x: 4 });
  });

  it('have each an id for Foundry', async () => {
    const { master, mapId } = await aMap();
    const wish = { kind: 'token' as const, name: 'Hero', x: 1, y: 2 };
    const { body } = await story.markers.create(master, mapId, wish, undefined);
    const { scene } = await story.scenes.export(master, mapId);
    expect(scene).toMatchObject({ tokens: [{ _id: foundryIdOf(body.id), x: 100, y: 200, hidden: true }] });
    expect(foundryIdOf(body.id)).toMatch(/^[A-Za-z0-9]{16}$/);
  });
});

describe('a Foundry scene', () => {
  it('comes in, goes out as it was, and comes in again without a change', async () => {
    const { master, player, mapId, bring, list } = await aMap();
    const tokens = [
      aToken(1),
      aToken(2, { hidden: true, elevation: 30, delta: { system: { secret: ['x'] } } }),
    ];
    expect(await bring(aScene(...tokens))).toMatchObject({ addedCount: 2, changedCount: 0, notes: [] });
    const out = (await story.scenes.export(master, mapId)).scene as { tokens: Record<string, unknown>[] };
    expect(out.tokens.map(({ flags: _flags, ...token }) => token)).toEqual(tokens);
    expect(await bring(out)).toMatchObject({
      addedCount: 0,
      changedCount: 0,
      unchangedCount: 2,
      missing: [],
    });
    expect((await list(player)).map(({ name }) => name)).toEqual(['Goblin 1']);
    await expect(story.scenes.export(player, mapId)).rejects.toEqual(code('roleTooLow'));
    await expect(
      story.scenes.import(player, mapId, { scene: out, prefers: 'here', removesMissing: true }),
    ).rejects.toEqual(code('roleTooLow'));
    await expect(bring({ tokens: 'none' })).rejects.toEqual(code('unreadableScene'));
  });

  it('comes in again where a copy stands before its original', async () => {
    const { master, mapId, bring, list } = await aMap();
    await bring(aScene(aToken(1)));
    const [known] = await list(master);
    const { scene } = await story.scenes.export(master, mapId);
    const [original] = (scene as { tokens: object[] }).tokens;
    const copied = { ...scene, tokens: [{ ...original, _id: `${FOREIGN}9` }, original] };
    expect(await bring(copied)).toMatchObject({ addedCount: 1, unchangedCount: 1, changedCount: 0 });
    expect((await list(master)).map(({ id }) => id)[0]).toBe(known!.id);
    expect(await bring(copied)).toMatchObject({ addedCount: 0, unchangedCount: 2, missing: [] });
  });

  it('overwrites nothing that was moved here since, unless it is told to', async () => {
    const { master, mapId, bring, list } = await aMap();
    await bring(aScene(aToken(1), aToken(2)));
    const [first] = await list(master);
    await story.markers.change(master, mapId, first!.id, undefined, { x: 9 });
    const moved = aScene(aToken(1, { x: 500 }), aToken(2, { x: 600 }));
    expect(await bring(moved)).toMatchObject({
      changedCount: 1,
      conflicts: [{ id: first!.id, here: { x: 9 }, inFoundry: { x: 5 } }],
    });
    expect((await list(master)).map(({ x }) => x)).toEqual([9, 6]);
    expect(await bring(moved, { prefers: 'foundry' })).toMatchObject({ changedCount: 1, conflicts: [] });
    expect((await list(master)).map(({ x }) => x)).toEqual([5, 6]);
    expect(await bring(aScene(aToken(1, { x: 700 })))).toMatchObject({
      changedCount: 1,
      missing: [{ name: 'Goblin 2' }],
    });
    expect(await bring(aScene(), { removesMissing: true })).toMatchObject({ removedCount: 2, missing: [] });
    expect(await list(master)).toEqual([]);
  });

  it('brings no more tokens than a map holds, and then none', async () => {
    const { master, mapId, bring, list } = await aMap();
    await story.markers.create(master, mapId, { kind: 'pin', name: 'Pin', x: 0, y: 0 }, undefined);
    const many = Array.from({ length: 2_000 }, (_, at) =>
      aToken(1, { _id: `${at}`.padStart(16, '0'), name: 'Rat' }),
    );
    await expect(bring(aScene(...many))).rejects.toEqual(code('tooMany'));
    expect(await list(master)).toHaveLength(1);
    expect(await bring(aScene(...many.slice(1)))).toMatchObject({ addedCount: 1_999 });
  });
});
