import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';

const DOFUS = '/api/v1/market/games/dofus';
const SERVER = `${DOFUS}/servers/hell-mina`;
/** Ids are none of the game's, so that the shipped recipes do not mix in with `search=zqq`. */
const IDS = { bread: 998_101, cake: 998_102, pie: 998_103, flour: 998_104, egg: 998_105, sugar: 998_106 };
type Thing = keyof typeof IDS;
const PRICES: Partial<Record<Thing, number>> = { bread: 100, cake: 1_000, flour: 7, egg: 20 };
const RECIPES: [Thing, number, Partial<Record<Thing, number>>][] = [
  ['bread', 10, { flour: 2, egg: 4 }],
  ['cake', 60, { flour: 6, egg: 3, sugar: 2 }],
  ['pie', 20, { flour: 3 }],
];

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
let profileId: string;
const ids = {} as Record<Thing, number>;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  [ada, eve] = [await newPerson(server.url), await newPerson(server.url)];
  const capturedAt = new Date().toISOString();
  for (const [thing, externalId] of Object.entries(IDS)) {
    // What has no price here is known from elsewhere.
    const price = PRICES[thing as Thing];
    const place = price === undefined ? `${DOFUS}/servers/draconiros` : SERVER;
    const point = { externalId, name: `zqq ${thing}`, unitPrice: price ?? 5, capturedAt };
    expect((await post(server.url, `${place}/observations`, [point])).status).toBe(201);
    const { json } = await get(server.url, `${DOFUS}/items?q=${encodeURIComponent(`zqq ${thing}`)}`);
    ids[thing as Thing] = json.items[0].id;
  }
  for (const [result, level, parts] of RECIPES) {
    const ingredients = Object.entries(parts).map(([thing, quantity]) => ({
      itemId: ids[thing as Thing],
      quantity,
    }));
    const path = `${DOFUS}/items/${ids[result]}/recipe`;
    const body = { level, ingredients };
    expect((await call(server.url, 'PUT', path, { body, token: INGEST_TOKEN })).status).toBe(200);
  }
  await call(server.url, 'PUT', `${SERVER}/terms`, {
    body: { saleTaxPct: 2, listingFeePct: 0 },
    token: ADMIN_TOKEN,
  });
  profileId = (await as(ada, 'POST', '/profiles', { name: 'Iop' })).json.id;
  const items = [
    { externalId: IDS.flour, quantity: 5 },
    { externalId: IDS.egg, quantity: 9 },
  ];
  expect((await as(ada, 'PUT', `/profiles/${profileId}/stock?server=hell-mina`, { items })).status).toBe(200);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as = (person: Person, method: string, path: string, body?: unknown): Promise<Answer> =>
  call(server.url, method, DOFUS + path, {
    token: person.accessToken,
    ...(body !== undefined && { body }),
  });
const crafts = (query: string, person = ada, profile = profileId): Promise<Answer> =>
  as(person, 'GET', `/profiles/${profile}/stock/crafts?server=hell-mina&search=zqq&${query}`);
const found = async (query: string): Promise<string[]> =>
  (await crafts(query)).json.items.map(({ label }: { label: string }) => label.slice(4));

describe('what can be made of a bank', () => {
  it('has the figures of one craft, after tax', async () => {
    const { status, json } = await as(
      ada,
      'GET',
      `/profiles/${profileId}/stock/crafts?server=hell-mina&search=zqq+bread`,
    );
    expect(status).toBe(200);
    expect(json).toEqual({
      server: 'hell-mina',
      nextCursor: null,
      items: [
        {
          id: expect.any(Number),
          itemId: ids.bread,
          label: 'zqq bread',
          iconUrl: null,
          jobId: null,
          level: 10,
          isCustom: true,
          isCyclic: false,
          ingredientCount: 2,
          ownedCount: 2,
          missingCount: 0,
          maxCraftable: 2,
          ownedValue: 94,
          missingCost: 0,
          cost: 94,
          knownCost: 94,
          pricedRatio: 1,
          sellPrice: 100,
          netPrice: 98,
          margin: 4,
          roiPct: expect.closeTo((4 / 94) * 100, 9),
        },
      ],
    });
  });

  it('takes no missing price for nothing', async () => {
    const { json } = await crafts('maxMissing=2');
    const cake = json.items.find(({ label }: { label: string }) => label === 'zqq cake');
    expect(cake).toMatchObject({
      ownedCount: 1,
      missingCount: 2,
      maxCraftable: 0,
      ownedValue: 5 * 7 + 3 * 20,
      missingCost: 7,
      cost: null,
      knownCost: 102,
      pricedRatio: 2 / 3,
      sellPrice: 1_000,
      margin: null,
      roiPct: null,
    });
    expect(await found('maxMissing=2&minRoi=-100')).toEqual(['bread']);
  });

  it('is ordered and narrowed', async () => {
    expect(await found('')).toEqual(['bread', 'pie']);
    expect(await found('maxMissing=2')).toEqual(['bread', 'pie', 'cake']);
    expect(await found('maxMissing=2&sort=margin')).toEqual(['bread', 'pie', 'cake']);
    expect(await found('maxMissing=2&minLevel=20&maxLevel=60')).toEqual(['pie', 'cake']);
    expect(await found('job=1')).toEqual([]);
  });

  it('comes page by page', async () => {
    const labels: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Answer = await crafts(`maxMissing=2&limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.json.items).toHaveLength(1);
      labels.push(page.json.items[0].label);
      cursor = page.json.nextCursor;
    }
    expect(labels).toEqual(['zqq bread', 'zqq pie', 'zqq cake']);
  });

  it('is the account’s own, and refuses what is wrong', async () => {
    expectProblem(await crafts('', eve), 404, 'market/unknown-profile');
    expectProblem(await crafts('', ada, 'x'), 404, 'market/unknown-profile');
    const path = `/profiles/${profileId}/stock/crafts`;
    expectProblem(await as(ada, 'GET', `${path}?server=nowhere`), 404, 'market/unknown-server');
    for (const [query, pointer] of [
      ['limit=0', '/limit'],
      ['sort=sideways', '/sort'],
      ['maxMissing=-1', '/maxMissing'],
      ['minLevel=3&maxLevel=2', '/maxLevel'],
    ]) {
      const answer = await as(ada, 'GET', `${path}?server=hell-mina&${query}`);
      expectProblem(answer, 400, 'http/malformed');
      expect(answer.json.errors[0].pointer).toBe(pointer);
    }
    expectProblem(await crafts('cursor=x'), 400);
    expect((await as(ada, 'GET', path)).status).toBe(400);
  });
});
