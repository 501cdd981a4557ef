import type { BookRecipe } from './recipe-book.js';
import type { RecipeCost } from './recipe-costs.js';
import { type RankedRecipe, rankOf } from './recipe-ranking.js';

// What one recipe can be made of what lies in a bank, each recipe by itself: two recipes that take the same things both count them
// (the plan of craft-plan.ts shares them out). Figures of money are those of the things that have a price, as in the original, and
// beside them stands how many do, so that nobody need take a missing price for nothing.

export const BANK_CRAFT_SORTS = ['completeness', 'margin', 'roi'] as const;
export type BankCraftSort = (typeof BANK_CRAFT_SORTS)[number];

/** One ingredient of one craft, held against the bank. */
export interface HeldIngredient {
  itemId: number;
  quantity: number;
  heldQuantity: number;
  missingQuantity: number;
  /** Of one unit; undefined where nobody has seen one. */
  price: number | undefined;
}

export interface BankCraft {
  recipe: BookRecipe;
  /** Kinds of which there is enough for one craft, and those of which there is not. */
  ownedCount: number;
  missingCount: number;
  /** How often the bank alone suffices. */
  maxCraftable: number;
  /** Of what one craft takes from the bank, what it lacks, and both together; without what has no price. */
  ownedValue: number;
  missingCost: number;
  craftCost: number;
  pricedCount: number;
}

/** @param priceOf newest price of one unit on the server, undefined where nobody has seen one */
export function heldIngredients(
  { ingredients }: BookRecipe,
  stock: ReadonlyMap<number, number>,
  priceOf: (itemId: number) => number | undefined,
): HeldIngredient[] {
  return ingredients.map(({ itemId, quantity }) => {
    const heldQuantity = stock.get(itemId) ?? 0;
    const missingQuantity = Math.max(0, quantity - heldQuantity);
    return { itemId, quantity, heldQuantity, missingQuantity, price: priceOf(itemId) };
  });
}

/** Of a recipe without ingredients nothing is missing, and it cannot be made of a bank. */
export function bankCraft(
  recipe: BookRecipe,
  stock: ReadonlyMap<number, number>,
  priceOf: (itemId: number) => number | undefined,
): BankCraft {
  let [missingCount, ownedValue, missingCost, pricedCount] = [0, 0, 0, 0];
  let maxCraftable = Number.POSITIVE_INFINITY;
  for (const held of heldIngredients(recipe, stock, priceOf)) {
    if (held.missingQuantity > 0) missingCount += 1;
    maxCraftable = Math.min(maxCraftable, Math.floor(held.heldQuantity / held.quantity));
    if (held.price === undefined) continue;
    pricedCount += 1;
    ownedValue += (held.quantity - held.missingQuantity) * held.price;
    missingCost += held.missingQuantity * held.price;
  }
  return {
    recipe,
    ownedCount: recipe.ingredients.length - missingCount,
    missingCount,
    maxCraftable: Number.isFinite(maxCraftable) ? maxCraftable : 0,
    ownedValue,
    missingCost,
    craftCost: ownedValue + missingCost,
    pricedCount,
  };
}

/** A craft with its profit, which is known where the craft is priced as a whole. */
export type PricedBankCraft = BankCraft & RankedRecipe;

/** What one craft costs, whatever of it lies in the bank; null where an ingredient has no price. */
export function bankCraftCost({ recipe: { ingredients }, craftCost, pricedCount }: BankCraft): RecipeCost {
  return {
    cost: pricedCount === ingredients.length ? craftCost : null,
    knownCost: craftCost,
    pricedRatio: pricedCount / ingredients.length,
  };
}

/** The lower the further ahead: the largest share of its ingredients, the highest margin or return first. */
export function rankOfBankCraft(craft: PricedBankCraft, sort: BankCraftSort): number {
  return sort === 'completeness' ? -craft.ownedCount / craft.recipe.ingredients.length : rankOf(craft, sort);
}
