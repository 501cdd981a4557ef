import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { xpOfLevel } from '../crafting/craft-xp.js';
import { type ClassicLimits, planClassic } from './classic-leveling.js';
import { planExact } from './exact-leveling.js';
import { hasCost, type LevelingPlan, type LevelingRecipe, type LevelingTask } from './leveling-plan.js';
import { costOfPieces, SCARCITY, type Scarcity } from './scarcity.js';

/** Falls with the distance, like the game's, but in small numbers. */
const xpOfCraft = (recipe: LevelingRecipe, jobLevel: number): number =>
  jobLevel < recipe.level ? 0 : Math.floor((20 * recipe.level) / (1 + 0.5 * (jobLevel - recipe.level)));

const aRecipe = (recipeId: number, level: number, cost: number | null): LevelingRecipe => ({
  recipeId,
  level,
  cost,
  ingredients: [{ itemId: recipeId, quantity: 2, price: cost === null ? null : cost / 2 }],
});
const taskOf = (recipes: LevelingRecipe[], fromLevel: number, toLevel: number): LevelingTask => ({
  recipes,
  xpOfCraft,
  fromLevel,
  toLevel,
});
const FREELY = { scarcity: SCARCITY.none, maxPerRecipe: null };

function finish(run: Generator<void, LevelingPlan>): LevelingPlan {
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}
const exact = (task: LevelingTask): LevelingPlan => finish(planExact(task));
const classic = (task: LevelingTask, limits: ClassicLimits): LevelingPlan =>
  finish(planClassic(task, limits));

const shown = (plan: LevelingPlan) =>
  plan.steps.map(({ recipe, startLevel, endLevel, quantity, totalCost, totalXp }) => [
    recipe.recipeId,
    `${startLevel}-${endLevel}`,
    quantity,
    totalCost,
    totalXp,
  ]);

/** Points that a plan's crafts give, done one after the other. */
function play(task: LevelingTask, plan: LevelingPlan): number {
  let xp = xpOfLevel(task.fromLevel);
  let level = task.fromLevel;
  for (const { recipe, quantity } of plan.steps)
    for (let craft = 0; craft < quantity; craft += 1) {
      expect(recipe.level).toBeLessThanOrEqual(level);
      xp += task.xpOfCraft(recipe, level);
      while (xp >= xpOfLevel(level + 1)) level += 1;
    }
  return xp;
}

const books = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.option(fc.integer({ min: 0, max: 60 }), { freq: 8 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((rows) => rows.map(([level, cost], index) => aRecipe(index + 1, level, cost)));
const ways = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
  .map(([from, count]) => ({ from, to: from + count }));
const scarcities: fc.Arbitrary<Scarcity> = fc.record({
  alpha: fc.constantFrom(0, 0.5, 3),
  threshold: fc.integer({ min: 1, max: 50 }),
  minBatch: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 30 })),
  maxUse: fc.integer({ min: 4, max: 200 }),
});

describe('pieces of which there are few', () => {
  it('cost the same bought at once or one after the other', () => {
    fc.assert(
      fc.property(scarcities, fc.nat(100), fc.nat(100), fc.nat(100), (scarcity, used, first, second) => {
        const apart =
          costOfPieces(7, first, used, scarcity) + costOfPieces(7, second, used + first, scarcity);
        expect(costOfPieces(7, first + second, used, scarcity)).toBeCloseTo(apart, 6);
      }),
    );
  });
});

