import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { type Answer, DATA, point, send, upload } from './compat-calls.js';
import { bearer, INSTANT, newProfile, user } from './user-calls.js';

// What the web page shows below a bank: what can be made of it. Names begin with "zzq", ids are none of the game's, so that
// the shipped recipes do not mix in (with `search=zzq`).

const PLACE = 'Atelier';
const GIDS = { bread: 998_001, cake: 998_002, flour: 998_003, egg: 998_004, sugar: 998_005, pie: 998_006 };
const PRICES: Partial<Record<Thing, number>> = { bread: 100, cake: 1_000, flour: 7, egg: 20, pie: 4 };
type Thing = keyof typeof GIDS;
const THINGS = Object.keys(GIDS) as Thing[];
/** Of flour 5, of eggs 7 in the profile and 2 in none; of sugar 1 in another profile. */
const RECIPES: Record<'bread' | 'cake' | 'pie', Partial<Record<Thing, number>>> = {
  bread: { flour: 2, egg: 4 },
  cake: { flour: 6, egg: 3, sugar: 2 },
  pie: { flour: 3 },
};

let database: TestDatabase;
let server: ServerProcess;
const ids = {} as Record<Thing, number>;
const recipeIds = {} as Record<keyof typeof RECIPES, number>;
let profileId: string;
let otherId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const named = THINGS.map((thing) => ({ item_name: `zzq ${thing}`, ankama_id: GIDS[thing] }));
  await upload(
    server,
    // Sugar is known from another server only: it has no price here.
    named.map((names, at) => {
      const price = PRICES[THINGS[at]!];
      return point({
        ...names,
        server: price === undefined ? 'Elsewhere' : PLACE,
        price_unit_avg: price ?? 50,
      });
    }),
  );
  const rows = await queryRows<{ gid: number; id: number }>(
    database.url,
    'SELECT external_id AS gid, id FROM market.item WHERE external_id = ANY ($1)',
    [Object.values(GIDS)],
  );
  for (const thing of THINGS) ids[thing] = rows.find(({ gid }) => gid === GIDS[thing])!.id;
  for (const [result, level] of [
    ['bread', 10],
    ['cake', 60],
    ['pie', 20],
  ] as const) {
    const ingredients = Object.entries(RECIPES[result]).map(([thing, quantity]) => ({
      item_id: ids[thing as Thing],
      quantity,
    }));
    const body = { result_item_id: ids[result], job_id: 27, level, ingredients };
    expect(await send(server, 'POST', `${DATA}?resource=recipes`, body)).toMatchObject({ status: 200 });
    const [recipe] = await queryRows<{ id: number }>(
      database.url,
      'SELECT id FROM market.recipe WHERE result_item_id = $1',
      [ids[result]],
    );
    recipeIds[result] = recipe!.id;
  }
  ({ id: profileId } = await newProfile(server));
  ({ id: otherId } = await newProfile(server));
  await keep(profileId, { flour: 5, egg: 7 });
  await keep(null, { egg: 2 });
  await keep(otherId, { sugar: 1 });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

async function keep(owner: string | null, held: Partial<Record<Thing, number>>): Promise<void> {
  const items = Object.entries(held).map(([thing, quantity]) => ({ gid: GIDS[thing as Thing], quantity }));
  const body = { server: PLACE, profileId: owner, items };
  const answer = await user(server, 'POST', 'resource=bank', body, bearer(INGEST_TOKEN));
  expect(answer.status).toBe(201);
}

const crafts = (query: string, owner = profileId): Promise<Answer> =>
  user(
    server,
    'GET',
    `resource=bank&mode=craft-opportunities&server=${PLACE}${owner && `&profileId=${owner}`}&${query}`,
  );
const found = async (query: string, owner = profileId): Promise<string[]> =>
  (await crafts(`search=zzq&${query}`, owner)).body.map((craft: { result_item_name: string }) =>
    craft.result_item_name.slice(4),
  );

