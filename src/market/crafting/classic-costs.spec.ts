import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classicCosts } from './classic-costs.js';
import { type BookRecipe, makeRecipeBook } from './recipe-book.js';

/** Recipe `id` makes item `id`. */
const recipe = (id: number, quantities: Record<number, number>): BookRecipe => ({
  id,
  resultItemId: id,
  jobId: null,
  level: null,
  isCustom: false,
  ingredients: Object.entries(quantities).map(([itemId, quantity]) => ({ itemId: Number(itemId), quantity })),
});

/** Recipes of items 1 to 9 from items 1 to 12, cycles included. */
const graphs = fc
  .array(
    fc.dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.integer({ min: 1, max: 9 }), {
      maxKeys: 4,
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((lists) => lists.map((quantities, index) => recipe(index + 1, quantities)));
const prices = fc.dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.integer({ min: 0, max: 99 }));

/** Of an item: the level that it can be had at, and for how much, by the words of the rule. */
function naive(
  recipes: readonly BookRecipe[],
  known: Record<string, number>,
  itemId: number,
  depth = 5,
): { level: number; cost: number } | null {
  if ((known[itemId] ?? 0) > 0) return { level: 0, cost: known[itemId]! };
  const own = recipes.find(({ id }) => id === itemId);
  if (!own || own.ingredients.length === 0 || depth === 0) return null;
  const parts = own.ingredients.map((part) => ({
    ...part,
    of: naive(recipes, known, part.itemId, depth - 1),
  }));
  if (parts.some(({ of }) => of === null)) return null;
  return {
    level: 1 + Math.max(...parts.map(({ of }) => of!.level)),
    cost: parts.reduce((sum, { of, quantity }) => sum + quantity * of!.cost, 0),
  };
}

describe("the original's costs", () => {
  it('are what plain recursion says of random books, with cycles', () => {
    fc.assert(
      fc.property(graphs, prices, (recipes, known) => {
        const costs = classicCosts(makeRecipeBook(recipes), (itemId) => known[itemId]);
        const wholeOf = (itemId: number): number | undefined => naive(recipes, known, itemId)?.cost;
        const sumOf = (of: BookRecipe, unit: (itemId: number) => number): number =>
          of.ingredients.reduce((sum, { itemId, quantity }) => sum + quantity * unit(itemId), 0);
        const effective = (itemId: number): number => {
          const own = recipes.find(({ id }) => id === itemId);
          return wholeOf(itemId) ?? (own ? sumOf(own, (part) => wholeOf(part) ?? 0) : 0);
        };
        for (const one of recipes) {
          const unpriced = one.ingredients.filter(({ itemId }) => !((known[itemId] ?? 0) > 0));
          expect({ id: one.id, ...costs.get(one.id)! }).toEqual({
            id: one.id,
            craftCost: sumOf(one, (itemId) => known[itemId] ?? 0),
            pricedCount: one.ingredients.length - unpriced.length,
            estimatedCost: sumOf(one, effective),
            hasEstimation: unpriced.some(({ itemId }) => effective(itemId) > 0),
            isIncomplete: one.ingredients.some(({ itemId }) => wholeOf(itemId) === undefined),
          });
        }
      }),
    );
  });

  it('go five levels deep, and beyond that in part', () => {
    // 1 has a price; n + 1 takes two of n, and one of 1.
    const chain = Array.from({ length: 8 }, (_, index) => recipe(index + 2, { [index + 1]: 2, 1: 1 }));
    chain[0] = recipe(2, { 1: 3 });
    const costs = classicCosts(makeRecipeBook(chain), (itemId) => (itemId === 1 ? 1 : undefined));
    // Levels: item 2 is of level 1 (3), 3 of 2 (7), 4 (15), 5 (31), 6 of level 5 (63); 7 would be of level 6.
    expect(costs.get(7)).toEqual({
      craftCost: 1,
      pricedCount: 1,
      estimatedCost: 127,
      hasEstimation: true,
      isIncomplete: false,
    });
    expect(costs.get(8)).toMatchObject({ estimatedCost: 2 * 127 + 1, isIncomplete: true });
    // Item 8 is partial with the one that it takes of item 1: what is partial below counts as nothing.
    expect(costs.get(9)).toMatchObject({ estimatedCost: 2 * 1 + 1, isIncomplete: true });
  });
});
