import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { type Answer, DATA, send } from './compat-calls.js';

// The page of levelling asks once per tab: the cheapest way, a realistic one with scarcity, one with figures of its own. The native
// API answers the same by `classic`, and better by `exact`.

const LEVELING = `${DATA}?resource=toolbox&mode=leveling`;
const NATIVE = OBSERVATIONS_PATH.replace('observations', 'leveling-plans');

interface RecipeRow {
  id: number;
  level: number;
  label: string;
  ingredients: { itemId: number; externalId: number; quantity: number }[];
}

let database: TestDatabase;
let server: ServerProcess;
let job: { id: number; externalId: number };
let recipes: RecipeRow[];
let unpriced: RecipeRow;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
  [job] = (await queryRows<typeof job>(
    database.url,
    `SELECT j.id, j.external_id AS "externalId" FROM market.job j JOIN market.recipe r ON r.job_id = j.id
     WHERE r.level <= 20 GROUP BY j.id HAVING min(r.level) = 1 ORDER BY count(*) DESC, j.id LIMIT 1`,
  )) as [typeof job];
  recipes = await queryRows<RecipeRow>(
    database.url,
    `SELECT r.id, r.level, i.label, json_agg(json_build_object(
       'itemId', g.item_id, 'externalId', x.external_id, 'quantity', g.quantity)) AS ingredients
     FROM market.recipe r JOIN market.item i ON i.id = r.result_item_id
     JOIN market.recipe_ingredient g ON g.recipe_id = r.id JOIN market.item x ON x.id = g.item_id
     WHERE r.job_id = $1 AND r.level <= 20 GROUP BY r.id, i.label ORDER BY r.level, r.id`,
    [job.id],
  );
  // Everything costs ten, but for one ingredient that nobody sells: of a recipe of the first level, which would else be the cheapest.
  unpriced = recipes[0]!;
  const missing = unpriced.ingredients[0]!.externalId;
  const known = new Set(recipes.flatMap((recipe) => recipe.ingredients.map(({ externalId }) => externalId)));
  known.delete(missing);
  const capturedAt = new Date().toISOString();
  const points = [...known].map((externalId) => ({ externalId, unitPrice: 10, capturedAt }));
  expect((await post(server.url, OBSERVATIONS_PATH, points)).status).toBe(201);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = (body: object): Promise<Answer> => send(server, 'POST', LEVELING, body, {});
const asked = () => ({
  job_id: job.externalId,
  from_level: 1,
  to_level: 12,
  server: 'Draconiros',
  max_quantity_per_recipe: null,
});
const native = (body: object) => post(server.url, NATIVE, body, { token: READ_TOKEN });
const goal = () => ({ jobId: job.id, fromLevel: 1, toLevel: 12 });

