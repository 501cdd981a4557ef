import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, get } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

const DOFUS = '/api/v1/market/games/dofus';
/** Item 1 of the shipped catalogue, and its id in the game. */
const SWORD = { id: 1, externalId: 44, name: 'Épée de Boisaille' };

interface Item {
  id: number;
  label: string;
  level: number | null;
  category: string | null;
  type: string | null;
}

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

const read = async (path: string): Promise<Answer> => {
  const answer = await get(server.url, path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer;
};
const scalar = async (sql: string): Promise<number> =>
  Number((await queryRows<{ n: unknown }>(database.url, sql))[0]?.n);

describe('the catalogue', () => {
  it('lists games, servers and categories', async () => {
    expect((await read('/api/v1/market/games')).json).toEqual({ items: [{ key: 'dofus', name: 'Dofus' }] });
    const servers = (await read(`${DOFUS}/servers`)).json.items as { key: string; name: string }[];
    expect(servers).toHaveLength(13);
    expect(servers).toContainEqual({ key: 'hell-mina', name: 'Hell Mina' });
    expect(servers.map(({ name }) => name)).toEqual(servers.map(({ name }) => name).sort());
    const categories = (await read(`${DOFUS}/categories`)).json.items as { id: number; name: string }[];
    expect(categories.map(({ name }) => name)).toContain('equipment');
  });

  it('knows one game with its servers', async () => {
    const { json } = await read(DOFUS);
    const { items } = (await read(`${DOFUS}/servers`)).json;
    expect(json).toEqual({ key: 'dofus', name: 'Dofus', servers: items });
    expectProblem(await get(server.url, '/api/v1/market/games/retro'), 404, 'market/unknown-game');
  });

  it('says which game, server or item it does not know', async () => {
    for (const path of ['servers', 'categories', 'items', 'items/1'])
      expectProblem(await get(server.url, `/api/v1/market/games/retro/${path}`), 404, 'market/unknown-game');
    for (const path of ['prices?ids=1', 'items/1/series'])
      expectProblem(await get(server.url, `${DOFUS}/servers/jiva/${path}`), 404, 'market/unknown-server');
    expectProblem(await get(server.url, `${DOFUS}/items/2000000000`), 404, 'market/unknown-item');
  });

  it.each(['0', '-1', '1.5', '1e3', 'abc', '2147483648', '99999999999999999999', '%20', '0x1'])(
    'answers 404 for the item id %s',
    async (id) => {
      expectProblem(await get(server.url, `${DOFUS}/items/${id}`), 404);
      expectProblem(await get(server.url, `${DOFUS}/servers/draconiros/items/${id}/series`), 404);
    },
  );

  it('shows an item with its recipe', async () => {
    const { json } = await read(`${DOFUS}/items/${SWORD.id}`);
    expect(json).toEqual({
      id: SWORD.id,
      externalId: SWORD.externalId,
      name: SWORD.name,
      nameEn: 'Twiggy Sword',
      label: SWORD.name,
      level: 7,
      category: 'equipment',
      type: 'Épée',
      iconUrl: null,
      isCraftable: true,
      usageCount: expect.any(Number),
      recipe: {
        level: 7,
        job: 'Forgeron',
        ingredients: [
          { itemId: 86, label: 'Bois de Frêne', quantity: 3 },
          { itemId: 5991, label: 'Plume Chimérique', quantity: 3 },
        ],
      },
      version: 2, // the first start has brought its facts
    });
    expect((await read(`${DOFUS}/items/86`)).json.recipe).toBeNull();
  });
});

describe('the item list', () => {
  /** Follows nextCursor to the end. */
  const walk = async (query: string): Promise<Item[]> => {
    const items: Item[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await read(
        `${DOFUS}/items?${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      items.push(...(json.items as Item[]));
      cursor = json.nextCursor as string | null;
    }
    return items;
  };

  it('is walked page by page without loss or doubling', async () => {
    const expected = await queryRows<{ id: number }>(
      database.url,
      'SELECT id FROM market.item WHERE game_id = 1 ORDER BY label_fold, id',
    );
    expect(expected.length).toBeGreaterThan(8_000);
    expect((await walk('limit=200')).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  it('gives the same sequence whatever the page size', async () => {
    const whole = (await walk('levelMin=190&limit=200')).map(({ id }) => id);
    expect(whole.length).toBeGreaterThan(200);
    for (const limit of [1, 7, 199, 200].filter((size) => whole.length / size < 300))
      expect((await walk(`levelMin=190&limit=${limit}`)).map(({ id }) => id)).toEqual(whole);
  });

  it('loses and doubles nothing while items are added between pages', async () => {
    const query = 'levelMin=150&levelMax=160';
    const before = (await walk(`${query}&limit=200`)).map(({ id }) => id);
    const seen: number[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      const path: string = `${DOFUS}/items?${query}&limit=50${cursor && `&cursor=${cursor}`}`;
      const { json }: Answer = await read(path);
      seen.push(...(json.items as Item[]).map(({ id }) => id));
      cursor = json.nextCursor as string | null;
      await queryRows(
        database.url,
        `INSERT INTO market.item (game_id, label, label_fold, level)
         SELECT 1, 'new ' || x || $1, x || $1, 155 FROM unnest(ARRAY['a', 'f', 'm', 's', 'z']) x`,
        [` page ${page}`],
      );
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    await queryRows(database.url, "DELETE FROM market.item WHERE label LIKE 'new %page %'");
  });

  it('has pages of 50 unless asked, and a cursor that ends with null', async () => {
    const first = (await read(`${DOFUS}/items`)).json;
    expect(first.items).toHaveLength(50);
    expect(typeof first.nextCursor).toBe('string');
    const category = await scalar("SELECT max(id) AS n FROM market.category WHERE name = 'quest'");
    const items = await walk(`category=${category}&limit=200`);
    expect(new Set(items.map((item) => item.category))).toEqual(new Set(['quest']));
    expect(items).toHaveLength(
      await scalar(`SELECT count(*) AS n FROM market.item WHERE category_id = ${category}`),
    );
  });

  it('is searched without regard to accents and case, best matches first', async () => {
    for (const q of ['épée de boisaille', 'EPEE DE BOISAILLE', 'Epée de Boisaille']) {
      const { json } = await read(`${DOFUS}/items?limit=5&q=${encodeURIComponent(q)}`);
      expect(json.items[0].id).toBe(SWORD.id);
    }
    const { json } = await read(`${DOFUS}/items?limit=200&q=bois`);
    const folds = (json.items as Item[]).map(({ label }) =>
      label.toLowerCase().normalize('NFD').replace(/\p{M}/gu, ''),
    );
    expect(folds.length).toBeGreaterThan(10);
    const firstInner = folds.findIndex((fold) => !fold.startsWith('bois'));
    expect(folds.slice(firstInner).filter((fold) => fold.startsWith('bois'))).toEqual([]);
    expect(folds.every((fold) => fold.includes('bois'))).toBe(true);
  });

  it.each([1, 7, 50])('is searched in pages of %i, in the order of one page', async (limit) => {
    const whole = (await read(`${DOFUS}/items?limit=200&q=bois de`)).json;
    expect(whole.items.length).toBeGreaterThan(10);
    expect(whole.nextCursor).toBeNull();
    expect(await walk(`q=bois de&limit=${limit}`)).toEqual(whole.items);
  });

  it.each([
    ['%', 'percent'],
    ['_', 'underscore'],
    ['\\', 'backslash'],
    ["'", 'quote'],
    ["'; DROP TABLE market.item; --", 'injection'],
  ])('takes %s in a search to mean itself', async (q) => {
    const items = (await read(`${DOFUS}/items?limit=200&q=${encodeURIComponent(q)}`)).json.items as Item[];
    expect(items.filter(({ label }) => !label.replace(/[’]/g, "'").includes(q))).toEqual([]);
  });

  it('filters by type and level, and searches within a filter', async () => {
    const [row] = await queryRows<{ n: number }>(
      database.url,
      'SELECT t.external_id AS n FROM market.item i JOIN market.item_type t ON t.id = i.item_type_id WHERE i.id = 1',
    );
    const swords = await walk(`type=${row?.n}&levelMin=7&levelMax=20&limit=200`);
    expect(swords.map(({ id }) => id)).toContain(SWORD.id);
    expect(swords.every(({ type, level }) => type === 'Épée' && level! >= 7 && level! <= 20)).toBe(true);
    const found = await walk(`type=${row?.n}&q=boisaille`);
    expect(found.map(({ id }) => id)).toEqual([SWORD.id]);
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['limit=-1', '/limit'],
    ['limit=2.5', '/limit'],
    ['limit=abc', '/limit'],
    ['limit=', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['category=0', '/category'],
    ['category=x', '/category'],
    ['category=2147483648', '/category'],
    ['type=0', '/type'],
    ['type=1.5', '/type'],
    ['levelMin=-1', '/levelMin'],
    ['levelMin=', '/levelMin'],
    ['levelMin=x', '/levelMin'],
    ['levelMax=32768', '/levelMax'],
    ['levelMax=1e3', '/levelMax'],
    [`q=${'x'.repeat(256)}`, '/q'],
    ['q=a&q=b', '/q'],
    ['q[x]=1', '/q[x]'],
    [`cursor=${'x'.repeat(1_001)}`, '/cursor'],
    ['offset=5', '/offset'],
    ['__proto__=1', '/__proto__'],
    ['constructor=1', '/constructor'],
  ])('refuses ?%s and says where', async (query, pointer) => {
    const answer = await get(server.url, `${DOFUS}/items?${query}`);
    expectProblem(answer, 400, 'http/malformed');
    expect((answer.json.errors as { pointer: string }[]).map((fault) => fault.pointer)).toContain(pointer);
  });

  it.each([
    'x',
    '%7B%7D',
    'W10',
    'WyJhIl0',
    'WyJhIiwiYiJd',
    'WyJhIiwxLjVd',
    'WyJcdTAwMDAiLDFd',
    'WyJcdWQ4MDAiLDFd',
  ])('refuses the cursor %s, which it never made', async (cursor) => {
    expectProblem(await get(server.url, `${DOFUS}/items?cursor=${cursor}`), 400, 'http/malformed');
  });
});
