import type { BookRecipe, RecipeBook } from './recipe-book.js';

// The original's figures of recipes, for its clients. The cost is the sum of the prices of those ingredients that have one. Beside
// it stands an estimate, in which an ingredient without a price costs what its own recipe does, by levels: level 0 has a price;
// level 1 has none and is made of level 0 alone; and so on to level 5. What is still without a cost, and made of something that
// has one, is partial: it counts with what is known of it, and the estimate as incomplete. Native answers never do that
// (recipe-costs.ts). By levels, cycles need no care: what waits for itself gets no level.

const LEVELS = 5;

export interface ClassicCost {
  /** Ingredients without a price count as nothing, as in the original. */
  craftCost: number;
  pricedCount: number;
  estimatedCost: number;
  /** Some ingredient was estimated. */
  hasEstimation: boolean;
  /** Something in the estimate has no cost, or a partial one. */
  isIncomplete: boolean;
}

interface Estimates {
  /** Items of levels 0 to 5. */
  whole: Map<number, number>;
  partial: Map<number, number>;
}

/** @param priceOf newest price of one unit on the server, undefined where nobody has seen one; 0 is none either */
export function classicCosts(
  book: RecipeBook,
  priceOf: (itemId: number) => number | undefined,
): ReadonlyMap<number, ClassicCost> {
  const estimates = estimate(book, priceOf);
  return new Map(book.recipes.map((recipe) => [recipe.id, costOf(recipe, priceOf, estimates)]));
}

function costOf(
  { ingredients }: BookRecipe,
  priceOf: (itemId: number) => number | undefined,
  { whole, partial }: Estimates,
): ClassicCost {
  let [craftCost, pricedCount, estimatedCost, hasEstimation, isIncomplete] = [0, 0, 0, false, false];
  for (const { itemId, quantity } of ingredients) {
    const price = priceOf(itemId) ?? 0;
    const cost = whole.get(itemId) ?? partial.get(itemId) ?? 0;
    craftCost += quantity * price;
    estimatedCost += quantity * cost;
    if (price > 0) pricedCount += 1;
    else if (cost > 0) hasEstimation = true;
    if (!whole.has(itemId)) isIncomplete = true;
  }
  return { craftCost, pricedCount, estimatedCost, hasEstimation, isIncomplete };
}

function estimate(book: RecipeBook, priceOf: (itemId: number) => number | undefined): Estimates {
  const whole = new Map<number, number>();
  for (const { ingredients } of book.recipes)
    for (const { itemId } of ingredients) {
      const price = priceOf(itemId) ?? 0;
      if (price > 0) whole.set(itemId, price);
    }
  let open = book.recipes.filter(
    ({ resultItemId, ingredients }) => !((priceOf(resultItemId) ?? 0) > 0) && ingredients.length > 0,
  );
  const sumOf = ({ ingredients }: BookRecipe): number =>
    ingredients.reduce((sum, { itemId, quantity }) => sum + quantity * (whole.get(itemId) ?? 0), 0);
  for (let level = 1; level <= LEVELS && open.length > 0; level += 1) {
    const reached = open.filter(({ ingredients }) => ingredients.every(({ itemId }) => whole.has(itemId)));
    const costs = reached.map(sumOf); // of the levels below, not of this one
    reached.forEach(({ resultItemId }, index) => whole.set(resultItemId, costs[index]!));
    open = open.filter(({ resultItemId }) => !whole.has(resultItemId));
  }
  const partial = new Map<number, number>();
  for (const recipe of open) {
    const cost = sumOf(recipe);
    if (cost > 0) partial.set(recipe.resultItemId, cost);
  }
  return { whole, partial };
}
