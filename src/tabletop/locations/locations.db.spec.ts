import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { openStory, type Story } from '../../../test/support/tabletop-story.js';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import type { NewLocationDto } from './locations.dto.js';

// Places under the policies of a real database: what a player is told of a world of which half is hidden.

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

async function aWorld() {
  const { master, campaignId } = await world.aCampaign();
  const player = await world.aSeat(campaignId, 'player');
  const place = async (name: string, wish: Partial<NewLocationDto> = {}): Promise<string> => {
    const draft = { name, visibility: 'party' as const, ...wish };
    return (await story.locations.create(master, campaignId, draft, undefined)).body.id;
  };
  const way = (from: string, toId: string, distanceM: number | null, wish: object = {}) =>
    story.edges.create(master, from, { toId, distanceM, visibility: 'party', ...wish }, undefined);
  return { master, player, campaignId, place, way };
}

const namesOf = async (who: Principal, campaignId: string, rootId?: string) =>
  (await story.locations.tree(who, campaignId, rootId === undefined ? {} : { rootId })).items.map(
    ({ name, depth }) => `${depth} ${name}`,
  );

describe('the tree of places', () => {
  it('moves with all that is within, and never into itself, however moves are tried', async () => {
    const { master, campaignId, place } = await aWorld();
    const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => place(`P${index}`)));
    const move = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 5 }), async (moves) => {
        for (const [id, to] of moves) {
          const isWithin = (await namesIn(master, campaignId, id)).includes(to);
          const moved = story.locations.move(master, id, undefined, to);
          if (isWithin) await expect(moved).rejects.toEqual(code('placeInItself'));
          else expect((await moved).parentId).toBe(to);
        }
        expect((await story.locations.tree(master, campaignId, {})).items).toHaveLength(6);
      }),
      { numRuns: 10 },
    );
  });

  it('makes no circle of two moves at once', async () => {
    const { master, place } = await aWorld();
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await place('one'), await place('other')];
      const moves = await Promise.allSettled([
        story.locations.move(master, one, undefined, other),
        story.locations.move(master, other, undefined, one),
      ]);
      expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('ends on a circle that is there and on a chain of ten thousand', async () => {
    const { master, campaignId, place } = await aWorld();
    const top = await place('top');
    await units.owner(
      `INSERT INTO tabletop.object (id, campaign_id, kind, name, parent_id, visibility)
       SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, 'location', 'n' || n,
         CASE n WHEN 1 THEN $2::uuid ELSE ('00000000-0000-4000-8000-' || lpad((n - 1)::text, 12, '0'))::uuid END, 'party'
       FROM generate_series(1, 10000) n`,
      [campaignId, top],
    );
    await units.owner('ANALYZE tabletop.object'); // as the server does by itself once so many have come
    const deepest = '00000000-0000-4000-8000-000000010000';
    expect((await story.locations.find(master, deepest)).breadcrumbs).toHaveLength(10_000);
    await expect(story.locations.move(master, top, undefined, deepest)).rejects.toEqual(
      code('placeInItself'),
    );
    await units.owner('UPDATE tabletop.object SET parent_id = $1 WHERE id = $2', [deepest, top]);
    expect((await story.locations.find(master, deepest)).breadcrumbs).toHaveLength(10_000);
    expect((await story.locations.tree(master, campaignId, { rootId: top })).items).toHaveLength(10_001);
  });

  it('is cut, for players, at what they do not see, and names nothing of it', async () => {
    const { master, player, campaignId, place } = await aWorld();
    const city = await place('City');
    const lair = await place('Lair of the Worm', { parentId: city, visibility: 'gm' });
    const cellar = await place('Cellar', { parentId: lair, details: { type: 'room' } });
    await place('Inn', { parentId: city });
    expect(await namesOf(master, campaignId)).toEqual(['0 City', '1 Inn', '1 Lair of the Worm', '2 Cellar']);
    expect(await namesOf(player, campaignId)).toEqual(['0 Cellar', '0 City', '1 Inn']);
    expect(await namesOf(player, campaignId, city)).toEqual(['0 City', '1 Inn']);
    const seen = await story.locations.find(player, cellar);
    expect(seen).toMatchObject({ parentId: null, breadcrumbs: [] });
    expect((await story.locations.find(master, cellar)).breadcrumbs.map(({ name }) => name)).toEqual([
      'City',
      'Lair of the Worm',
    ]);
    await expect(story.locations.tree(player, campaignId, { rootId: lair })).rejects.toEqual(
      code('unknownObject'),
    );
    const list = (who: Principal, parentId: string) =>
      story.locations.list(who, campaignId, { parentId, limit: 10 });
    expect((await list(master, lair)).items.map(({ name }) => name)).toEqual(['Cellar']);
    // What lies in a hidden place would be told by the list to whoever guesses its id, and so would that it is there.
    for (const unknown of [lair, randomUUID()])
      await expect(list(player, unknown)).rejects.toEqual(code('unknownObject'));
  });

  it('is moved and grown by masters alone, within its campaign', async () => {
    const { master, player, campaignId, place } = await aWorld();
    const { place: elsewhere } = await aWorld();
    const [one, other] = [await place('one'), await place('other')];
    await expect(story.locations.move(player, one, undefined, other)).rejects.toEqual(code('roleTooLow'));
    await expect(
      story.locations.create(player, campaignId, { name: 'mine', parentId: null }, undefined),
    ).rejects.toEqual(code('roleTooLow'));
    const note = await world.anObject(master, campaignId, { kind: 'note' });
    for (const parentId of [await elsewhere('far'), randomUUID(), note.id])
      await expect(story.locations.move(master, one, undefined, parentId)).rejects.toEqual(code('notAPlace'));
    await expect(story.locations.move(master, one, 7, other)).rejects.toEqual(code('stale'));
  });

  it('keeps what is restored where it was; until then what lies within stands at the top', async () => {
    const { master, campaignId, place } = await aWorld();
    const city = await place('City');
    const inn = await place('Inn', { parentId: city });
    await story.locations.remove(master, city, undefined);
    expect(await namesOf(master, campaignId)).toEqual(['0 Inn']);
    // A deleted place still lies where it lay: the circle would be there once it is restored.
    await world.objectViews.restore(master, city);
    expect(await namesOf(master, campaignId)).toEqual(['0 City', '1 Inn']);
    await expect(story.locations.move(master, city, undefined, inn)).rejects.toEqual(code('placeInItself'));
  });
});

