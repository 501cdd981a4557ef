import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  bestPlan,
  type CraftPlan,
  greedyCounts,
  planOf,
  planProblem,
  type PlanWish,
  programOf,
} from './craft-plan.js';
import { ProgramSolver } from './program-solver.service.js';
import { type BookRecipe, makeRecipeBook } from './recipe-book.js';

const RAW = [1, 2, 3];
const MOST = 3;

/** Three recipes over three raw items; a later one may use the results of those before it. */
const recipes = fc
  .tuple(
    ...[0, 1, 2].map((at) =>
      fc.uniqueArray(
        fc.record({
          itemId: fc.constantFrom(...RAW, ...[10, 11].slice(0, at)),
          quantity: fc.integer({ min: 1, max: 3 }),
        }),
        { selector: ({ itemId }) => itemId, minLength: 1, maxLength: 3 },
      ),
    ),
  )
  .map((lists) =>
    lists.map((ingredients, at): BookRecipe => ({
      id: at + 1,
      resultItemId: 10 + at,
      jobId: null,
      level: null,
      isCustom: false,
      ingredients,
    })),
  );
const table = (most: number, least: number) =>
  fc.dictionary(fc.constantFrom('1', '2', '3', '10', '11', '12'), fc.integer({ min: least, max: most }));
