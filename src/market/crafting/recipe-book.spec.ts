import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BookRecipe, makeRecipeBook } from './recipe-book.js';

/** Recipe `id` makes item `id`; `uses` are the items that it takes. */
const recipe = (id: number, uses: readonly number[]): BookRecipe => ({
  id,
  resultItemId: id,
  jobId: null,
  level: null,
  isCustom: false,
  ingredients: [...new Set(uses)].map((itemId) => ({ itemId, quantity: 1 })),
});

const graphs = fc
  .array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }), { minLength: 1, maxLength: 9 })
  .map((uses) => uses.map((items, index) => recipe(index + 1, items)));

/** Whether `to` can be reached from `from` by going from results to ingredients, one step at least. */
function reaches(recipes: readonly BookRecipe[], from: number, to: number): boolean {
  const seen = new Set<number>();
  const next = [from];
  while (next.length > 0)
    for (const { itemId } of recipes[next.pop()! - 1]?.ingredients ?? []) {
      if (itemId === to) return true;
      if (seen.has(itemId)) continue;
      seen.add(itemId);
      next.push(itemId);
    }
  return false;
}

describe('a book of recipes', () => {
  it('has what a recipe needs before it, unless they are on a cycle', () => {
    fc.assert(
      fc.property(graphs, (recipes) => {
        const book = makeRecipeBook(recipes);
        expect(book.recipes.map(({ id }) => id).sort((a, b) => a - b)).toEqual(recipes.map(({ id }) => id));
        const place = new Map(book.recipes.map(({ id }, index) => [id, index]));
        for (const { id, ingredients } of book.recipes)
          for (const { itemId } of ingredients)
            if (place.has(itemId) && !book.cyclic.has(id) && !book.cyclic.has(itemId))
              expect(place.get(itemId)!).toBeLessThan(place.get(id)!);
      }),
    );
  });

  it('knows exactly the recipes that come back to themselves', () => {
    fc.assert(
      fc.property(graphs, (recipes) => {
        const expected = recipes.filter(({ id }) => reaches(recipes, id, id)).map(({ id }) => id);
        expect([...makeRecipeBook(recipes).cyclic].sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });

  it('finds recipes by what they make and by what they use, whatever order they came in', () => {
    const recipes = [recipe(3, [1, 2]), recipe(1, [9]), recipe(2, [1])];
    const book = makeRecipeBook(recipes);
    expect(book.byResult.get(2)).toBe(recipes[2]);
    expect(book.uses.get(1)!.map(({ id }) => id)).toEqual([2, 3]);
    expect(book.uses.get(3)).toBeUndefined();
    expect(book.recipes.map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});
