import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BookRecipe, makeRecipeBook, type RecipeBook } from './recipe-book.js';
import { costTable, type PriceMode } from './recipe-costs.js';

const MODES: PriceMode[] = ['market', 'min', 'strict'];

/** Items 1 to 4 are bare; recipe `n` makes item `n` of items below it, so there is no cycle. */
const acyclic = fc
  .array(
    fc.array(fc.record({ below: fc.nat(), quantity: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((lists) =>
    lists.map((links, index): BookRecipe => {
      const id = index + 5;
      const quantities = new Map(links.map(({ below, quantity }) => [1 + (below % (id - 1)), quantity]));
      return {
        id,
        resultItemId: id,
        jobId: null,
        level: null,
        isCustom: false,
        ingredients: [...quantities].map(([itemId, quantity]) => ({ itemId, quantity })),
      };
    }),
  );
const prices = fc.dictionary(fc.integer({ min: 1, max: 10 }).map(String), fc.integer({ min: 0, max: 1_000 }));

/** The cheapest way of the mode by plain recursion. */
function naive(
  book: RecipeBook,
  known: Record<string, number>,
  mode: PriceMode,
  recipe: BookRecipe,
): number | null {
  if (recipe.ingredients.length === 0) return null;
  let sum = 0;
  for (const { itemId, quantity } of recipe.ingredients) {
    const price = known[itemId];
    const below = book.byResult.get(itemId);
    const ways: number[] = price === undefined || price === 0 ? [] : [price];
    if (below && (mode === 'min' || (mode === 'market' && ways.length === 0))) {
      const crafted = naive(book, known, mode, below);
      if (crafted !== null) ways.push(crafted);
    }
    if (ways.length === 0) return null;
    sum += quantity * Math.min(...ways);
  }
  return sum;
}

describe('costs of recipes', () => {
  it('are what plain recursion says, in every mode', () => {
    fc.assert(
      fc.property(acyclic, prices, fc.constantFrom(...MODES), (recipes, known, mode) => {
        const book = makeRecipeBook(recipes);
        const { costs } = costTable(book, (itemId) => known[itemId], mode);
        for (const recipe of recipes)
          expect(costs.get(recipe.id)!.cost).toEqual(naive(book, known, mode, recipe));
      }),
    );
  });

  it('never take a missing price for free, and say how much of a recipe is priced', () => {
    fc.assert(
      fc.property(acyclic, prices, fc.constantFrom(...MODES), (recipes, known, mode) => {
        const book = makeRecipeBook(recipes);
        for (const { cost, knownCost, pricedRatio } of costTable(
          book,
          (itemId) => known[itemId],
          mode,
        ).costs.values()) {
          expect(cost === null).toBe(pricedRatio < 1);
          if (cost !== null) expect([cost, cost > 0]).toEqual([knownCost, true]);
          expect(pricedRatio).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('are never higher by min than by market, nor by market than by strict', () => {
    fc.assert(
      fc.property(acyclic, prices, (recipes, known) => {
        const book = makeRecipeBook(recipes);
        const [market, min, strict] = MODES.map(
          (mode) => costTable(book, (itemId) => known[itemId], mode).costs,
        );
        for (const { id } of recipes) {
          const costs = [min, market, strict].map((table) => table!.get(id)!.cost ?? Infinity);
          expect(costs[0]).toBeLessThanOrEqual(costs[1]!);
          expect(costs[1]).toBeLessThanOrEqual(costs[2]!);
        }
      }),
    );
  });

  it('of recipes on a cycle come from the market alone', () => {
    const ring = [5, 6].map((id): BookRecipe => ({
      id,
      resultItemId: id,
      jobId: null,
      level: null,
      isCustom: true,
      ingredients: [{ itemId: id === 5 ? 6 : 5, quantity: 2 }],
    }));
    const book = makeRecipeBook(ring);
    const known: Record<number, number> = { 5: 10 };
    const { costs } = costTable(book, (itemId) => known[itemId], 'min');
    expect([costs.get(6)!.cost, costs.get(5)!.cost]).toEqual([20, null]);
  });

  it('on a cycle do not craft what lies beside it, and what they make is bought', () => {
    const of = (id: number, uses: number[]): BookRecipe => ({
      id,
      resultItemId: id,
      jobId: null,
      level: null,
      isCustom: true,
      ingredients: uses.map((itemId) => ({ itemId, quantity: 1 })),
    });
    // 5 and 6 need each other; 5 also takes 7, which is cheaper to craft; 8 takes 5.
    const book = makeRecipeBook([of(5, [6, 7]), of(6, [5]), of(7, [1]), of(8, [5])]);
    const known: Record<number, number> = { 1: 2, 5: 100, 6: 10, 7: 30 };
    const { costs, supplyOf } = costTable(book, (itemId) => known[itemId], 'min');
    expect([5, 6, 7, 8].map((id) => costs.get(id)!.cost)).toEqual([40, 100, 2, 100]);
    expect(supplyOf(5)).toEqual({ from: 'market', unitCost: 100 });
  });

  it('of the cheapest way are those of all ways there are, tried one by one', () => {
    fc.assert(
      fc.property(acyclic, prices, (recipes, known) => {
        const book = makeRecipeBook(recipes);
        const { costs } = costTable(book, (itemId) => known[itemId], 'min');
        // Each item that can be crafted is either always bought or always crafted.
        for (const recipe of recipes) {
          let best = Infinity;
          for (let choice = 0; choice < 2 ** recipes.length; choice += 1) {
            const unit = (itemId: number): number => {
              const below = book.byResult.get(itemId);
              if (below && (choice >> (below.id - 5)) % 2 === 1) return sum(below);
              return known[itemId] || Infinity;
            };
            const sum = ({ ingredients }: BookRecipe): number =>
              ingredients.reduce((total, { itemId, quantity }) => total + quantity * unit(itemId), 0);
            best = Math.min(best, sum(recipe));
          }
          expect(costs.get(recipe.id)!.cost ?? Infinity).toBe(best);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('of a recipe that has lost its ingredients, and beyond all numbers, are not known', () => {
    const of = (id: number, ingredients: BookRecipe['ingredients']): BookRecipe => ({
      id,
      resultItemId: id,
      jobId: null,
      level: null,
      isCustom: true,
      ingredients,
    });
    const book = makeRecipeBook([of(5, []), of(6, [{ itemId: 1, quantity: 2 }])]);
    const { costs } = costTable(book, () => Number.MAX_VALUE, 'market');
    const nothing = { cost: null, knownCost: 0, pricedRatio: 0 };
    expect([costs.get(5), costs.get(6)]).toEqual([nothing, nothing]);
  });
});
