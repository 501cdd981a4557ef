import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { type Answer, call, DATA, getData, point, upload } from './compat-calls.js';

// Recipes as the web page asks for them. What must come out is worked out here from rows of the database, recipe by recipe, in the
// words of the original's functions; the catalogue is the shipped one, prices are those of this file.

const SERVER = 'Hell Mina';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/;
const RECIPES = `${DATA}?resource=recipes`;
const JSON_HEADERS = { 'Content-Type': 'application/json' };

interface Row {
  id: number;
  itemId: number;
  label: string;
  job: number | null;
  level: number | null;
  parts: { itemId: number; quantity: number }[];
}

interface Figures {
  recipe_id: number;
  craft_cost: number;
  sell_price: number;
  margin: number;
  roi: number;
  estimated_craft_cost: number;
  estimated_margin: number;
  estimated_roi: number;
  has_estimation: boolean;
  estimation_incomplete: boolean;
  ingredients_with_price: number;
  level: number | null;
}

let database: TestDatabase;
let server: ServerProcess;
let recipes: Row[];
const price = new Map<number, number>();

const get = (query: string): Promise<Answer> => getData(server, `resource=recipes&${query}`);
const list = (query = ''): Promise<Answer> => get(`server=Hell+Mina&limit=10000${query}`);
const post = (body: unknown, headers: object = {}): Promise<Answer> =>
  call(server, RECIPES, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify(body),
  });
const asCurator = { Authorization: `Bearer ${INGEST_TOKEN}` };
const rows = <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> =>
  queryRows<R>(database.url, sql, values);

async function readRecipes(): Promise<Row[]> {
  return rows<Row>(
    `SELECT r.id, i.id AS "itemId", i.label, j.external_id AS job, r.level,
       (SELECT json_agg(json_build_object('itemId', g.item_id, 'quantity', g.quantity))
        FROM market.recipe_ingredient g WHERE g.recipe_id = r.id) AS parts
     FROM market.recipe r JOIN market.item i ON i.id = r.result_item_id LEFT JOIN market.job j ON j.id = r.job_id`,
  );
}

/** A name that is in no shipped item. */
async function anItem(name: string, at?: number): Promise<number> {
  await upload(server, [point({ item_name: name, server: SERVER, price_unit_avg: at ?? 1 })]);
  const [item] = await rows<{ id: number }>('SELECT id FROM market.item WHERE label = $1', [name]);
  if (at !== undefined) price.set(item!.id, at);
  return item!.id;
}

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'write' });
  recipes = await readRecipes();
  // Two thirds of all items that occur are seen, some of them for nothing.
  const items = await rows<{ id: number; externalId: number; label: string }>(
    `SELECT id, external_id AS "externalId", label FROM market.item i
     WHERE (EXISTS (SELECT FROM market.recipe r WHERE r.result_item_id = i.id)
         OR EXISTS (SELECT FROM market.recipe_ingredient g WHERE g.item_id = i.id)) AND id % 3 <> 0 ORDER BY id`,
  );
  const points = items.map(({ id, externalId, label }) => {
    const at = id % 40 === 1 ? 0 : 1 + ((id * 7_919) % 5_000);
    price.set(id, at);
    return point({ item_name: label, ankama_id: externalId, server: SERVER, price_unit_avg: at });
  });
  for (let from = 0; from < points.length; from += 1_000)
    expect((await upload(server, points.slice(from, from + 1_000))).status).toBe(201);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const priceOf = (itemId: number): number => price.get(itemId) ?? 0;
const sumOf = ({ parts }: Row, unit: (itemId: number) => number): number =>
  parts.reduce((sum, { itemId, quantity }) => sum + quantity * unit(itemId), 0);