describe('the classic plan', () => {
  it('takes the least cost for a point, level by level, and carries over what is gained beyond', () => {
    const plan = classic(taskOf([aRecipe(1, 1, 10), aRecipe(2, 3, 9)], 1, 4), FREELY);
    // 1: 20 of 20; 2: 13 a craft, 4 crafts give 52 of 40; 3: 60 a craft, one for the 48 that are missing
    expect(shown(plan)).toEqual([
      [1, '1-3', 5, 50, 60],
      [2, '3-4', 1, 9, 60],
    ]);
    expect(plan).toMatchObject({ totalCost: 59, reachedLevel: 4 });
  });

  it('keeps to its recipe unless another one is better by a twentieth', () => {
    // At level 2 the first gives 13 points for 10, which is 0.769 each, the second 40: below 29.23 it is a twentieth better.
    const stepsAt = (cost: number): number =>
      classic(taskOf([aRecipe(1, 1, 10), aRecipe(2, 2, cost)], 1, 3), FREELY).steps.length;
    expect(stepsAt(29.3)).toBe(1);
    expect(stepsAt(29.2)).toBe(2);
  });

  it('goes on with the next recipe where one may not be crafted more often; a shared level counts once', () => {
    const plan = classic(taskOf([aRecipe(1, 1, 1), aRecipe(2, 1, 2)], 3, 4), {
      ...FREELY,
      maxPerRecipe: 5,
    });
    expect(shown(plan)).toEqual([
      [1, '3-4', 5, 5, 50],
      [2, '3-4', 1, 2, 10],
    ]);
  });

  it('crafts a batch where prices rise, three times what is needed at most, and no more than needed at the end', () => {
    const scarcity = { alpha: 0.5, threshold: 2_000, minBatch: 75, maxUse: 5_000 };
    const plan = classic(taskOf([aRecipe(1, 10, 8)], 10, 12), { scarcity, maxPerRecipe: null });
    // One craft is needed for level 10: a batch of ten, which is enough for level 11 and much more.
    expect(plan.steps).toMatchObject([{ quantity: 10, startLevel: 10, endLevel: 12 }]);
    expect(plan.totalCost).toBeCloseTo(costOfPieces(4, 20, 0, scarcity), 9);
    const short = classic(taskOf([aRecipe(1, 10, 8)], 10, 11), { scarcity, maxPerRecipe: null });
    expect(short.steps).toMatchObject([{ quantity: 1 }]);
  });

  it('ends where no recipe is left instead of raising the level', () => {
    const limits = { ...FREELY, maxPerRecipe: 3 };
    const plan = classic(taskOf([aRecipe(1, 1, 5)], 1, 4), limits);
    expect(plan).toMatchObject({ reachedLevel: 2, steps: [{ quantity: 3, endLevel: 2 }] });
    for (const cost of [null, 0])
      expect(classic(taskOf([aRecipe(1, 1, cost)], 1, 4), FREELY)).toEqual({
        steps: [],
        totalCost: 0,
        reachedLevel: 1,
      });
  });

  it('keeps its limits, counts every level once, and never has a recipe without a price', () => {
    fc.assert(
      fc.property(
        books,
        ways,
        scarcities,
        fc.option(fc.integer({ min: 1, max: 20 })),
        (recipes, way, scarcity, maxPerRecipe) => {
          const task = taskOf(recipes, way.from, way.to);
          const plan = classic(task, { scarcity, maxPerRecipe });
          // A batch is counted at the level at which it begins, though its last crafts may give less.
          if (scarcity.minBatch === 1)
            expect(play(task, plan)).toBeGreaterThanOrEqual(xpOfLevel(plan.reachedLevel));
          expect(plan.steps.every(({ recipe }) => hasCost(recipe))).toBe(true);
          const counted = plan.steps.reduce((sum, { totalXp }) => sum + totalXp, xpOfLevel(way.from));
          expect(counted).toBeLessThanOrEqual(xpOfLevel(plan.reachedLevel + 1));
          if (maxPerRecipe === null) return;
          for (const recipe of recipes) {
            const crafts = plan.steps.filter((step) => step.recipe.recipeId === recipe.recipeId);
            expect(crafts.reduce((sum, { quantity }) => sum + quantity, 0)).toBeLessThanOrEqual(maxPerRecipe);
          }
        },
      ),
    );
  });
});

