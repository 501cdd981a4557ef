import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const DOFUS = '/api/v1/market/games/dofus';

let database: TestDatabase;
let server: ServerProcess;
let nextId = 920_000_000;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = (path: string): Promise<Answer> => get(server.url, `${DOFUS}/${path}`);
const patch = (id: number, body: unknown, options: object = {}): Promise<Answer> =>
  call(server.url, 'PATCH', `${DOFUS}/items/${id}`, { body, ...options });
const remove = (id: number, options: object = {}): Promise<Answer> =>
  call(server.url, 'DELETE', `${DOFUS}/items/${id}`, options);

/** An item with one price on each server. */
async function anItem(name: string, servers = ['draconiros']): Promise<{ id: number; externalId: number }> {
  const externalId = (nextId += 1);
  for (const key of servers)
    await post(server.url, OBSERVATIONS_PATH.replace('draconiros', key), [
      { externalId, name, unitPrice: 10, capturedAt: new Date().toISOString() },
    ]);
  const [row] = await queryRows<{ id: number }>(
    database.url,
    'SELECT id FROM market.item WHERE external_id = $1',
    [externalId],
  );
  return { id: row!.id, externalId };
}

describe('types and effects', () => {
  it('lists the types by which items are filtered', async () => {
    const { status, json } = await read('types');
    expect(status).toBe(200);
    expect(json.items).toHaveLength(220);
    expect(json.items[0]).toEqual({
      id: 1,
      name: 'Amulette',
      nameEn: 'Amulet',
      category: 'equipment',
      craftXpRatio: null,
    });
    const found = (await read('items?type=1&limit=1')).json.items;
    expect(found[0].type).toBe('Amulette');
    expectProblem(await get(server.url, '/api/v1/market/games/retro/types'), 404, 'market/unknown-game');
  });

  it('tells what a consumable gives back, and of others that nothing is known', async () => {
    const [both] = await queryRows<{ id: number }>(
      database.url,
      'SELECT id FROM market.item WHERE external_id = 6963',
    );
    expect((await read(`items/${both!.id}/effects`)).json).toEqual({
      items: [
        { effectId: 110, kind: 'life', minValue: 15, maxValue: null, description: 'Rend 15 points de vie' },
        {
          effectId: 139,
          kind: 'energy',
          minValue: 1_500,
          maxValue: null,
          description: "Rend 1500 points d'énergie",
        },
      ],
    });
    expect((await read('items/1/effects')).json).toEqual({ items: [] });
    expectProblem(await read('items/2000000000/effects'), 404, 'market/unknown-item');
  });
});

describe('a search', () => {
  it('forgives a slip where no name holds the text, the most alike first', async () => {
    const { json } = await read(`items?q=${encodeURIComponent('epee de boisallie')}&limit=5`);
    expect(json.items[0].label).toBe('Épée de Boisaille');
    expect(json.items.length).toBeLessThanOrEqual(5);
    expect(json.nextCursor).toBeNull();
    const exact = (await read('items?q=boisaille&limit=200')).json.items as { label: string }[];
    expect(exact.every(({ label }) => /boisaille/i.test(label))).toBe(true);
    expect((await read('items?q=qqqqzzzzxxxx')).json).toEqual({ items: [], nextCursor: null });
    expect((await read('items?q=epee+de+boisallie&levelMin=1')).json.items).toEqual([]);
  });
});

