import type { BookRecipe, RecipeBook } from './recipe-book.js';

// The original's figures of recipes, for its clients: the cost is the sum of the prices of those ingredients that have one, and
// beside it stands an estimate in which an ingredient without a price costs what its own recipe does, as deep as that goes. The
// original goes five levels deep, which is as deep as the game's recipes are; what has no price at the end is left out, and the
// estimate then counts as incomplete. Native answers never do that (recipe-costs.ts).

export interface ClassicCost {
  /** Ingredients without a price count as nothing, as in the original. */
  craftCost: number;
  pricedCount: number;
  estimatedCost: number;
  /** Some ingredient was estimated. */
  hasEstimation: boolean;
  /** Something in the estimate has neither price nor recipe. */
  isIncomplete: boolean;
}

interface Estimate {
  cost: number;
  isIncomplete: boolean;
}

/** @param priceOf newest price of one unit on the server, undefined where nobody has seen one */
export function classicCosts(
  book: RecipeBook,
  priceOf: (itemId: number) => number | undefined,
): ReadonlyMap<number, ClassicCost> {
  const estimates = new Map<BookRecipe, Estimate>();
  const costs = new Map<number, ClassicCost>();
  for (const recipe of book.recipes) {
    let [craftCost, pricedCount, estimatedCost, hasEstimation, isIncomplete] = [0, 0, 0, false, false];
    for (const { itemId, quantity } of recipe.ingredients) {
      const price = priceOf(itemId);
      if (price !== undefined) {
        craftCost += quantity * price;
        estimatedCost += quantity * price;
        pricedCount += 1;
        continue;
      }
      const below = book.byResult.get(itemId);
      const estimate = below && estimates.get(below);
      if (estimate) {
        estimatedCost += quantity * estimate.cost;
        hasEstimation = true;
      }
      isIncomplete ||= estimate?.isIncomplete ?? true;
    }
    // On a cycle nobody knows what to begin with: such a recipe estimates nothing for others.
    if (!book.cyclic.has(recipe.id)) estimates.set(recipe, { cost: estimatedCost, isIncomplete });
    costs.set(recipe.id, { craftCost, pricedCount, estimatedCost, hasEstimation, isIncomplete });
  }
  return costs;
}
