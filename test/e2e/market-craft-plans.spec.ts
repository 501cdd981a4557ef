import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DATA, point, send, upload } from '../contract/compat-calls.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// A joiner with 30 pieces of wood: a plank takes two, a chair four, a table three planks and a nail. Nobody sells varnish.

const GAME = '/api/v1/market/games/dofus';
const PLANS = `${GAME}/servers/draconiros/craft-plans`;
const GIDS = {
  wood: 997_001,
  nail: 997_002,
  plank: 997_003,
  chair: 997_004,
  table: 997_005,
  varnish: 997_006,
};
type Thing = keyof typeof GIDS;
const PRICES: Partial<Record<Thing, number>> = { wood: 10, nail: 5, plank: 30, chair: 61, table: 150 };
const RECIPES = {
  plank: { wood: 2 },
  chair: { wood: 4 },
  table: { plank: 3, nail: 1 },
} as const;
const ids = {} as Record<Thing, number>;
const recipeIds = {} as Record<keyof typeof RECIPES, number>;

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  const things = Object.keys(GIDS) as Thing[];
  await upload(
    server,
    things.map((thing) =>
      point({
        item_name: `zzp ${thing}`,
        ankama_id: GIDS[thing],
        server: PRICES[thing] === undefined ? 'Hell Mina' : 'Draconiros',
        price_unit_avg: PRICES[thing] ?? 1,
      }),
    ),
  );
  const items = await queryRows<{ gid: number; id: number }>(
    database.url,
    'SELECT external_id AS gid, id FROM market.item WHERE external_id = ANY ($1)',
    [Object.values(GIDS)],
  );
  for (const thing of things) ids[thing] = items.find(({ gid }) => gid === GIDS[thing])!.id;
  for (const result of Object.keys(RECIPES) as (keyof typeof RECIPES)[]) {
    const ingredients = Object.entries(RECIPES[result]).map(([thing, quantity]) => ({
      item_id: ids[thing as Thing],
      quantity,
    }));
    const body = { result_item_id: ids[result], job_id: 27, level: 10, ingredients };
    expect((await send(server, 'POST', `${DATA}?resource=recipes`, body)).status).toBe(200);
    const sql = 'SELECT id FROM market.recipe WHERE result_item_id = $1';
    recipeIds[result] = (await queryRows<{ id: number }>(database.url, sql, [ids[result]]))[0]!.id;
  }
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = (wish: object, token = INGEST_TOKEN, path = PLANS): Promise<Answer> =>
  post(server.url, path, { includeCustom: true, ...wish }, { token });
const wood = (): object[] => [{ itemId: ids.wood, quantity: 30 }];
const countsOf = ({ json }: Answer): Record<string, number> =>
  Object.fromEntries(
    json.crafts.map((craft: { resultLabel: string; count: number }) => [
      craft.resultLabel.slice(4),
      craft.count,
    ]),
  );