/** What the original's function gives for all recipes, by id. */
function expectedFigures(): Map<number, Figures> {
  const byItem = new Map(recipes.map((recipe) => [recipe.itemId, recipe]));
  const whole = (itemId: number, depth: number): number | null => {
    if (priceOf(itemId) > 0) return priceOf(itemId);
    const own = byItem.get(itemId);
    if (!own || depth === 0) return null;
    const parts = own.parts.map(({ itemId: part }) => whole(part, depth - 1));
    return parts.includes(null) ? null : sumOf(own, (part) => whole(part, depth - 1)!);
  };
  const effective = (itemId: number): number => {
    const own = byItem.get(itemId);
    return whole(itemId, 5) ?? (own ? sumOf(own, (part) => whole(part, 5) ?? 0) : 0);
  };
  const roi = (cost: number, sold: number): number => (cost > 0 ? ((sold - cost) / cost) * 100 : 0);
  return new Map(
    recipes.map((recipe) => {
      const [sold, cost, estimated] = [
        priceOf(recipe.itemId),
        sumOf(recipe, priceOf),
        sumOf(recipe, effective),
      ];
      const unpriced = recipe.parts.filter(({ itemId }) => priceOf(itemId) === 0);
      const figures: Figures = {
        recipe_id: recipe.id,
        craft_cost: cost,
        sell_price: sold,
        margin: sold - cost,
        roi: roi(cost, sold),
        estimated_craft_cost: estimated,
        estimated_margin: sold - estimated,
        estimated_roi: roi(estimated, sold),
        has_estimation: unpriced.some(({ itemId }) => effective(itemId) > 0),
        estimation_incomplete: recipe.parts.some(({ itemId }) => whole(itemId, 5) === null),
        ingredients_with_price: recipe.parts.length - unpriced.length,
        level: recipe.level,
      };
      return [recipe.id, figures];
    }),
  );
}

/** Two jobs of the shipped catalogue have no picture. */
const iconOrNull = (icon: unknown): unknown => (icon === null ? null : expect.any(Number));
const figuresIn = (body: Figures[]): Map<number, Figures> => new Map(body.map((row) => [row.recipe_id, row]));

describe('GET recipes&mode=jobs', () => {
  it('lists jobs by name, field by field', async () => {
    const { status, body } = await get('mode=jobs');
    expect(status).toBe(200);
    expect(body).toHaveLength(22);
    for (const job of body)
      expect(job).toEqual({
        id: expect.any(Number),
        name: expect.any(String),
        icon_id: iconOrNull(job.icon_id),
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/),
      });
    const names = (body as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'fr')));
  });
});