const worlds = fc.record({
  recipes,
  stock: table(9, 0),
  prices: table(60, 1),
  budget: fc.constantFrom<number>(0, 20, 200),
  keptPct: fc.constantFrom<number>(100, 98, 50),
  isStockValued: fc.boolean(),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function problemOf(world: World) {
  const wish: PlanWish = {
    stock: new Map(Object.entries(world.stock).map(([id, quantity]) => [Number(id), quantity])),
    budget: world.budget,
    maxPerRecipe: MOST,
    isAllowed: () => true,
    recipeIds: new Set([1, 2, 3]),
    isStockValued: world.isStockValued,
  };
  const market = {
    book: makeRecipeBook(world.recipes),
    priceOf: (id: number) => world.prices[id],
    netOf: (price: number) => (price * world.keptPct) / 100,
  };
  return planProblem(market, wish);
}

/** Makes the crafts one piece after another, buying what is missing; null where that fails. */
function naiveProfit(world: World, counts: readonly number[]): number | null {
  const { prices, isStockValued } = world;
  const net = (id: number): number => ((prices[id] ?? 0) * world.keptPct) / 100;
  const stock = new Map<number, number>();
  for (const [id, quantity] of Object.entries(world.stock))
    if (prices[id] !== undefined || !isStockValued) stock.set(Number(id), quantity);
  const made = new Map<number, number>();
  let [profit, money] = [0, world.budget];
  for (const [at, recipe] of world.recipes.entries())
    for (let craft = 0; craft < counts[at]!; craft += 1) {
      for (const { itemId, quantity } of recipe.ingredients)
        for (let piece = 0; piece < quantity; piece += 1) {
          if ((stock.get(itemId) ?? 0) > 0) {
            stock.set(itemId, stock.get(itemId)! - 1);
            if (isStockValued) profit -= net(itemId);
          } else if ((made.get(itemId) ?? 0) > 0) made.set(itemId, made.get(itemId)! - 1);
          else {
            const price = prices[itemId];
            if (price === undefined || price > money) return null;
            money -= price;
            profit -= price;
          }
        }
      made.set(recipe.resultItemId, (made.get(recipe.resultItemId) ?? 0) + 1);
    }
  for (const [id, quantity] of made) profit += quantity * net(id);
  return profit;
}

function bruteForce(world: World): number {
  let best = 0;
  for (let code = 0; code < (MOST + 1) ** 3; code += 1) {
    const counts = [0, 1, 2].map((at) => Math.floor(code / (MOST + 1) ** at) % (MOST + 1));
    best = Math.max(best, naiveProfit(world, counts) ?? 0);
  }
  return best;
}

/** Nothing is used twice, and nothing comes from nowhere. */
function expectBalanced(world: World, plan: CraftPlan): void {
  const sums = new Map<number, number>();
  for (const recipe of world.recipes) {
    const count = plan.counts.get(recipe.id) ?? 0;
    expect(count).toBeLessThanOrEqual(MOST);
    sums.set(recipe.resultItemId, (sums.get(recipe.resultItemId) ?? 0) + count);
    for (const { itemId, quantity } of recipe.ingredients)
      sums.set(itemId, (sums.get(itemId) ?? 0) - quantity * count);
  }
  for (const { itemId, fromStock, bought, sold } of plan.uses) {
    expect(fromStock).toBeLessThanOrEqual(world.stock[itemId] ?? 0);
    expect((sums.get(itemId) ?? 0) + fromStock + bought - sold).toBeGreaterThanOrEqual(0);
  }
  expect(plan.spent).toBeLessThanOrEqual(world.budget);
}

describe('a craft plan', () => {
  it('is the best that there is, as trying all shows, and no worse than the greedy one', async () => {
    const solver = new ProgramSolver();
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const problem = problemOf(world);
        const { isOptimal, values } =
          problem.recipes.length === 0
            ? { isOptimal: true, values: null }
            : await solver.solve(programOf(problem));
        const solved = values && problem.recipes.map((_, at) => Math.round(values.get(`c${at}`)!));
        const plan = bestPlan(problem, solved);
        const best = bruteForce(world);
        expect(isOptimal).toBe(true);
        expect(plan.profit).toBeCloseTo(best, 2);
        if (solved) expect(planOf(problem, solved)!.profit).toBeCloseTo(best, 2);
        expectBalanced(world, plan);
      }),
      { numRuns: 60 },
    );
  });

  it('that is greedy pays, is balanced and never beats trying all', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const problem = problemOf(world);
        const plan = planOf(problem, greedyCounts(problem))!;
        expect(plan.profit).toBeGreaterThanOrEqual(0);
        expect(plan.profit).toBeLessThanOrEqual(bruteForce(world) + 1e-6);
        expectBalanced(world, plan);
      }),
    );
  });

  it('takes a stored price of 0 for none: nothing is free', () => {
    const ingredients = [
      { itemId: 1, quantity: 3 },
      { itemId: 2, quantity: 3 },
    ];
    const recipe = { id: 1, resultItemId: 10, jobId: null, level: null, isCustom: false, ingredients };
    const market = { recipes: [recipe], keptPct: 100, budget: 1_000, isStockValued: false };
    expect(problemOf({ ...market, stock: {}, prices: { 1: 0, 2: 10, 10: 10_000 } }).recipes).toEqual([]);
    const held = problemOf({ ...market, stock: { 1: 3 }, prices: { 1: 0, 2: 10, 10: 10_000 } });
    expect(planOf(held, [1])).toMatchObject({ spent: 30, profit: 9_970 });
    expect(planOf(held, [2])).toBeNull();
  });

  it('is found among prices of fractions of a coin, and where the solver refuses it is the greedy one', async () => {
    const ingredients = [
      { itemId: 1, quantity: 1 },
      { itemId: 2, quantity: 1 },
    ];
    const recipe = { id: 1, resultItemId: 10, jobId: null, level: null, isCustom: false, ingredients };
    const prices = { 1: 4e-6, 2: 1.1e-5, 10: 4.8e-5 };
    const world = {
      recipes: [recipe],
      prices,
      keptPct: 100,
      stock: {},
      budget: 1.79e-4,
      isStockValued: false,
    };
    const problem = problemOf(world);
    const solver = new ProgramSolver();
    const { isOptimal, values } = await solver.solve(programOf(problem));
    expect(isOptimal).toBe(true);
    expect(bestPlan(problem, [values!.get('c0')!]).counts).toEqual(new Map([[1, MOST]]));
    expect(await solver.solve('Maximize\n goal: + NaN x')).toEqual({ isOptimal: false, values: null });
    expect(bestPlan(problem, null).counts).toEqual(new Map([[1, MOST]]));
  });

  it('leaves out recipes on a cycle', () => {
    const recipe = (id: number, resultItemId: number, itemId: number): BookRecipe => ({
      id,
      resultItemId,
      jobId: null,
      level: null,
      isCustom: false,
      ingredients: [{ itemId, quantity: 1 }],
    });
    const world = { recipes: [recipe(1, 10, 11), recipe(2, 11, 10), recipe(3, 12, 1)], keptPct: 100 };
    const more = { stock: { 1: 5, 10: 1 }, prices: { 10: 5, 11: 9, 12: 7 }, budget: 0, isStockValued: false };
    expect(problemOf({ ...world, ...more }).recipes.map(({ id }) => id)).toEqual([3]);
  });
});
