import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { type Answer, DATA, getData, minutesAgo, point, send, upload } from './compat-calls.js';

// What the web page and the packet reader do to items: rename, file under another category, delete, name by hand; and what
// they ask before they do. Names begin with "zz" where the shipped catalogue must not mix in.

const ITEMS = `${DATA}?resource=items`;
const KNOWN = `${DATA}?resource=known_items`;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?\+00:00$/;

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const get = (query: string): Promise<Answer> => getData(server, query);
const details = (name: string): Promise<Answer> =>
  get(`resource=items&mode=details&item_name=${encodeURIComponent(name)}`);
const idOf = async (name: string): Promise<number> => (await details(name)).body.id as number;
const rows = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  queryRows<Row>(database.url, sql, values);
const countOf = async (from: string, values: unknown[] = []): Promise<number> =>
  (await rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`, values))[0]!.n;

async function observed(name: string, more: object = {}, servers = ['Draconiros']): Promise<number> {
  const answer = await upload(
    server,
    servers.map((place) => point({ item_name: name, server: place, ...more })),
  );
  expect([answer.status, answer.body.inserted]).toEqual([201, servers.length]);
  return idOf(name);
}

describe('GET items&mode=details', () => {
  it('gives the effects of a consumable, field by field', async () => {
    const [both] = await rows<{ label: string; id: number }>(
      `SELECT i.label, i.id FROM market.item i WHERE i.external_id = 6963`,
    );
    const { status, body } = await details(both!.label);
    expect(status).toBe(200);
    const effect = (effectId: number, value: number, place: number, words: string): object => ({
      id: expect.any(Number),
      item_id: both!.id,
      effect_id: effectId,
      min_value: value,
      max_value: null,
      formatted_description: words,
      order_index: place,
      created_at: expect.stringMatching(INSTANT),
      icon_url: null,
    });
    expect(body.effects).toEqual([
      effect(110, 15, 0, 'Rend 15 points de vie'),
      effect(139, 1_500, 1, "Rend 1500 points d'énergie"),
    ]);
  });
});

describe('GET items&mode=usage_stats', () => {
  it('counts what would go with an item', async () => {
    const [ash] = await rows<{ id: number; label: string }>(
      `SELECT id, label FROM market.item WHERE external_id = 303`,
    );
    await upload(server, [
      point({ item_name: ash!.label, ankama_id: 303, server: 'Draconiros', captured_at: minutesAgo(90) }),
      point({ item_name: ash!.label, ankama_id: 303, server: 'Hell Mina', captured_at: minutesAgo(60) }),
    ]);
    const { status, body } = await get(`resource=items&mode=usage_stats&id=${ash!.id}`);
    expect([status, body]).toEqual([
      200,
      {
        recipes_created: 0,
        recipes_used_in: await countOf('market.recipe_ingredient WHERE item_id = $1', [ash!.id]),
        lists: 0,
        favorites: 0,
        observations: 2,
      },
    ]);
    expect(body.recipes_used_in).toBeGreaterThan(5);
    const sword = await get('resource=items&mode=usage_stats&id=1');
    expect(sword.body).toMatchObject({ recipes_created: 1, observations: 0 });
  });

  it.each([
    ['', 400, { error: 'Missing item id' }],
    ['&id=x', 400, { error: 'Invalid item id' }],
    [
      '&id=999999999999',
      200,
      { recipes_created: 0, recipes_used_in: 0, lists: 0, favorites: 0, observations: 0 },
    ],
    ['&id=-1', 200, { recipes_created: 0, recipes_used_in: 0, lists: 0, favorites: 0, observations: 0 }],
  ])('with "%s" is %i', async (query, status, body) => {
    const answer = await get(`resource=items&mode=usage_stats${query}`);
    expect([answer.status, answer.body]).toEqual([status, body]);
  });
});

describe('GET items&mode=stats', () => {
  it('says what market&type=stats says', async () => {
    await observed('zz stats', { price_unit_avg: 12.5 });
    // A point is an hour old, so in the first hour of a day it is yesterday's.
    const [from, to] = [minutesAgo(60), minutesAgo(0)].map((instant) => instant.slice(0, 10));
    const query = `item=zz+stats&server=Draconiros&from=${from}&to=${to}`;
    await waitUntil('the day is rolled up', 10_000, async () => {
      const { status, body } = await get(`resource=items&mode=stats&${query}`);
      expect(status).toBe(200);
      return body !== null;
    });
    const { body } = await get(`resource=items&mode=stats&${query}`);
    expect(body).toMatchObject({ item_name: 'zz stats', current_price: 12.5, signal: 'neutral' });
    const unknown = await get(`resource=items&mode=stats&${query.replace('zz+stats', 'nobody')}`);
    expect([unknown.status, unknown.body]).toEqual([200, null]);
    const missing = await get('resource=items&mode=stats&item=zz+stats');
    expect([missing.status, missing.body.error]).toEqual([400, 'missing_params']);
  });
});

describe('PUT items', () => {
  const put = (body: object, headers?: object): Promise<Answer> => send(server, 'PUT', ITEMS, body, headers);

  it('renames an item, which keeps its prices, and echoes what was sent', async () => {
    const id = await observed('zz before', { ankama_id: 960_001, category: 'zz Old' });
    const body = { old_item_name: 'zz before', new_item_name: 'zz after', server: 'Draconiros' };
    const { status, body: echoed } = await put(body);
    expect([status, echoed]).toEqual([200, { status: 'ok', ...body }]);
    expect((await details('zz before')).status).toBe(404);
    expect((await details('zz after')).body).toMatchObject({ id, ankama_id: 960_001 });
    const [row] = (await get('resource=items&search=zz+after')).body;
    expect(row).toMatchObject({ id, item_name: 'zz after', category: 'zz Old', last_price: 100 });
    // The next price by the game's id finds it; one by the former name is another item.
    await upload(server, [
      point({ item_name: 'zz after', ankama_id: 960_001, server: 'Draconiros', captured_at: minutesAgo(5) }),
      point({ item_name: 'zz before', server: 'Draconiros', captured_at: minutesAgo(5) }),
    ]);
    expect(await countOf('market.observation WHERE item_id = $1', [id])).toBe(2);
    expect(await idOf('zz before')).not.toBe(id);
  });

  it('makes a category that nobody has used, and clears it with an empty one', async () => {
    await observed('zz filed');
    const body = { old_item_name: 'zz filed', new_item_name: 'zz filed', server: 'Nowhere at all' };
    const filed = await put({ ...body, category: 'zz New' });
    expect([filed.status, filed.body]).toEqual([200, { status: 'ok', ...body, category: 'zz New' }]);
    const categories = (await get('resource=categories')).body as { id: number; name: string }[];
    const { id } = categories.find(({ name }) => name === 'zz New')!;
    expect((await details('zz filed')).body.category_id).toBe(id);
    expect((await put(body)).body).toEqual({ status: 'ok', ...body });
    expect((await details('zz filed')).body.category_id).toBe(id);
    expect((await put({ ...body, category: ' ' })).status).toBe(200);
    expect((await details('zz filed')).body.category_id).toBeNull();
  });

  it('says ok to a name that no item has, as the original does, and conflict to one that another has', async () => {
    const nobody = { old_item_name: 'zz nobody', new_item_name: 'zz somebody', server: 'Draconiros' };
    expect((await put(nobody)).status).toBe(200);
    expect((await details('zz somebody')).status).toBe(404);
    await observed('zz first', { ankama_id: 960_010 });
    await observed('zz second', { ankama_id: 960_011 });
    const taken = await put({ old_item_name: 'zz first', new_item_name: 'zz second', server: 'x' });
    expect([taken.status, taken.body.error]).toEqual([409, 'item_name_taken']);
    expect((await details('zz first')).body.ankama_id).toBe(960_010);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['no object', []],
    ['an empty name', { old_item_name: 'a', new_item_name: '', server: 'x' }],
    ['a blank name', { old_item_name: 'a', new_item_name: '   ', server: 'x' }],
    ['a NUL', { old_item_name: 'a', new_item_name: 'b\0', server: 'x' }],
    ['no server', { old_item_name: 'a', new_item_name: 'b' }],
    ['a category of null', { old_item_name: 'a', new_item_name: 'b', server: 'x', category: null }],
  ])('refuses %s', async (_what, body) => {
    const answer = await put(body as object);
    expect([answer.status, answer.body.error]).toEqual([400, 'validation_error']);
    expect(Object.keys(answer.body.details)).toEqual(['formErrors', 'fieldErrors']);
  });

  it('is noticed by everything that shows the item', async () => {
    await observed('zz shown');
    const native = `${server.url}/api/v1/market/games/dofus/servers/draconiros/prices?ids=${await idOf('zz shown')}`;
    const read = async (): Promise<[string | null, unknown]> => {
      const response = await fetch(native, { headers: { authorization: `Bearer ${READ_TOKEN}` } });
      const { items } = (await response.json()) as { items: { label: string }[] };
      return [response.headers.get('etag'), items[0]?.label];
    };
    const before = await read();
    await put({ old_item_name: 'zz shown', new_item_name: 'zz shown anew', server: 'x' });
    const after = await read();
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe('zz shown anew');
  });
});

describe('DELETE items', () => {
  it('takes an item with its prices, its recipe and its place in others, on all servers', async () => {
    const id = await observed('zz goes', { ankama_id: 960_020 }, ['Draconiros', 'Hell Mina', 'Orukam']);
    const [recipe] = await rows<{ id: number }>(
      `INSERT INTO market.recipe (game_id, result_item_id, level) VALUES (1, $1, 5) RETURNING id`,
      [id],
    );
    await rows('INSERT INTO market.recipe_ingredient VALUES ($1, 1, 2)', [recipe!.id]);
    await rows(
      'INSERT INTO market.recipe_ingredient SELECT id, $1, 3 FROM market.recipe ORDER BY id LIMIT 1',
      [id],
    );
    await rows(
      'INSERT INTO market.item_effect (item_id, effect_id, min_value, position) VALUES ($1, 110, 5, 0)',
      [id],
    );
    await waitUntil(
      'its days are rolled up',
      10_000,
      async () => (await countOf('market.daily WHERE item_id = $1', [id])) === 3,
    );
    const { status, body } = await send(server, 'DELETE', `${ITEMS}&id=${id}`);
    expect([status, body]).toEqual([200, { success: true }]);
    for (const table of ['latest', 'daily', 'window_stat', 'recipe_ingredient', 'item_effect'])
      expect([table, await countOf(`market.${table} WHERE item_id = $1`, [id])]).toEqual([table, 0]);
    expect(await countOf('market.recipe WHERE id = $1', [recipe!.id])).toBe(0);
    expect((await details('zz goes')).status).toBe(404);
    expect((await get('resource=items&search=zz+goes')).body).toEqual([]);
    await waitUntil(
      'raw prices are gone',
      10_000,
      async () => (await countOf('market.observation WHERE item_id = $1', [id])) === 0,
    );
    // The next price makes a new item, although this process remembered the former one.
    expect(await observed('zz goes', { ankama_id: 960_020 })).toBeGreaterThan(id);
  });

  it('is a success for an id that nobody has, and wants one', async () => {
    for (const id of ['999999', '99999999999', '-5', '7.9e9']) {
      const { status, body } = await send(
        server,
        'DELETE',
        `${ITEMS}&id=${id === '7.9e9' ? '2000000000' : id}`,
      );
      expect([id, status, body]).toEqual([id, 200, { success: true }]);
    }
    for (const [query, error] of [
      ['', 'Missing item id'],
      ['&id=abc', 'Invalid item id'],
    ]) {
      const answer = await send(server, 'DELETE', ITEMS + query!);
      expect([answer.status, answer.body]).toEqual([400, { error }]);
    }
  });

  it('leaves no price behind while prices of the item keep coming', async () => {
    const name = 'zz race';
    const first = await observed(name, { ankama_id: 960_030 });
    const uploads = Array.from({ length: 12 }, (_, n) =>
      upload(server, [
        point({
          item_name: name,
          ankama_id: 960_030,
          server: ['Draconiros', 'Hell Mina', 'Orukam'][n % 3]!,
          price_unit_avg: 100 + n,
          captured_at: minutesAgo(50 - n),
        }),
      ]),
    );
    const removed = send(server, 'DELETE', `${ITEMS}&id=${first}`);
    const answers = await Promise.all([...uploads, removed]);
    expect(answers.map(({ status }) => status)).toEqual([...uploads.map(() => 201), 200]);
    expect(await countOf('market.item WHERE id = $1', [first])).toBe(0);
    await waitUntil(
      'raw prices of the former item are gone',
      10_000,
      async () => (await countOf('market.observation WHERE item_id = $1', [first])) === 0,
    );
    const orphans = await countOf(
      'market.latest l WHERE NOT EXISTS (SELECT FROM market.observation o WHERE o.id = l.observation_id)',
    );
    expect(orphans).toBe(0);
  });
});

describe('known_items', () => {
  const name = (gid: unknown, itemName: unknown, more: object = {}, headers: object = {}): Promise<Answer> =>
    send(server, 'POST', KNOWN, { gid, name: itemName, ...more }, headers);
  const known = async (): Promise<Record<number, object>> => {
    const { status, body } = await getData(server, 'resource=known_items');
    expect(status).toBe(200);
    return Object.fromEntries((body as { gid: number }[]).map((row) => [row.gid, row]));
  };

  it('lists what was named by hand, without a token, and nothing else', async () => {
    await observed('zz only seen', { ankama_id: 961_000 });
    const { status, body } = await name(961_001, 'zz by hand', { category: 'zz Hand' });
    expect([status, body]).toEqual([200, { success: true }]);
    await name(961_002, 'zz without');
    const list = await known();
    expect(list[961_001]).toEqual({
      gid: 961_001,
      name: 'zz by hand',
      category: 'zz Hand',
      has_image: false,
    });
    expect(list[961_002]).toEqual({ gid: 961_002, name: 'zz without', has_image: false });
    expect(list[961_000]).toBeUndefined();
  });

  it('takes a gid from an item of another name, and prices follow the new one', async () => {
    const first = await observed('zz wrong name', { ankama_id: 961_010 });
    await name(961_010, 'zz right name');
    expect((await known())[961_010]).toMatchObject({ name: 'zz right name' });
    expect((await details('zz wrong name')).body).toMatchObject({ id: first, ankama_id: null });
    const second = await observed('zz right name', { ankama_id: 961_010, captured_at: minutesAgo(2) });
    expect(second).not.toBe(first);
    expect(await countOf('market.observation WHERE item_id = $1', [first])).toBe(1);
  });

  it('names an item of which only the id was seen, adopts one of which only the name was, and may be repeated', async () => {
    const path = '/api/v1/market/games/dofus/servers/draconiros/observations';
    const seen = { externalId: 961_020, unitPrice: 5, capturedAt: new Date().toISOString() };
    await send(server, 'POST', path, [seen]);
    const unnamed = await idOf('#961020');
    for (let turn = 0; turn < 2; turn += 1) expect((await name(961_020, 'zz named late')).status).toBe(200);
    expect(await idOf('zz named late')).toBe(unnamed);
    const nameOnly = await observed('zz by name only');
    await name(961_021, 'zz by name only');
    expect((await details('zz by name only')).body).toMatchObject({ id: nameOnly, ankama_id: 961_021 });
  });

  it('keeps the shipped catalogue from strangers, not from curators', async () => {
    const refused = await name(44, 'zz not a sword');
    expect([refused.status, refused.body.error]).toEqual([409, 'external_id_taken']);
    expect((await details('Épée de Boisaille')).body.ankama_id).toBe(44);
    const curator = { Authorization: `Bearer ${INGEST_TOKEN}` };
    expect((await name(44, 'zz not a sword', {}, curator)).status).toBe(200);
    expect((await details('Épée de Boisaille')).body.ankama_id).toBeNull();
    expect((await name(44, 'Épée de Boisaille', {}, curator)).status).toBe(200);
    expect((await details('Épée de Boisaille')).body.ankama_id).toBe(44);
  });

  it.each<[string, object]>([
    ['no gid', { name: 'a' }],
    ['a gid of 0', { gid: 0, name: 'a' }],
    ['a gid as text', { gid: '5', name: 'a' }],
    ['a gid beyond an integer', { gid: 2 ** 31, name: 'a' }],
    ['no name', { gid: 5 }],
    ['an empty name', { gid: 5, name: '' }],
    ['a category of null', { gid: 5, name: 'a', category: null }],
  ])('refuses %s', async (_what, body) => {
    const answer = await send(server, 'POST', KNOWN, body, {});
    expect([answer.status, answer.body.error]).toEqual([400, 'Invalid body']);
  });
});

describe('consumables', () => {
  it('are listed with what they give back for their price, oldest price apart', async () => {
    const [bread] = await rows<{ label: string; id: number; level: number }>(
      'SELECT label, id, level FROM market.item WHERE external_id = 11504',
    );
    const [both] = await rows<{ label: string; id: number; level: number }>(
      'SELECT label, id, level FROM market.item WHERE external_id = 6963',
    );
    await upload(server, [
      point({
        item_name: bread!.label,
        ankama_id: 11_504,
        server: 'Imagiro',
        price_unit_avg: 42,
        captured_at: '2025-01-02T03:04:05.678901Z',
      }),
      point({ item_name: both!.label, ankama_id: 6_963, server: 'Imagiro', price_unit_avg: 7.5 }),
      point({ item_name: 'Blé', ankama_id: 289, server: 'Imagiro' }),
    ]);
    const old = await get('resource=consumables&server=Imagiro');
    expect(old.status).toBe(200);
    const rowOf = (item: typeof bread, life: number, energy: number, price: number): object => ({
      id: item!.id,
      name: item!.label,
      img: null,
      level: item!.level,
      stats: { life, energy },
      price,
    });
    expect(old.body).toHaveLength(2);
    expect(old.body).toEqual(expect.arrayContaining([rowOf(bread, 210, 0, 42), rowOf(both, 15, 1_500, 7.5)]));
    // The web page sends the name as it is, spaces and all.
    const { body } = await getData(server, 'resource=toolbox&mode=consumables&server=Imagiro');
    expect(body.oldestObservation).toBe('2025-01-02T03:04:05.678901+00:00');
    expect(body.items).toContainEqual({
      ...rowOf(bread, 210, 0, 42),
      captured_at: '2025-01-02T03:04:05.678901+00:00',
    });
    expect(body.items).toHaveLength(2);
  });

  it('are none on a server without prices, and want a server', async () => {
    for (const place of ['Orukam', 'Nowhere']) {
      expect((await get(`resource=consumables&server=${place}`)).body).toEqual([]);
      const { body } = await get(`resource=toolbox&mode=consumables&server=${place}`);
      expect(body).toEqual({ items: [], oldestObservation: null });
    }
    for (const query of ['resource=consumables', 'resource=toolbox&mode=consumables&server=']) {
      const answer = await get(query);
      expect([answer.status, answer.body]).toEqual([400, { error: 'server_required' }]);
    }
    const unknown = await get('resource=toolbox&mode=unknown&server=Orukam');
    expect([unknown.status, unknown.body.error]).toEqual([400, 'Invalid mode parameter']);
  });
});

describe('who may write', () => {
  it('is asked for a token without one, and refused with a wrong one or one for reading', async () => {
    const id = await observed('zz guarded');
    const change = { old_item_name: 'zz guarded', new_item_name: 'zz stolen', server: 'x' };
    const tries = (headers: object): Promise<Answer>[] => [
      send(server, 'PUT', ITEMS, change, headers),
      send(server, 'DELETE', `${ITEMS}&id=${id}`, undefined, headers),
    ];
    for (const headers of [{}, { Authorization: 'Basic abc' }])
      for (const { status, body } of await Promise.all(tries(headers)))
        expect([status, body.error]).toEqual([401, 'unauthorized']);
    for (const token of ['wrong', READ_TOKEN])
      for (const { status, body } of await Promise.all(tries({ Authorization: `Bearer ${token}` })))
        expect([status, body.error]).toEqual([403, 'forbidden']);
    expect(await idOf('zz guarded')).toBe(id);
  });
});