describe('PATCH of an item', () => {
  it('changes what is given, and the version with it', async () => {
    const { id, externalId } = await anItem('A first name');
    const before = (await read(`items/${id}`)).json;
    expect(before.version).toBe(1);
    const { status, json } = await patch(id, { nameEn: 'In English', level: 42, category: 'Brand new' });
    expect(status).toBe(200);
    expect(json).toEqual({
      ...before,
      nameEn: 'In English',
      level: 42,
      category: 'Brand new',
      version: 2,
    });
    const cleared = await patch(id, { nameEn: null, level: null, category: null });
    expect(cleared.json).toEqual({ ...before, version: 3 });
    const renamed = await patch(id, { name: 'Épée de Boisaille' });
    expect(renamed.json).toMatchObject({
      name: 'Épée de Boisaille',
      label: `Épée de Boisaille (${externalId})`,
      version: 4,
    });
  });

  it('with a version is refused once somebody else was faster', async () => {
    const { id } = await anItem('Of two curators');
    const answers = await Promise.all(
      [7, 8].map((level) => patch(id, { level }, { headers: { 'if-match': '"1"' } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expectProblem(
      answers.find(({ status }) => status === 412)!,
      412,
      'market/stale-item',
    );
    expectProblem(await remove(id, { headers: { 'if-match': '"1"' } }), 412, 'market/stale-item');
    expectProblem(
      await patch(id, { level: 1 }, { headers: { 'if-match': 'x' } }),
      400,
      'market/invalid-if-match',
    );
    expect((await remove(id, { headers: { 'if-match': '"2"' } })).status).toBe(204);
  });

  it.each<[string, unknown, number, string]>([
    ['nothing', {}, 422, 'market/nothing-to-change'],
    ['an unknown key', { label: 'x' }, 400, 'http/malformed'],
    ['a name of null', { name: null }, 400, 'http/malformed'],
    ['a blank name', { name: ' ' }, 400, 'http/malformed'],
    ['blanks around a name', { name: ' a' }, 400, 'http/malformed'],
    ['a NUL', { name: 'a\0b' }, 400, 'http/malformed'],
    ['a long name', { name: 'x'.repeat(256) }, 400, 'http/malformed'],
    ['a level below zero', { level: -1 }, 400, 'http/malformed'],
    ['a level with a fraction', { level: 1.5 }, 400, 'http/malformed'],
    ['an array', [], 400, 'http/malformed'],
  ])('refuses %s', async (_what, body, status, code) => {
    expectProblem(await patch(1, body), status, code);
  });

  it('is for curators, and of items that exist', async () => {
    const { accessToken: token } = await newPerson(server.url);
    for (const answer of [await patch(1, { level: 1 }, { token }), await remove(1, { token })])
      expectProblem(answer, 403, 'auth/forbidden');
    for (const answer of [await patch(2_000_000_000, { level: 1 }), await remove(2_000_000_000)])
      expectProblem(answer, 404, 'market/unknown-item');
  });

  it('is believed by other processes, too', async () => {
    const name = 'Known to two processes';
    const second = await startServerProcess({ DATABASE_URL: database.url });
    try {
      const send = (base: string, price: number, minutes: number): Promise<Answer> =>
        post(base, OBSERVATIONS_PATH, [
          { name, unitPrice: price, capturedAt: new Date(Date.now() - minutes * 60_000).toISOString() },
        ]);
      await send(server.url, 1, 60);
      await send(second.url, 2, 40);
      const [item] = await queryRows<{ id: number }>(
        database.url,
        'SELECT id FROM market.item WHERE label = $1',
        [name],
      );
      expect((await patch(item!.id, { name: 'Renamed meanwhile' })).status).toBe(200);
      await send(second.url, 3, 20);
      const counts = await queryRows<{ label: string; n: number }>(
        database.url,
        `SELECT i.label, count(*)::int AS n FROM market.observation o JOIN market.item i ON i.id = o.item_id
         WHERE i.label IN ($1, 'Renamed meanwhile') GROUP BY 1 ORDER BY 1`,
        [name],
      );
      expect(counts).toEqual([
        { label: name, n: 1 },
        { label: 'Renamed meanwhile', n: 2 },
      ]);
    } finally {
      await second.stop();
    }
  });
});

describe('DELETE of an item', () => {
  it('takes everything at once, its icon and raw prices included', async () => {
    const { id } = await anItem('To be taken out', ['draconiros', 'hell-mina', 'orukam']);
    // More raw prices than a portion of the job takes.
    await queryRows(
      database.url,
      `INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
       SELECT date_trunc('month', now()) + n * interval '1 second', 5, $1, (SELECT min(id) FROM market.source), 1, s.id
       FROM generate_series(1, 6000) AS n, (SELECT id FROM market.server WHERE key = 'orukam') s`,
      [id],
    );
    const [tag] = [
      (await get(server.url, `${OBSERVATIONS_PATH.replace('observations', 'prices')}?ids=${id}`)).headers.get(
        'etag',
      ),
    ];
    const [event] = await queryRows<{ id: string }>(
      database.url,
      `SELECT count(*) AS id FROM market.observation WHERE item_id = $1`,
      [id],
    );
    expect(Number(event!.id)).toBe(6_003);
    expect((await remove(id)).status).toBe(204);
    expectProblem(await read(`items/${id}`), 404, 'market/unknown-item');
    expectProblem(await remove(id), 404, 'market/unknown-item');
    const prices = await get(server.url, `${OBSERVATIONS_PATH.replace('observations', 'prices')}?ids=${id}`);
    expect(prices.json.items).toEqual([]);
    expect(prices.headers.get('etag')).not.toBe(tag);
    await waitUntil('no raw price is left', 45_000, async () => {
      const [left] = await queryRows<{ n: number }>(
        database.url,
        'SELECT count(*)::int AS n FROM market.observation WHERE item_id = $1',
        [id],
      );
      return left!.n === 0;
    });
  });

  it('hides raw prices that are still being taken away', async () => {
    const worker = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
    try {
      const [orphan] = await queryRows<{ id: number }>(
        database.url,
        `INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
         SELECT now(), 5, 1999999999, (SELECT min(id) FROM market.source), 1, s.id
         FROM market.server s WHERE s.key = 'draconiros' RETURNING id::int`,
      );
      const path = `${OBSERVATIONS_PATH}/${orphan!.id}`;
      const answer = await call(worker.url, 'PATCH', path, { body: { unitPrice: 1 } });
      expectProblem(answer, 404, 'market/unknown-observation');
    } finally {
      await worker.stop();
    }
  });
});