async function namesIn(who: Principal, campaignId: string, rootId: string): Promise<string[]> {
  return (await story.locations.tree(who, campaignId, { rootId })).items.map(({ id }) => id);
}

describe('what holds in a place', () => {
  it('comes from the places around that the caller sees, and from no other', async () => {
    const { master, player, place } = await aWorld();
    const city = await place('City', { details: { traits: { weather: 'rain', wealth: 'poor' } } });
    const lair = await place('Lair', {
      parentId: city,
      visibility: 'gm',
      details: { traits: { light: 'dark', hazards: { items: ['the worm'], isAdded: false } } },
    });
    const cellar = await place('Cellar', { parentId: lair, details: { traits: { wealth: null } } });
    const told = await story.environments.of(master, cellar, undefined);
    expect(told.values).toMatchObject({
      weather: { value: 'rain' },
      light: { value: 'dark', from: { name: 'Lair' } },
    });
    expect(told.values['wealth']).toBeUndefined();
    expect(told.lists['hazards']).toEqual([{ value: 'the worm', from: { id: lair, name: 'Lair' } }]);
    const seen = await story.environments.of(player, cellar, undefined);
    expect(seen.values).toEqual({});
    expect(JSON.stringify(seen)).not.toMatch(/worm|Lair|rain/);
  });

  it('keeps, where it is changed, what a generator has put beside', async () => {
    const { master, campaignId } = await aWorld();
    const details = { type: 'building', goods: [{ name: 'Rope' }] };
    const { id } = await world.anObject(master, campaignId, { kind: 'location', details });
    await story.locations.change(master, id, undefined, { details: { population: 3 } });
    const { object } = await units.app.run(master, (tx) => world.reader.find(tx, master, ['location'], id));
    expect(object.details).toMatchObject({ ...details, population: 3 });
  });

  it('is another one for the time of a session that says so', async () => {
    const { master, player, campaignId, place } = await aWorld();
    const inn = await place('Inn', { details: { traits: { weather: 'sun' } } });
    const wish = { name: 'The storm', visibility: 'party' as const };
    const { body: session } = await story.sessions.create(master, campaignId, wish, undefined);
    const traits = { weather: 'storm' };
    const appeared = { objectId: inn, traits, visibility: 'party' as const };
    await story.appearances.create(master, 'session', session.id, appeared, undefined);
    for (const who of [master, player])
      expect((await story.environments.of(who, inn, session.id)).values['weather']).toEqual({
        value: 'storm',
        from: { id: session.id, name: 'The storm' },
      });
    expect((await story.environments.of(player, inn, undefined)).values['weather']).toMatchObject({
      value: 'sun',
    });
    // Another spelling of an id is no place of which nothing is known, but none.
    for (const [id, at] of [
      [inn.toUpperCase(), session.id],
      [inn, session.id.toUpperCase()],
    ] as const)
      await expect(story.environments.of(player, id, at)).rejects.toEqual(code('unknownObject'));
  });
});

