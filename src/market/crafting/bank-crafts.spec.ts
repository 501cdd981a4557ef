import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bankCraft, bankCraftCost, heldIngredients } from './bank-crafts.js';
import type { BookRecipe } from './recipe-book.js';

const itemId = fc.integer({ min: 1, max: 8 });
const recipes = fc
  .uniqueArray(fc.record({ itemId, quantity: fc.integer({ min: 1, max: 9 }) }), {
    selector: (ingredient) => ingredient.itemId,
    maxLength: 6,
  })
  .map((ingredients): BookRecipe => ({
    id: 1,
    resultItemId: 99,
    jobId: 1,
    level: 1,
    isCustom: false,
    ingredients,
  }));
const amounts = (most: number) =>
  fc.array(fc.tuple(itemId, fc.integer({ min: 0, max: most }))).map((pairs) => new Map(pairs));

describe('one recipe and a bank', () => {
  it('can be made as often as taking out its ingredients succeeds', () => {
    fc.assert(
      fc.property(recipes, amounts(60), amounts(100), (recipe, stock, prices) => {
        const left = new Map(stock);
        const takeOut = (): boolean => {
          const enough = recipe.ingredients.every((line) => (left.get(line.itemId) ?? 0) >= line.quantity);
          if (enough)
            for (const line of recipe.ingredients)
              left.set(line.itemId, left.get(line.itemId)! - line.quantity);
          return enough && recipe.ingredients.length > 0;
        };
        let count = 0;
        while (takeOut()) count += 1;
        const craft = bankCraft(recipe, stock, (id) => prices.get(id));
        expect(craft.maxCraftable).toBe(count);
        if (recipe.ingredients.length > 0) expect(craft.missingCount === 0).toBe(count > 0);
      }),
    );
  });

  it('costs what it takes from the bank and what it lacks, piece by piece', () => {
    fc.assert(
      fc.property(recipes, amounts(20), amounts(100), (recipe, stock, prices) => {
        const craft = bankCraft(recipe, stock, (id) => prices.get(id));
        let [owned, missing] = [0, 0];
        for (const line of recipe.ingredients)
          for (let piece = 1; piece <= line.quantity; piece += 1) {
            const price = prices.get(line.itemId) ?? 0;
            if (piece <= (stock.get(line.itemId) ?? 0)) owned += price;
            else missing += price;
          }
        expect([craft.ownedValue, craft.missingCost, craft.craftCost]).toEqual([
          owned,
          missing,
          owned + missing,
        ]);
        expect(craft.pricedCount).toBe(recipe.ingredients.filter((line) => prices.has(line.itemId)).length);
        expect(craft.ownedCount + craft.missingCount).toBe(recipe.ingredients.length);
      }),
    );
  });

  it('lacks of each ingredient what the bank does not hold', () => {
    fc.assert(
      fc.property(recipes, amounts(20), (recipe, stock) => {
        for (const held of heldIngredients(recipe, stock, () => undefined)) {
          expect(held.missingQuantity).toBeGreaterThanOrEqual(0);
          expect(held.heldQuantity + held.missingQuantity).toBe(Math.max(held.heldQuantity, held.quantity));
        }
      }),
    );
  });
});

describe('the cost of a craft', () => {
  it('is that of all ingredients whatever the bank holds, and unknown where one has no price', () => {
    fc.assert(
      fc.property(recipes, amounts(60), amounts(100), (recipe, stock, prices) => {
        fc.pre(recipe.ingredients.length > 0);
        const cost = bankCraftCost(bankCraft(recipe, stock, (id) => prices.get(id)));
        const isPriced = recipe.ingredients.every(({ itemId: id }) => prices.has(id));
        const whole = recipe.ingredients.reduce(
          (sum, line) => sum + line.quantity * (prices.get(line.itemId) ?? 0),
          0,
        );
        expect(cost.knownCost).toBe(whole);
        expect(cost.cost).toBe(isPriced ? whole : null);
        expect(cost.pricedRatio === 1).toBe(isPriced);
      }),
    );
  });
});