describe('what can be made of a bank', () => {
  it('has the figures of one craft, with what lies under no profile', async () => {
    const { status, body } = await crafts(
      'max_missing=0&min_level=0&max_level=200&limit=50&offset=0&sort_by=completeness_desc&search=ZZQ',
    );
    expect(status).toBe(200);
    const [bread] = body;
    expect(body.map((craft: { recipe_id: number }) => craft.recipe_id)).toEqual([
      recipeIds.bread,
      recipeIds.pie,
    ]);
    expect(bread).toEqual({
      recipe_id: recipeIds.bread,
      result_item_id: ids.bread,
      result_item_name: 'zzq bread',
      result_item_icon: null,
      job_id: 27,
      job_name: expect.any(String),
      job_icon_id: bread.job_icon_id,
      level: 10,
      total_ingredients: 2,
      owned_ingredients: 2,
      missing_ingredients: 0,
      completeness_pct: 100,
      max_craftable: 2,
      owned_value: 94,
      missing_cost: 0,
      total_craft_cost: 94,
      sell_price: 100,
      margin: 6,
      roi: 6.38,
      result_item_last_update: expect.stringMatching(INSTANT),
    });
  });

  it('counts the whole account without a profile, and tells what is missing', async () => {
    const [cake] = (await crafts('max_missing=2&search=zzq+cake')).body;
    expect(cake).toMatchObject({
      owned_ingredients: 1,
      missing_ingredients: 2,
      completeness_pct: 33.3,
      max_craftable: 0,
      owned_value: 5 * 7 + 3 * 20,
      missing_cost: 7,
      total_craft_cost: 102,
      sell_price: 1_000,
      margin: 898,
      roi: 880.39,
    });
    expect(await found('max_missing=1')).toEqual(['bread', 'pie']);
    const recipe = `recipe_id=${recipeIds.cake}`;
    const all = await user(server, 'GET', `resource=bank&mode=craft-ingredients&server=${PLACE}&${recipe}`);
    expect(all.body.map((line: { owned_quantity: number }) => line.owned_quantity)).toEqual([9, 5, 1]);
    expect(await found('max_missing=9', otherId)).not.toEqual([]);
    expect(await found('', randomUUID())).toEqual([]);
  });

  it.each([
    ['sort_by=margin_desc&max_missing=3', ['cake', 'bread', 'pie']],
    ['sort_by=roi_desc&max_missing=3', ['cake', 'bread', 'pie']],
    ['sort_by=completeness_desc&max_missing=3', ['bread', 'pie', 'cake']],
    ['sort_by=sideways&max_missing=3', ['bread', 'pie', 'cake']],
    ['max_missing=3&min_level=20', ['pie', 'cake']],
    ['max_missing=3&max_level=19', ['bread']],
    ['max_missing=3&min_roi=0', ['bread', 'cake']],
    ['max_missing=3&job_id=27&limit=1&offset=1', ['pie']],
    ['max_missing=3&job_id=26', []],
    ['max_missing=-5&limit=0&offset=-1', ['bread']],
    ['max_missing=x&min_level=x&job_id=x&min_roi=x', ['bread', 'pie']],
  ])('%s gives its rows', async (query, names) => {
    const order = await found(query);
    expect(order).toEqual(names);
  });

  it('needs a server, and finds nothing on one that nobody has seen', async () => {
    const refused = { status: 400, body: { error: 'invalid_input', message: 'server is required' } };
    expect(await user(server, 'GET', 'resource=bank&mode=craft-opportunities')).toMatchObject(refused);
    expect(await user(server, 'GET', 'resource=bank&mode=craft-opportunities&server=Nowhere')).toMatchObject({
      status: 200,
      body: [],
    });
  });
});

describe('the ingredients of one craft', () => {
  const ingredients = (query: string): Promise<Answer> =>
    user(server, 'GET', `resource=bank&mode=craft-ingredients&server=${PLACE}&${query}`);

  it('come with what the bank holds, what is there first', async () => {
    const { status, body } = await ingredients(`recipe_id=${recipeIds.cake}&profileId=${profileId}`);
    expect(status).toBe(200);
    const line = (thing: Thing, more: object): object => ({
      item_id: ids[thing],
      name: `zzq ${thing}`,
      icon_url: null,
      ingredient_recipe_id: null,
      ...more,
    });
    expect(body).toEqual([
      line('egg', {
        required_quantity: 3,
        owned_quantity: 9,
        missing_quantity: 0,
        unit_price: 20,
        owned_value: 60,
        missing_cost: 0,
        status: 'complete',
      }),
      line('flour', {
        required_quantity: 6,
        owned_quantity: 5,
        missing_quantity: 1,
        unit_price: 7,
        owned_value: 35,
        missing_cost: 7,
        status: 'partial',
      }),
      line('sugar', {
        required_quantity: 2,
        owned_quantity: 0,
        missing_quantity: 2,
        unit_price: 0,
        owned_value: 0,
        missing_cost: 0,
        status: 'missing',
      }),
    ]);
  });

  it('are none of a recipe that is not there; without its id the call is refused', async () => {
    expect(await ingredients('recipe_id=999999999')).toMatchObject({ status: 200, body: [] });
    for (const query of ['', 'recipe_id=', 'recipe_id=x', 'recipe_id=0', 'recipe_id=-1'])
      expect(await ingredients(query)).toMatchObject({
        status: 400,
        body: { error: 'invalid_input', message: 'recipe_id is required' },
      });
  });
});