describe('GET recipes', () => {
  it('gives a row field by field, by the query of the crafting page', async () => {
    const { status, body } = await get(
      'server=Hell+Mina&min_level=0&max_level=200&limit=50&offset=0&sort_by=margin_desc',
    );
    expect([status, body.length]).toEqual([200, 50]);
    const row = {
      recipe_id: expect.any(Number),
      result_item_id: expect.any(Number),
      result_item_name: expect.any(String),
      result_item_icon: null,
      job_id: expect.any(Number),
      job_name: expect.any(String),
      level: expect.any(Number),
      craft_cost: expect.any(Number),
      sell_price: expect.any(Number),
      margin: expect.any(Number),
      roi: expect.any(Number),
      ingredients_count: expect.any(Number),
      ingredients_with_price: expect.any(Number),
      result_item_last_update: expect.stringMatching(INSTANT),
      craft_xp_ratio: expect.any(Number),
      estimated_craft_cost: expect.any(Number),
      estimated_margin: expect.any(Number),
      estimated_roi: expect.any(Number),
      has_estimation: expect.any(Boolean),
      estimation_incomplete: expect.any(Boolean),
    };
    for (const { ingredients_last_update: oldest, job_icon_id: icon, ...given } of body) {
      expect(given).toEqual(row);
      expect(icon).toEqual(iconOrNull(icon));
      const isSeen = oldest !== null;
      expect({ isSeen, oldest }).toEqual({ isSeen, oldest: isSeen ? expect.stringMatching(INSTANT) : null });
      if (given.ingredients_with_price > 0) expect(isSeen).toBe(true);
    }
  });

  it('has for every recipe the figures of the original', async () => {
    const { body } = await list();
    const expected = expectedFigures();
    expect(body).toHaveLength(4_402);
    const wrong = (body as Figures[]).filter((row) => {
      const { ...wanted } = expected.get(row.recipe_id)!;
      return (Object.keys(wanted) as (keyof Figures)[]).some((key) =>
        typeof wanted[key] === 'number'
          ? Math.abs((row[key] as number) - wanted[key]) > 1e-9 * Math.max(1, Math.abs(wanted[key]))
          : row[key] !== wanted[key],
      );
    });
    expect(wrong.slice(0, 2).map((row) => [row, expected.get(row.recipe_id)])).toEqual([]);
    const flags = (body as Figures[]).map((row) => `${row.has_estimation} ${row.estimation_incomplete}`);
    expect(new Set(flags).size).toBe(4); // all four occur, or nothing was shown
  });

  it.each([
    ['', (row: Figures) => -row.margin],
    ['&sort_by=sideways', (row: Figures) => -row.margin],
    ['&sort_by=margin_desc', (row: Figures) => -row.margin],
    ['&sort_by=roi_desc', (row: Figures) => -row.roi],
    ['&sort_by=level_desc', (row: Figures) => -row.level!],
    ['&sort_by=level_asc', (row: Figures) => row.level!],
    ['&sort_by=cost_asc', (row: Figures) => row.craft_cost],
    ['&sort_by=estimated_margin_desc', (row: Figures) => -row.estimated_margin],
    ['&sort_by=estimated_roi_desc', (row: Figures) => -row.estimated_roi],
  ])('sorts by %j, then by level and id', async (query, keyOf) => {
    const { body } = await list(query);
    const ordered = [...(body as Figures[])].sort(
      (a, b) => keyOf(a) - keyOf(b) || b.level! - a.level! || a.recipe_id - b.recipe_id,
    );
    expect(body.map((row: Figures) => row.recipe_id)).toEqual(ordered.map((row) => row.recipe_id));
    const page = await get(`server=Hell+Mina${query}&limit=7&offset=3`);
    expect(page.body).toEqual(body.slice(3, 10));
  });

  it.each([
    ['&min_level=150&max_level=160', (row: Row) => row.level! >= 150 && row.level! <= 160],
    ['&job_id=26', (row: Row) => row.job === 26],
    ['&job_id=nonsense&min_level=x&max_level=', () => true],
    ['&search=potion', (row: Row) => /potion/i.test(row.label)],
    ['&search=%25', (row: Row) => row.label.includes('%')],
    ['&search=_', (row: Row) => row.label.includes('_')],
  ])('filters by %j', async (query, isWanted) => {
    const { body } = await list(query);
    const ids = body.map((row: Figures) => row.recipe_id).sort((a: number, b: number) => a - b);
    expect(ids).toEqual(
      recipes
        .filter(isWanted)
        .map(({ id }) => id)
        .sort((a, b) => a - b),
    );
  });

  it('knows no accents in a search', async () => {
    const [plain, accented] = await Promise.all([list('&search=epee'), list('&search=%C3%89P%C3%89E')]);
    expect(plain.body.length).toBeGreaterThan(5);
    expect(accented.body).toEqual(plain.body);
  });

  it('filters by return where there is a cost', async () => {
    const { body } = await list('&min_roi=-10.5');
    const wanted = [...expectedFigures().values()].filter((row) => row.craft_cost > 0 && row.roi >= -10.5);
    expect([...figuresIn(body).keys()].sort((a, b) => a - b)).toEqual(
      wanted.map((row) => row.recipe_id).sort((a, b) => a - b),
    );
    expect(wanted.length).toBeGreaterThan(10);
  });

  it('gives one object with ingredients for an id, a list for an item, and nothing where there is none', async () => {
    const recipe = recipes.find(
      ({ parts }) =>
        parts.some(({ itemId }) => !price.has(itemId)) && parts.some(({ itemId }) => priceOf(itemId) > 0),
    )!;
    const one = await get(`server=Hell+Mina&id=${recipe.id}`);
    const { ingredients, ...row } = one.body;
    const listed = await get(`server=Hell+Mina&item_id=${recipe.itemId}`);
    expect(listed.body).toEqual([row]);
    const makers = new Map(recipes.map(({ id, itemId }) => [itemId, id]));
    const byId = (a: { item_id: number }, b: { item_id: number }): number => a.item_id - b.item_id;
    expect([...ingredients].sort(byId)).toEqual(
      recipe.parts
        .map(({ itemId, quantity }) => ({
          item_id: itemId,
          name: expect.any(String),
          icon_url: null,
          quantity,
          price: priceOf(itemId),
          total_price: quantity * priceOf(itemId),
          last_update: price.has(itemId) ? expect.stringMatching(INSTANT) : null,
          ingredient_recipe_id: makers.get(itemId) ?? null,
        }))
        .sort(byId),
    );
    for (const query of ['id=999999999', 'id=0', 'item_id=999999999']) {
      const nothing = await get(`server=Hell+Mina&${query}`);
      expect([nothing.status, nothing.body]).toEqual([200, []]);
    }
  });

  it('asks for a server, and knows nothing of one that nobody has seen', async () => {
    const missing = await get('limit=5');
    expect([missing.status, missing.body.error]).toEqual([400, 'missing_server']);
    const unseen = await get('server=Nowhere');
    expect([unseen.status, unseen.body]).toEqual([200, []]);
  });
});