describe('POST toolbox&mode=leveling', () => {
  it.each(['none', 'low', 'medium', 'high'])('plans from level to level, scarcity %s', async (mode) => {
    const { status, body } = await ask({ ...asked(), penalty_mode: mode });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['jobId', 'fromLevel', 'toLevel', 'totalCost', 'steps']);
    expect(body).toMatchObject({ jobId: job.externalId, fromLevel: 1, toLevel: 12 });
    const { steps } = body;
    for (const step of steps) {
      const recipe = recipes.find(({ id }) => id === step.recipeId)!;
      expect(step).toMatchObject({ recipeName: recipe.label, recipeLevel: recipe.level, imgUrl: null });
      expect(step.costPerCraft).toBe(
        10 * recipe.ingredients.reduce((sum, { quantity }) => sum + quantity, 0),
      );
      expect(step.ingredients.map(({ id }: { id: number }) => id).sort()).toEqual(
        recipe.ingredients.map(({ itemId }) => itemId).sort(),
      );
      expect(Object.keys(step.ingredients[0])).toEqual(['id', 'name', 'imgUrl', 'quantity', 'price']);
      expect(step.totalCost).toBeGreaterThanOrEqual(step.quantity * step.costPerCraft - 1e-6);
    }
    expect(steps.map(({ recipeId }: { recipeId: number }) => recipeId)).not.toContain(unpriced.id);
    expect([steps[0].startLevel, steps.at(-1).endLevel]).toEqual([1, 12]);
    expect(body.totalCost).toBeCloseTo(
      steps.reduce((sum: number, { totalCost }: { totalCost: number }) => sum + totalCost, 0),
      6,
    );
  });

  it('takes the figures of the third tab, and nonsense in them for nothing said', async () => {
    const preset = (await ask({ ...asked(), penalty_mode: 'low' })).body;
    const own = {
      custom_alpha: 0.3,
      custom_threshold: 3_000,
      custom_min_batch: 100,
      custom_max_resource_usage: 8_000,
    };
    expect((await ask({ ...asked(), penalty_mode: 'none', ...own })).body).toEqual(preset);
    const nonsense = {
      custom_alpha: 'x',
      custom_threshold: 0,
      custom_min_batch: -4,
      max_quantity_per_recipe: '',
    };
    expect((await ask({ ...asked(), penalty_mode: 'low', ...nonsense })).body).toEqual(preset);
  });

  it('ends where recipes run out, and says how far that is', async () => {
    const { body } = await ask({ ...asked(), to_level: 60, max_quantity_per_recipe: 1 });
    expect(body.toLevel).toBeLessThan(60);
    expect(body.steps.every(({ quantity }: { quantity: number }) => quantity === 1)).toBe(true);
    const nobody = await ask({ ...asked(), server: 'Hell Mina' });
    expect(nobody).toMatchObject({ status: 200, body: { toLevel: 1, totalCost: 0, steps: [] } });
    expect(await ask({ ...asked(), server: 'nobody knows' })).toMatchObject({
      status: 200,
      body: { steps: [] },
    });
  });

  it('refuses what the original refuses, in its words', async () => {
    const refusal = async (more: object) => {
      const { status, body } = await ask({ ...asked(), ...more });
      return [status, body.error];
    };
    expect(await refusal({ job_id: 999_999 })).toEqual([404, 'No recipes found for this job']);
    expect(await refusal({ server: undefined })).toEqual([400, 'server_required']);
    for (const more of [{ job_id: null }, { from_level: 0 }, { to_level: 'many' }])
      expect(await refusal(more)).toEqual([400, 'Missing parameters for leveling mode']);
    for (const more of [{ to_level: 1 }, { from_level: 200, to_level: 300 }])
      expect(await refusal(more)).toEqual([400, 'from_level must be less than to_level']);
  });
});

describe('POST .../leveling-plans', () => {
  it('is the same plan by classic, and no dearer by exact', async () => {
    const { body } = await ask(asked());
    const classic = await native({ ...goal(), method: 'classic', priceMode: 'strict' });
    expect(classic.status).toBe(200);
    expect(classic.json).toMatchObject({ totalCost: body.totalCost, reachedLevel: 12, server: 'draconiros' });
    const shown = ({ steps }: { steps: { recipeId: number; quantity: number; totalXp: number }[] }) =>
      steps.map(({ recipeId, quantity, totalXp }) => ({ recipeId, quantity, totalXp }));
    expect(shown(classic.json)).toEqual(shown(body));
    const exact = await native(goal());
    expect(exact.json).toMatchObject({ method: 'exact', priceMode: 'market', reachedLevel: 12 });
    expect(exact.json.totalCost).toBeLessThanOrEqual(body.totalCost);
    expect(exact.json.pricedRecipeCount).toBeLessThan(exact.json.recipeCount);
    expect(await native(goal())).toMatchObject({ json: exact.json });
  });

  it('plans the whole way', async () => {
    const whole = await native({ jobId: job.id, fromLevel: 1, toLevel: 200 });
    expect(whole.json.reachedLevel).toBeGreaterThan(12);
  });

  it.each([
    [{ toLevel: 1 }, 400, '/toLevel'],
    [{ fromLevel: 12 }, 422, '/toLevel'],
    [{ toLevel: 201 }, 400, '/toLevel'],
    [{ method: 'greedy' }, 400, '/method'],
    [{ scarcity: 'low' }, 422, '/scarcity'],
    [{ maxPerRecipe: 5 }, 422, '/maxPerRecipe'],
    [{ maxPerRecipe: 0, method: 'classic' }, 400, '/maxPerRecipe'],
    [{ penalty: 1 }, 400, '/penalty'],
  ])('refuses %j by name', async (more, status, pointer) => {
    const answer = await native({ ...goal(), ...more });
    expectProblem(answer, status, status === 422 ? 'market/leveling-refused' : 'http/malformed');
    expect(answer.json.errors).toMatchObject([{ pointer }]);
  });

  it('knows no other jobs and servers', async () => {
    expectProblem(await native({ ...goal(), jobId: 99_999 }), 404, 'market/unknown-job');
    const elsewhere = NATIVE.replace('draconiros', 'nowhere');
    expectProblem(await post(server.url, elsewhere, goal()), 404, 'market/unknown-server');
    expect((await get(server.url, NATIVE)).status).toBe(404);
  });
});