describe('a craft plan', () => {
  it('makes what it needs itself, buys within the budget, and says where everything goes', async () => {
    const answer = await ask({ stock: wood(), budget: 25, valueStockAt: 'market' });
    expect(answer.status).toBe(200);
    const item = (thing: Thing, more: object): object => ({
      itemId: ids[thing],
      label: `zzp ${thing}`,
      fromStock: 0,
      fromCrafts: 0,
      sold: 0,
      bought: 0,
      unitPrice: PRICES[thing],
      ...more,
    });
    expect(answer.json).toEqual({
      status: 'optimal',
      crafts: [
        {
          recipeId: recipeIds.plank,
          isCustom: true,
          resultItemId: ids.plank,
          resultLabel: 'zzp plank',
          count: 15,
        },
        {
          recipeId: recipeIds.table,
          isCustom: true,
          resultItemId: ids.table,
          resultLabel: 'zzp table',
          count: 5,
        },
      ],
      items: expect.arrayContaining([
        item('wood', { fromStock: 30 }),
        item('plank', { fromCrafts: 15 }),
        item('nail', { bought: 5 }),
        item('table', { sold: 5 }),
      ]),
      revenue: 750,
      spent: 25,
      stockValue: 300,
      profit: 425,
      candidateCount: 3,
      leftOutCount: 0,
      saleTaxPct: 0,
      listingFeePct: 0,
    });
    expect(answer.json.items).toHaveLength(4);
  });

  it.each<[string, object, Record<string, number>, number]>([
    ['nothing to buy with', {}, { chair: 7, plank: 1 }, 457],
    ['few crafts of each', { budget: 25, maxPerRecipe: 2 }, { plank: 2, chair: 2 }, 182],
    ['a level that suffices', { jobs: [{ jobId: 27, level: 10 }] }, { chair: 7, plank: 1 }, 457],
    ['a level that does not', { jobs: [{ jobId: 27, level: 9 }] }, {}, 0],
    ['no job', { jobs: [] }, {}, 0],
  ])('with %s', async (_what, wish, counts, profit) => {
    const answer = await ask({ stock: wood(), valueStockAt: 'nothing', ...wish });
    expect(answer.json).toMatchObject({ status: 'optimal', profit });
    expect(countsOf(answer)).toEqual(counts);
  });

  it('of named recipes makes those, and what they are made of', async () => {
    const recipes = [recipeIds.table];
    const answer = await ask({ stock: wood(), valueStockAt: 'nothing', budget: 10, recipeIds: recipes });
    expect(answer.json).toMatchObject({ candidateCount: 2, spent: 10 });
    expect(countsOf(answer)).toEqual({ plank: 15, table: 2 });
  });

  it('leaves out what players have added, unless it is asked for or named', async () => {
    const wish = { stock: wood(), valueStockAt: 'nothing', includeCustom: false };
    expect(countsOf(await ask(wish))).toEqual({});
    expect(countsOf(await ask({ ...wish, recipeIds: [recipeIds.chair] }))).toEqual({ chair: 7 });
  });

  it('of nothing is empty', async () => {
    expect((await ask({ stock: [] })).json).toMatchObject({ status: 'optimal', crafts: [], profit: 0 });
    const varnish = [{ itemId: ids.varnish, quantity: 5 }];
    expect((await ask({ stock: varnish, budget: 1e12 })).json).toMatchObject({ crafts: [], spent: 0 });
  });

  it('takes what lies in the bank of a profile, which is its owner’s alone', async () => {
    const [owner, other] = [await newPerson(server.url), await newPerson(server.url)];
    const token = owner.accessToken;
    const { json: profile } = await post(server.url, `${GAME}/profiles`, { name: 'Joiner' }, { token });
    const body = { items: [{ externalId: GIDS.wood, quantity: 30 }] };
    const path = `${GAME}/profiles/${profile.id}/stock?server=draconiros`;
    expect((await call(server.url, 'PUT', path, { body, token })).status).toBe(200);
    const wish = { profileId: profile.id, valueStockAt: 'nothing' };
    expect((await ask(wish, token)).json).toMatchObject({ profit: 457 });
    expectProblem(await ask(wish, other.accessToken), 404, 'market/unknown-profile');
    expectProblem(await ask(wish), 404, 'market/unknown-profile');
    expectProblem(await ask({ profileId: randomUUID() }, token), 404, 'market/unknown-profile');
  });
});

describe('a craft plan is refused', () => {
  const one = (itemId: number, quantity = 1): object => ({ itemId, quantity });

  it.each<[string, object, string]>([
    ['without a stock', {}, '/stock'],
    ['with two', { stock: [], profileId: randomUUID() }, '/stock'],
    ['with 10,000 items', { stock: Array.from({ length: 10_000 }, (_, at) => one(at + 1)) }, '/stock'],
    ['with fewer than none', { stock: [one(1, -1)] }, '/stock/0/quantity'],
    ['with half a thing', { stock: [one(1, 0.5)] }, '/stock/0/quantity'],
    ['with 10^12 of a thing', { stock: [one(1, 1e12)] }, '/stock/0/quantity'],
    ['with an item of 0', { stock: [one(0)] }, '/stock/0/itemId'],
    ['with a budget below 0', { stock: [], budget: -1 }, '/budget'],
    ['with a budget beyond measure', { stock: [], budget: 1e13 }, '/budget'],
    ['with no craft', { stock: [], maxPerRecipe: 0 }, '/maxPerRecipe'],
    ['with too many crafts', { stock: [], maxPerRecipe: 1_001 }, '/maxPerRecipe'],
    ['with no recipe', { stock: [], recipeIds: [] }, '/recipeIds'],
    ['with another value', { stock: [], valueStockAt: 'sideways' }, '/valueStockAt'],
    ['with a profile that is none', { profileId: 'mine' }, '/profileId'],
    ['with a word too many', { stock: [], order: 'sideways' }, '/order'],
  ])('%s', async (_what, wish, pointer) => {
    const answer = await ask(wish);
    expectProblem(answer, 400, 'http/malformed');
    expect(answer.json.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
  });

  it('where the game has not what it names, or is not there itself', async () => {
    const answer = await ask({
      stock: [one(ids.wood), one(2_000_000_000)],
      recipeIds: [recipeIds.table, 2_000_000_000],
      jobs: [{ jobId: 2_000_000_000, level: 1 }],
    });
    expectProblem(answer, 422, 'market/craft-plan-refused');
    expect(answer.json.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([
      '/stock/1/itemId',
      '/recipeIds/1',
      '/jobs/0/jobId',
    ]);
    const nowhere = PLANS.replace('draconiros', 'nowhere');
    expectProblem(await ask({ stock: [] }, INGEST_TOKEN, nowhere), 404, 'market/unknown-server');
  });
});