describe('GET recipes&mode=usage', () => {
  it('lists what an item is used for, best margin first, field by field', async () => {
    const [wheat] = await rows<{ id: number; label: string }>(
      'SELECT id, label FROM market.item WHERE external_id = 289',
    );
    const query = `mode=usage&server=Hell+Mina&item_name=${encodeURIComponent(wheat!.label)}`;
    const { body } = await get(`${query}&limit=1000&offset=0`);
    const expected = expectedFigures();
    const users = recipes.filter(({ parts }) => parts.some(({ itemId }) => itemId === wheat!.id));
    expect(users.length).toBeGreaterThan(3);
    const rowOf = (recipe: Row): object => {
      const { craft_cost: cost, sell_price: sold, margin, roi } = expected.get(recipe.id)!;
      return {
        recipe_id: recipe.id,
        result_item_id: recipe.itemId,
        result_item_name: recipe.label,
        result_item_icon: null,
        job_name: expect.any(String),
        level: recipe.level,
        quantity_required: recipe.parts.find(({ itemId }) => itemId === wheat!.id)!.quantity,
        craft_cost: expect.closeTo(cost, 6),
        sell_price: sold,
        margin: expect.closeTo(margin, 6),
        roi: expect.closeTo(roi, 6),
        total_count: users.length,
      };
    };
    const byMargin = [...users].sort(
      (a, b) => expected.get(b.id)!.margin - expected.get(a.id)!.margin || a.id - b.id,
    );
    expect(body).toEqual(byMargin.map(rowOf));
    const page = await get(`${query}&limit=2&offset=1`);
    expect(page.body).toEqual(body.slice(1, 3));
    const found = await get(`${query}&search=${encodeURIComponent(users[0]!.label)}`);
    expect(found.body.map((row: Figures) => row.recipe_id)).toContain(users[0]!.id);
    expect(found.body.length).toBeLessThan(users.length);
  });

  it.each([
    ['server=Hell+Mina', 400],
    ['item_name=Bl%C3%A9', 400],
    ['server=Hell+Mina&item_name=nothing+of+the+kind', 200],
  ])('with %j answers %d', async (query, status) => {
    const answer = await get(`mode=usage&${query}`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body).toEqual([]);
  });
});