describe('ways between places', () => {
  it('are gone by those who see them and both their ends', async () => {
    const { master, player, campaignId, place, way } = await aWorld();
    const [a, b, hidden] = [await place('A'), await place('B'), await place('Tunnel', { visibility: 'gm' })];
    await way(a, hidden, 1);
    await way(hidden, b, 1);
    await way(a, b, 50, { visibility: 'gm' });
    await way(a, b, 100, { travelTimeS: 60 });
    const find = (who: Principal, by: 'distance' | 'time' = 'distance') =>
      story.paths.find(who, campaignId, { from: a, to: b, by });
    expect(await find(master)).toMatchObject({ isReachable: true, distanceM: 2, travelTimeS: null });
    const seen = await find(player);
    expect(seen).toMatchObject({
      distanceM: 100,
      travelTimeS: 60,
      steps: [{ from: { name: 'A' }, to: { name: 'B' } }],
    });
    expect(await find(master, 'time')).toMatchObject({ distanceM: 100, travelTimeS: 60 });
    expect((await story.edges.list(player, a, { limit: 10 })).items).toHaveLength(1);
    expect((await story.edges.list(master, a, { limit: 10 })).items).toHaveLength(3);
    await expect(
      story.paths.find(player, campaignId, { from: a, to: hidden, by: 'distance' }),
    ).rejects.toEqual(code('unknownObject'));
    const map = await story.pictures.map(player, a, { width: 400, height: 300, theme: 'light' });
    expect(map.bytes.toString()).not.toContain('Tunnel');
  });

  it('are changed and removed by masters, and end with their places', async () => {
    const { master, player, campaignId, place, way } = await aWorld();
    const [a, b] = [await place('A'), await place('B')];
    const { body: edge } = await way(a, b, 5);
    await expect(story.edges.change(player, edge.id, undefined, { distanceM: 1 })).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(story.edges.change(master, edge.id, 9, { distanceM: 1 })).rejects.toEqual(code('stale'));
    const changed = await story.edges.change(master, edge.id, 1, {
      note: 'steep<script>alert(1)</script>',
      isDirected: true,
    });
    expect(changed).toMatchObject({ note: 'steep', distanceM: 5, isDirected: true, version: 2 });
    const back = await story.paths.find(master, campaignId, { from: b, to: a, by: 'distance' });
    expect(back).toEqual({
      by: 'distance',
      isReachable: false,
      steps: [],
      distanceM: null,
      travelTimeS: null,
    });
    await story.locations.remove(master, b, undefined);
    expect((await story.edges.list(master, a, { limit: 10 })).items).toEqual([]);
  });

  it('are drawn between the places within one', async () => {
    const { master, place, way } = await aWorld();
    const city = await place('City');
    const [inn, gate] = [
      await place('Inn <b>', { parentId: city, details: { position: { x: 0.1, y: 0.9 } } }),
      await place('Gate', { parentId: city }),
    ];
    await way(inn, gate, 5, { type: 'road' });
    const draw = async () =>
      (await story.pictures.map(master, city, { width: 640, height: 480, theme: 'dark' })).bytes.toString();
    const svg = await draw();
    expect(svg).toContain('Gate');
    expect(svg).toContain('road');
    expect(svg).toContain('Inn &lt;b&gt;');
    expect(await draw()).toBe(svg);
  });
});

