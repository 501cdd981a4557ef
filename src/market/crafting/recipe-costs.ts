import type { BookRecipe, RecipeBook } from './recipe-book.js';

// What crafting costs at the prices of one server, for all recipes in one pass over the book's order.
//
// market   ingredients are bought; one that nobody sells is crafted, if everything that it takes has a price
// min      every ingredient is bought or crafted, whichever is cheaper
// strict   ingredients are bought, all of them
//
// A missing price is never free: where an ingredient can be had in no way of the mode, the recipe has no cost. What is known is said
// beside it: the cost of the ingredients that have one, and how many they are (`pricedRatio`, a share of kinds, not of pieces, since
// pieces of different items do not compare). A price of 0 is a missing one: nothing is sold for it, clients write it where they saw
// none. Neither is a recipe free whose ingredients are unknown, as it is left when their items were deleted.
//
// Recipes on a cycle are priced from the market alone, in every mode.

export const PRICE_MODES = ['market', 'min', 'strict'] as const;
export type PriceMode = (typeof PRICE_MODES)[number];

export interface RecipeCost {
  /** For one unit of the result, in the game's coin; null where an ingredient has no price. */
  cost: number | null;
  /** The same of the ingredients that have a price. */
  knownCost: number;
  /** Kinds of ingredients with a price among all, 0 to 1; 0 for a recipe without any. */
  pricedRatio: number;
}

/** How an ingredient is had. */
export type Supply = { from: 'market' | 'craft'; unitCost: number } | null;

export interface CostTable {
  readonly mode: PriceMode;
  readonly costs: ReadonlyMap<number, RecipeCost>;
  /** How one unit of an item is had by the mode. */
  supplyOf: (itemId: number) => Supply;
}

/** @param priceOf newest price of one unit on the server, undefined where nobody has seen one */
export function costTable(
  book: RecipeBook,
  priceOf: (itemId: number) => number | undefined,
  mode: PriceMode,
): CostTable {
  const costs = new Map<number, RecipeCost>();
  // Costs of one unit are plain numbers, NaN where it can be had in no way: tens of thousands of ingredients are asked for.
  const bought = (itemId: number): number => {
    const price = priceOf(itemId);
    return price !== undefined && price > 0 ? price : Number.NaN;
  };
  const unitCostOf = (itemId: number): number => {
    const price = bought(itemId);
    const isSold = !Number.isNaN(price);
    if (mode === 'strict' || (mode === 'market' && isSold)) return price;
    const recipe = book.byResult.get(itemId);
    if (!recipe || book.cyclic.has(recipe.id)) return price;
    const crafted = costs.get(recipe.id)?.cost ?? Number.NaN;
    return crafted < price || !isSold ? crafted : price;
  };
  const supplyOf = (itemId: number): Supply => {
    const unitCost = unitCostOf(itemId);
    if (Number.isNaN(unitCost)) return null;
    return { from: unitCost === bought(itemId) ? 'market' : 'craft', unitCost };
  };
  for (const recipe of book.recipes)
    costs.set(recipe.id, costOf(recipe, book.cyclic.has(recipe.id) ? bought : unitCostOf));
  return { mode, costs, supplyOf };
}

function costOf({ ingredients }: BookRecipe, unitCostOf: (itemId: number) => number): RecipeCost {
  let [knownCost, pricedCount] = [0, 0];
  for (const { itemId, quantity } of ingredients) {
    const cost = quantity * unitCostOf(itemId);
    if (!Number.isFinite(knownCost + cost)) continue; // unknown, or beyond what a number holds
    pricedCount += 1;
    knownCost += cost;
  }
  const isWhole = ingredients.length > 0 && pricedCount === ingredients.length;
  return {
    cost: isWhole ? knownCost : null,
    knownCost,
    pricedRatio: ingredients.length === 0 ? 0 : pricedCount / ingredients.length,
  };
}