describe('POST recipes', () => {
  it('makes a recipe of one who has no account, which is then shown to everybody, and changed by its id', async () => {
    const [result, part] = [await anItem('zz custom result', 500), await anItem('zz custom part', 20)];
    const made = await post({ result_item_id: result, ingredients: [{ item_id: part, quantity: 3 }] });
    expect([made.status, made.body]).toEqual([200, { success: true }]);
    const { body } = await list('&search=zz+custom');
    expect(body).toEqual([
      expect.objectContaining({
        result_item_id: result,
        result_item_name: 'zz custom result',
        job_id: null,
        job_name: null,
        job_icon_id: null,
        level: null,
        craft_cost: 60,
        sell_price: 500,
        margin: 440,
        ingredients_count: 1,
      }),
    ]);
    const change = { recipe_id: body[0].recipe_id, ingredients: [{ item_id: part, quantity: 5 }] };
    expect((await post(change)).body).toEqual({ success: true });
    const again = { result_item_id: result, ingredients: change.ingredients, job_id: 26, level: 12 };
    expect((await post(again)).body).toEqual({ success: true });
    const changed = await get(`server=Hell+Mina&id=${body[0].recipe_id}`);
    expect(changed.body).toMatchObject({ craft_cost: 100, job_id: 26, level: 12 });
  });

  it('lets curators correct what is shipped, and nobody else', async () => {
    const recipe = recipes[17]!;
    const change = { recipe_id: recipe.id, ingredients: [{ item_id: recipe.parts[0]!.itemId, quantity: 2 }] };
    const refused = await post(change);
    expect([refused.status, refused.body.error]).toEqual([401, 'unauthorized']);
    expect((await post(change, asCurator)).body).toEqual({ success: true });
    const { body } = await get(`server=Hell+Mina&id=${recipe.id}`);
    expect(body).toMatchObject({ ingredients_count: 1, level: recipe.level, job_id: recipe.job });
  });

  it.each([
    [{}],
    [[]],
    [null],
    ['text'],
    [{ result_item_id: 1 }],
    [{ result_item_id: 1, ingredients: [] }],
    [{ result_item_id: 1, ingredients: {} }],
    [{ result_item_id: 1, ingredients: [{ item_id: 2, quantity: 0 }] }],
    [{ result_item_id: 1, ingredients: [{ item_id: 2, quantity: 1.5 }] }],
    [{ result_item_id: 1, ingredients: [null] }],
    [{ result_item_id: 1, ingredients: [{ item_id: 1, quantity: 1 }] }],
    [{ result_item_id: 999_999_999, ingredients: [{ item_id: 2, quantity: 1 }] }],
    [{ result_item_id: 1, job_id: 9_999, ingredients: [{ item_id: 2, quantity: 1 }] }],
    [{ recipe_id: 999_999_999, ingredients: [{ item_id: 2, quantity: 1 }] }],
  ])('refuses %j', async (body) => {
    const { status, body: answer } = await post(body, asCurator);
    expect([status, answer.error]).toEqual([400, 'invalid_body']);
  });

  it('refuses what would need itself on a detour, and keeps what there was', async () => {
    const [a, b] = [await anItem('zz ring a'), await anItem('zz ring b')];
    expect((await post({ result_item_id: a, ingredients: [{ item_id: b, quantity: 1 }] })).status).toBe(200);
    const closing = await post({ result_item_id: b, ingredients: [{ item_id: a, quantity: 1 }] });
    expect(closing.status).toBe(400);
    expect((await list('&search=zz+ring')).body).toHaveLength(1);
  });

  it('forgets the recipe of an item that is deleted, and what used it', async () => {
    const [result, part] = [await anItem('zz gone result', 9), await anItem('zz gone part', 2)];
    await post({ result_item_id: result, ingredients: [{ item_id: part, quantity: 1 }] });
    const before = (await list('&search=zz+gone')).body;
    expect(before).toHaveLength(1);
    const remove = (id: number): Promise<Answer> =>
      call(server, `${DATA}?resource=items&id=${id}`, { method: 'DELETE', headers: asCurator });
    expect((await remove(part)).status).toBe(200);
    const bare = (await list('&search=zz+gone')).body;
    expect(bare).toEqual([expect.objectContaining({ ingredients_count: 0, craft_cost: 0, roi: 0 })]);
    expect((await remove(result)).status).toBe(200);
    expect((await list('&search=zz+gone')).body).toEqual([]);
  });
});
