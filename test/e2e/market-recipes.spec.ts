import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';

const DOFUS = '/api/v1/market/games/dofus';
const SERVER = `${DOFUS}/servers/hell-mina`;
const RECIPES = `${SERVER}/recipes`;

let database: TestDatabase;
let server: ServerProcess;
/** Ids of the items below, by name. */
const ids = new Map<string, number>();

// A small trade of its own: planks are sawn from logs or bought, chairs are made of planks and nails, glue is sold nowhere. Names
// begin with "xq" where the shipped catalogue must not mix in.
const PRICES: Record<string, number> = { log: 4, plank: 30, nail: 1, chair: 100, table: 50, ghost: 1 };

const read = async (path: string, status = 200): Promise<Answer> => {
  const answer = await get(server.url, path);
  expect({ path, status: answer.status }).toEqual({ path, status });
  return answer;
};
const idOf = (name: string): number => ids.get(name)!;
const parts = (given: Record<string, number>): object => ({
  ingredients: Object.entries(given).map(([name, quantity]) => ({ itemId: idOf(name), quantity })),
});
const recipePath = (name: string): string => `${DOFUS}/items/${idOf(name)}/recipe`;
const put = (name: string, body: unknown, token: string = INGEST_TOKEN): Promise<Answer> =>
  call(server.url, 'PUT', recipePath(name), { body, token });
const listed = async (query = ''): Promise<Record<string, unknown>[]> =>
  (await read(`${RECIPES}?search=xq&${query}`)).json.items as Record<string, unknown>[];