describe('the exact plan', () => {
  /** The least that any order of crafts costs, by trying all of them. */
  function cheapest(task: LevelingTask, goal: number): number {
    const end = xpOfLevel(goal);
    let least = Infinity;
    const tryAll = (xp: number, level: number, cost: number): void => {
      if (cost >= least) return;
      if (xp >= end) {
        least = cost;
        return;
      }
      let now = level;
      while (xp >= xpOfLevel(now + 1)) now += 1;
      for (const recipe of task.recipes.filter(hasCost)) {
        const gain = recipe.level <= now ? task.xpOfCraft(recipe, now) : 0;
        if (gain > 0) tryAll(xp + gain, now, cost + recipe.cost);
      }
    };
    tryAll(xpOfLevel(task.fromLevel), task.fromLevel, 0);
    return least;
  }

  const smallBooks = fc
    .array(fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((rows) => rows.map(([level, cost], index) => aRecipe(index + 1, level, cost)));
  const smallWays = fc
    .tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 2 }))
    .map(([from, count]) => ({ from, to: from + count }));

  it('costs what the best of all ways costs', () => {
    fc.assert(
      fc.property(smallBooks, smallWays, (recipes, way) => {
        const task = taskOf(recipes, way.from, way.to);
        const plan = exact(task);
        const least = cheapest(task, way.to);
        if (least < Infinity) {
          expect(plan.reachedLevel).toBe(way.to);
          expect(plan.totalCost).toBeCloseTo(least, 9);
        } else {
          expect(plan.reachedLevel).toBeLessThan(way.to);
        }
        expect(play(task, plan)).toBeGreaterThanOrEqual(xpOfLevel(plan.reachedLevel));
      }),
      { numRuns: 200 },
    );
  });

  it('is never dearer than the classic one', () => {
    fc.assert(
      fc.property(books, ways, (recipes, way) => {
        const task = taskOf(recipes, way.from, way.to);
        const [greedy, best] = [classic(task, FREELY), exact(task)];
        if (greedy.reachedLevel < way.to) return;
        expect(best.reachedLevel).toBe(way.to);
        expect(best.totalCost).toBeLessThanOrEqual(greedy.totalCost + 1e-9);
        expect(play(task, best)).toBeGreaterThanOrEqual(xpOfLevel(way.to));
      }),
    );
  });

  it('sees that fewer points may be worth more below a level at which recipes give less', () => {
    const twoLevels = (recipe: LevelingRecipe, level: number): number =>
      level === 1 ? [19, 20][recipe.recipeId - 1]! : [40, 1][recipe.recipeId - 1]!;
    const book = [aRecipe(1, 1, 50), aRecipe(2, 1, 1)];
    const giving = (recipe: LevelingRecipe, level: number): number =>
      recipe.recipeId === 1 ? twoLevels(recipe, level) : level === 1 ? 1 : 41;
    const task = { recipes: book, xpOfCraft: giving, fromLevel: 1, toLevel: 3 };
    expect(exact(task).totalCost).toBe(cheapest(task, 3));
  });

  it('ends where no recipe leads on', () => {
    expect(exact(taskOf([aRecipe(1, 3, 5)], 1, 4))).toEqual({ steps: [], totalCost: 0, reachedLevel: 1 });
    const fading = {
      ...taskOf([aRecipe(1, 1, 5)], 1, 4),
      xpOfCraft: (_: unknown, level: number) => 3 - level,
    };
    expect(exact(fading)).toMatchObject({ reachedLevel: 3, steps: [{ quantity: 50, endLevel: 3 }] });
  });

  it('goes from 1 to 200 in steps, letting others have their turn at every level', () => {
    const recipes = Array.from({ length: 60 }, (_, index) =>
      aRecipe(index + 1, 1 + index * 3, 7 + index * 20),
    );
    const run = planExact(taskOf(recipes, 1, 200));
    let turns = 0;
    let result = run.next();
    for (; !result.done; result = run.next()) turns += 1;
    expect(turns).toBe(199);
    expect(result.value.reachedLevel).toBe(200);
  });
});