describe('who is in a place', () => {
  it('is told to those who see both and the tie', async () => {
    const { master, player, campaignId, place } = await aWorld();
    const inn = await place('Inn');
    const [known, spy] = await Promise.all([
      world.anObject(master, campaignId, { kind: 'character', name: 'Barkeep', visibility: 'party' }),
      world.anObject(master, campaignId, { kind: 'character', name: 'The spy' }),
    ]);
    const tie = (objectId: string) => ({
      objectId,
      visibility: 'party' as const,
      note: 'every <i onclick=x>night</i>',
    });
    await story.ties.create(master, inn, 'occupants', tie(known.id), undefined);
    const { body } = await story.ties.create(master, inn, 'occupants', tie(spy.id), undefined);
    const names = async (who: Principal) =>
      (await story.ties.list(who, inn, 'occupants', { limit: 10 })).items.map(({ object }) => object.name);
    expect(await names(master)).toEqual(['Barkeep', 'The spy']);
    expect(await names(player)).toEqual(['Barkeep']);
    expect(body.note).toBe('every <i>night</i>');
    await expect(story.ties.remove(player, inn, 'occupants', body.id)).rejects.toEqual(code('unknownLink'));
    await expect(story.ties.remove(master, inn, 'visits', body.id)).rejects.toEqual(code('unknownLink'));
    await story.ties.remove(master, inn, 'occupants', body.id);
    expect(await names(master)).toEqual(['Barkeep']);
    await expect(story.ties.create(master, inn, 'encounterTables', tie(known.id), undefined)).rejects.toEqual(
      code('unknownObject'),
    );
    const table = await world.anObject(master, campaignId, { kind: 'table', name: 'Brawls' });
    await story.ties.create(master, inn, 'encounterTables', tie(table.id), undefined);
    expect((await story.ties.list(player, inn, 'encounterTables', { limit: 10 })).items).toEqual([]);
  });

  it('is told by masters, and by players of their own characters', async () => {
    const { master, player, campaignId, place } = await aWorld();
    const inn = await place('Inn');
    const [own, other] = await Promise.all([
      world.anObject(player, campaignId, { kind: 'character', name: 'Mine' }),
      world.anObject(master, campaignId, { kind: 'character', name: 'Theirs', visibility: 'party' }),
    ]);
    const visit = (objectId: string) =>
      story.ties.create(player, inn, 'visits', { objectId, day: 3 }, undefined);
    expect((await visit(own.id)).body).toMatchObject({
      object: { name: 'Mine' },
      visibility: 'party',
      day: 3,
    });
    await expect(visit(other.id)).rejects.toEqual(code('roleTooLow'));
    expect((await story.ties.list(master, inn, 'visits', { limit: 10 })).items).toHaveLength(1);
  });
});