async function observe(prices: Record<string, number>): Promise<void> {
  const sent = Object.entries(prices).map(([name, unitPrice]) => ({
    name: `xq ${name}`,
    unitPrice,
    capturedAt: new Date().toISOString(),
  }));
  expect((await post(server.url, `${SERVER}/observations`, sent)).status).toBe(201);
}

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  await observe(PRICES);
  const glue = { name: 'xq glue', unitPrice: 7, capturedAt: new Date().toISOString() };
  expect((await post(server.url, `${DOFUS}/servers/draconiros/observations`, [glue])).status).toBe(201);
  const { items } = (await read(`${DOFUS}/items?q=xq&limit=50`)).json as {
    items: { id: number; label: string }[];
  };
  for (const { id, label } of items) ids.set(label.slice(3), id);
  for (const [name, body] of Object.entries({
    plank: { ...parts({ log: 5 }), level: 10 },
    chair: { ...parts({ plank: 2, nail: 10 }), level: 40 },
    table: { ...parts({ plank: 3, glue: 1 }), level: 60 },
  }))
    expect((await put(name, body)).status).toBe(200);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('jobs and recipes of a game', () => {
  it('are listed and shown', async () => {
    const jobs = (await read(`${DOFUS}/jobs`)).json.items as object[];
    expect(jobs).toHaveLength(22);
    expect(jobs[0]).toEqual({
      id: expect.any(Number),
      externalId: expect.any(Number),
      name: expect.any(String),
      iconId: expect.any(Number),
    });
    const ofItem = await read(recipePath('chair'));
    expect(ofItem.json).toEqual({
      id: expect.any(Number),
      itemId: idOf('chair'),
      label: 'xq chair',
      iconUrl: null,
      jobId: null,
      level: 40,
      isCustom: true,
      isCyclic: false,
      xpRatioPct: 100,
      ingredients: expect.arrayContaining([
        { itemId: idOf('nail'), label: 'xq nail', iconUrl: null, quantity: 10, recipeId: null },
        {
          itemId: idOf('plank'),
          label: 'xq plank',
          iconUrl: null,
          quantity: 2,
          recipeId: expect.any(Number),
        },
      ]),
    });
    expect((await read(`${DOFUS}/recipes/${ofItem.json.id}`)).json).toEqual(ofItem.json);
  });

  it('are missed where there are none', async () => {
    for (const path of [`${DOFUS}/recipes/999999999`, recipePath('log'), `${DOFUS}/items/999999999/recipe`])
      expectProblem(await read(path, 404), 404, 'market/unknown-recipe');
    await read(`${DOFUS}/recipes/0`, 404);
    await read('/api/v1/market/games/chess/jobs', 404);
  });

  it('are found by what they use, page by page', async () => {
    const whole = (await read(`${DOFUS}/items/${idOf('plank')}/used-in`)).json;
    expect(whole).toMatchObject({
      items: [
        { label: 'xq chair', quantity: 2 },
        { label: 'xq table', quantity: 3 },
      ],
      nextCursor: null,
    });
    const first = (await read(`${DOFUS}/items/${idOf('plank')}/used-in?limit=1`)).json;
    const second = await read(`${DOFUS}/items/${idOf('plank')}/used-in?limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.json.items]).toEqual(whole.items);
    expect(second.json.nextCursor).toBeNull();
    expect((await read(`${DOFUS}/items/999999999/used-in`)).json.items).toEqual([]);
  });
});

describe('recipes on a server', () => {
  it('cost what their ingredients do, by each mode, and nothing is free that nobody sells', async () => {
    const of = async (mode: string): Promise<object> =>
      Object.fromEntries(
        (await listed(`priceMode=${mode}`)).map((row) => [
          String(row['label']).slice(3),
          [row['cost'], row['knownCost'], row['pricedRatio'], row['margin']],
        ]),
      );
    expect(await of('market')).toEqual({
      chair: [70, 70, 1, 30],
      plank: [20, 20, 1, 10],
      table: [null, 90, 0.5, null],
    });
    expect(await of('min')).toEqual({
      chair: [50, 50, 1, 50],
      plank: [20, 20, 1, 10],
      table: [null, 60, 0.5, null],
    });
    expect(await of('strict')).toEqual(await of('market'));
  });

  it('are shown field by field, what lacks a price last', async () => {
    const rows = await listed('priceMode=min&sort=margin');
    expect(rows.map(({ label }) => label)).toEqual(['xq chair', 'xq plank', 'xq table']);
    expect(rows[0]).toEqual({
      id: expect.any(Number),
      itemId: idOf('chair'),
      label: 'xq chair',
      iconUrl: null,
      jobId: null,
      level: 40,
      isCustom: true,
      isCyclic: false,
      cost: 50,
      knownCost: 50,
      ingredientCount: 2,
      pricedRatio: 1,
      sellPrice: 100,
      netPrice: 100,
      margin: 50,
      roiPct: 100,
      sellPriceAt: expect.stringMatching(/Z$/),
      oldestPriceAt: expect.stringMatching(/Z$/),
    });
  });

  it('come in every order and page by page', async () => {
    for (const sort of ['margin', 'roi', 'cost', 'level']) {
      const whole = await listed(`sort=${sort}`);
      expect(whole).toHaveLength(3);
      const paged: unknown[] = [];
      for (let cursor = ''; ;) {
        const { json } = await read(`${RECIPES}?search=xq&sort=${sort}&limit=1${cursor}`);
        paged.push(...json.items);
        if (json.nextCursor === null) break;
        cursor = `&cursor=${json.nextCursor}`;
      }
      expect(paged).toEqual(whole);
    }
    const levels = (await listed('sort=level')).map(({ level }) => level);
    expect(levels).toEqual([60, 40, 10]);
  });

  it('are filtered', async () => {
    const labels = async (query: string): Promise<unknown[]> =>
      (await listed(query)).map(({ label }) => label);
    expect(await labels('minLevel=40&maxLevel=40')).toEqual(['xq chair']);
    expect(await labels('minRoi=45&priceMode=market')).toEqual(['xq plank']);
    expect(await labels('job=1')).toEqual([]);
    const wide = await read(`${RECIPES}?limit=200`);
    expect(wide.json.items).toHaveLength(200);
    expect((await read(`${RECIPES}?search=%25`)).json.items).toEqual([]);
  });

  it('follow prices, recipes and the tax; otherwise they are not sent again', async () => {
    const first = await read(`${RECIPES}?search=xq`);
    const etag = first.headers.get('etag')!;
    const again = (): Promise<Answer> =>
      get(server.url, `${RECIPES}?search=xq`, { headers: { 'if-none-match': etag } });
    expect((await again()).status).toBe(304);
    const terms = { body: { saleTaxPct: 2, listingFeePct: 1 }, token: ADMIN_TOKEN };
    expect((await call(server.url, 'PUT', `${SERVER}/terms`, terms)).status).toBe(200);
    const taxed = await again();
    expect(taxed.status).toBe(200);
    expect(taxed.json.items[0]).toMatchObject({
      label: 'xq chair',
      sellPrice: 100,
      netPrice: 97,
      margin: 27,
    });
    await call(server.url, 'DELETE', `${SERVER}/terms`, { token: ADMIN_TOKEN });
    await observe({ ghost: 2 });
    expect((await again()).status).toBe(200);
  });

  it.each([
    'sort=sideways',
    'priceMode=free',
    'limit=0',
    'limit=201',
    'minLevel=-1',
    'job=x',
    'minRoi=lots',
    'cursor=nonsense',
    'unknown=1',
  ])('refuse %s', async (query) => {
    expectProblem(await read(`${RECIPES}?${query}`, 400), 400);
  });
});

describe('the tree of a craft', () => {
  const treePath = async (name: string): Promise<string> =>
    `${RECIPES}/${(await read(recipePath(name))).json.id}/tree`;

  it('says what so many take, and where it comes from', async () => {
    const { json } = await read(`${await treePath('chair')}?quantity=3&mode=min`);
    expect(json).toMatchObject({
      server: 'hell-mina',
      quantity: 3,
      mode: 'min',
      cost: 150,
      pricedRatio: 1,
      netProceeds: 300,
      margin: 150,
      leftovers: [],
    });
    const brief = (json.items as Record<string, unknown>[]).map((item) => [
      item['label'],
      item['needed'],
      item['bought'],
      item['crafted'],
    ]);
    expect(brief[0]).toEqual(['xq chair', 3, 0, 3]);
    expect(brief.slice(1).sort()).toEqual([
      ['xq log', 30, 30, 0],
      ['xq nail', 30, 30, 0],
      ['xq plank', 6, 0, 6],
    ]);
  });

  it('takes from stock what is there, each unit once', async () => {
    const stock = [
      { itemId: idOf('plank'), quantity: 1 },
      { itemId: idOf('plank'), quantity: 3 },
      { itemId: idOf('nail'), quantity: 100 },
      { itemId: idOf('ghost'), quantity: 5 },
    ];
    const { status, json } = await post(server.url, await treePath('chair'), {
      quantity: 3,
      mode: 'min',
      stock,
    });
    expect(status).toBe(200);
    // Two planks are sawn of five logs at 4 each.
    expect(json).toMatchObject({ cost: 40, knownCost: 40, pricedRatio: 1 });
    expect(json.leftovers).toEqual([
      { itemId: idOf('nail'), quantity: 70 },
      { itemId: idOf('ghost'), quantity: 5 },
    ]);
  });

  it('has no cost where something is missing', async () => {
    const { json } = await read(await treePath('table'));
    expect(json).toMatchObject({
      quantity: 1,
      mode: 'min',
      cost: null,
      knownCost: 60,
      pricedRatio: 0.5,
      margin: null,
    });
    expect(json.items).toContainEqual(
      expect.objectContaining({ label: 'xq glue', missing: 1, bought: 0, unitPrice: null }),
    );
  });

  it.each([
    [{}],
    [{ stock: {} }],
    [{ stock: [], quantity: 0 }],
    [{ stock: [{ itemId: 1, quantity: -1 }] }],
    [{ stock: [], mode: 'x' }],
  ])('refuses %j', async (body) => {
    expectProblem(await post(server.url, await treePath('chair'), body), 400);
  });

  it('is missed without its recipe, and refuses numbers', async () => {
    expectProblem(await read(`${RECIPES}/999999999/tree`, 404), 404, 'market/unknown-recipe');
    await read(`${await treePath('chair')}?quantity=0`, 400);
    await read(`${await treePath('chair')}?quantity=1000001`, 400);
  });
});

describe("recipes of one's own", () => {
  it('are changed and taken away by who made them and by curators, not by others', async () => {
    const [maker, other] = [await newPerson(server.url), await newPerson(server.url)];
    expect((await put('ghost', parts({ log: 1 }), maker.accessToken)).status).toBe(200);
    expect((await put('ghost', parts({ log: 2 }), maker.accessToken)).json.ingredients[0].quantity).toBe(2);
    expectProblem(await put('ghost', parts({ log: 3 }), other.accessToken), 403, 'market/recipe-not-yours');
    const remove = (token: string): Promise<Answer> =>
      call(server.url, 'DELETE', recipePath('ghost'), { token });
    expectProblem(await remove(other.accessToken), 403, 'market/recipe-not-yours');
    expect((await put('ghost', parts({ nail: 3 }))).status).toBe(200);
    expect((await remove(maker.accessToken)).status).toBe(204);
    expectProblem(await remove(maker.accessToken), 404, 'market/unknown-recipe');
  });

  it('do not replace shipped ones, unless a curator says so', async () => {
    const { accessToken } = await newPerson(server.url);
    const answer = await call(server.url, 'PUT', `${DOFUS}/items/1/recipe`, {
      body: parts({ log: 1 }),
      token: accessToken,
    });
    expectProblem(answer, 403, 'market/recipe-not-yours');
  });

  it.each([
    ['needs itself', 'log', () => parts({ chair: 1 }), 'cycle'],
    ['is made of itself', 'log', () => parts({ log: 1 }), 'cycle'],
    [
      'takes something twice',
      'ghost',
      () => ({ ingredients: [1, 1].map((itemId) => ({ itemId, quantity: 1 })) }),
      'duplicate',
    ],
    [
      'takes what there is not',
      'ghost',
      () => ({ ingredients: [{ itemId: 999_999_999, quantity: 1 }] }),
      'unknown',
    ],
    ['is of no job', 'ghost', () => ({ ...parts({ log: 1 }), jobId: 9_999 }), 'unknown'],
  ])('are refused when the result %s', async (_what, name, body, code) => {
    const answer = await put(name, body());
    expectProblem(answer, 422, 'market/recipe-refused');
    expect(answer.json.errors[0]).toMatchObject({ code });
    await read(recipePath(name), 404);
  });

  it.each([
    [{}],
    [{ ingredients: [] }],
    [{ ingredients: [{ itemId: 1, quantity: 0 }] }],
    [{ ingredients: [{ itemId: 1 }] }],
  ])('are refused as %j', async (body) => {
    expectProblem(await put('ghost', body), 400);
  });

  it('are of items that there are', async () => {
    const answer = await call(server.url, 'PUT', `${DOFUS}/items/999999999/recipe`, {
      body: parts({ log: 1 }),
    });
    expectProblem(answer, 404, 'market/unknown-item');
  });
});
