import { netOfSale, type TradeTerms } from '../terms/trade-terms.js';
import type { RecipeBook } from './recipe-book.js';

// What recipes cost on a server, by one pass in the book's order. A missing price is never free: what lacks one is left out of
// the sum, the priced ratio says so, and margin and roi are only given for recipes that are priced as a whole. A price of 0 is no
// price: the game's market sells nothing for it, clients write it where they saw none.
//
// Modes: `market` buys every ingredient. `min` takes what is cheaper for each, buying it or crafting it, down to the bottom; what
// has no price may be crafted, if everything that goes into it can be had. `strict` is `market` without partial sums. Recipes
// on a cycle are priced from the market in each mode, and what they make is bought when something else needs it.
//
// Invariant: cost in `min` <= cost in `market` wherever both are complete.

export const PRICE_MODES = ['market', 'min', 'strict'] as const;
export type PriceMode = (typeof PRICE_MODES)[number];

/** Newest prices of a server by item. */
export interface PriceTable {
  itemIds: ArrayLike<number>;
  /** Of one unit. */
  prices: ArrayLike<number>;
  /** Unix milliseconds. */
  seenAtMs: ArrayLike<number>;
}

export interface ModeCosts {
  /** By position: the priced ingredients of one craft together. */
  readonly costs: Float64Array;
  /** By position: number of ingredients that are priced. */
  readonly pricedCounts: Int32Array;
}

export interface RecipeCosts {
  readonly book: RecipeBook;
  /** Counter of the server's prices when they were read, or an earlier one; 0 = it has none. */
  readonly pricesVersion: number;
  /** By node: price of one unit, above 0; NaN = none was ever seen. */
  readonly prices: Float64Array;
  /** By node: when the newest price was seen, a price of 0 included; NaN = never. */
  readonly seenAtMs: Float64Array;
  readonly market: ModeCosts;
  readonly min: ModeCosts;
  /** By node: the cheapest way to one unit that is known, bought or crafted; NaN = there is none. */
  readonly minUnits: Float64Array;
  /** By node: 1 = crafting is that way. */
  readonly isCraftCheaper: Uint8Array;
}

/** Of one craft of a recipe. Money is the game's coin for one unit of the result. */
export interface RecipeFigures {
  /** Of the priced ingredients: all of them when `isComplete`; null when none is priced, and of an incomplete one in `strict`. */
  cost: number | null;
  ingredientCount: number;
  pricedCount: number;
  /** Share of the ingredients, by their number, that are priced; 0 to 1. Units of different things cannot be counted together. */
  pricedRatio: number;
  isComplete: boolean;
  /** Newest price of the result, before the game takes its share; null = unknown. */
  sellPrice: number | null;
  /** What the seller keeps, less the cost; null unless both are known as a whole. */
  margin: number | null;
  /** Margin in percent of the cost. */
  roiPct: number | null;
}

export function priceBook(book: RecipeBook, table: PriceTable, pricesVersion: number): RecipeCosts {
  const prices = new Float64Array(book.nodeCount).fill(Number.NaN);
  const seenAtMs = new Float64Array(book.nodeCount).fill(Number.NaN);
  for (let row = 0; row < table.itemIds.length; row += 1) {
    const node = book.nodeOfItem.get(table.itemIds[row]!);
    if (node === undefined) continue;
    seenAtMs[node] = table.seenAtMs[row]!;
    if (table.prices[row]! > 0) prices[node] = table.prices[row]!;
  }
  const market = newCosts(book);
  const min = newCosts(book);
  const minUnits = prices.slice();
  const isCraftCheaper = new Uint8Array(book.nodeCount);
  for (let position = 0; position < book.recipeCount; position += 1) {
    sumUp(book, position, prices, market);
    const isInCycle = book.isInCycle[position] === 1;
    sumUp(book, position, isInCycle ? prices : minUnits, min);
    const crafted = isInCycle ? Number.NaN : completeCost(book, position, min);
    const node = book.resultNodes[position]!;
    if (Number.isNaN(crafted) || crafted >= prices[node]!) continue;
    minUnits[node] = crafted;
    isCraftCheaper[node] = 1;
  }
  return { book, pricesVersion, prices, seenAtMs, market, min, minUnits, isCraftCheaper };
}

/** @returns figures of the recipe at `position`, after what `terms` take from a sale */
export function figuresOf(
  { book, prices, market, min }: RecipeCosts,
  position: number,
  mode: PriceMode,
  terms: TradeTerms,
): RecipeFigures {
  const { costs, pricedCounts } = mode === 'min' ? min : market;
  const ingredientCount = book.linkStart[position + 1]! - book.linkStart[position]!;
  const pricedCount = pricedCounts[position]!;
  const isComplete = ingredientCount > 0 && pricedCount === ingredientCount;
  const cost = isComplete || (pricedCount > 0 && mode !== 'strict') ? costs[position]! : null;
  const price = prices[book.resultNodes[position]!]!;
  const sellPrice = Number.isNaN(price) ? null : price;
  const margin = isComplete && sellPrice !== null ? netOfSale(sellPrice, terms) - cost! : null;
  return {
    cost,
    ingredientCount,
    pricedCount,
    pricedRatio: ingredientCount === 0 ? 0 : pricedCount / ingredientCount,
    isComplete,
    sellPrice,
    margin,
    roiPct: margin === null ? null : (margin / cost!) * 100,
  };
}

function newCosts({ recipeCount }: RecipeBook): ModeCosts {
  return { costs: new Float64Array(recipeCount), pricedCounts: new Int32Array(recipeCount) };
}

function sumUp(book: RecipeBook, position: number, units: Float64Array, into: ModeCosts): void {
  let cost = 0;
  let priced = 0;
  for (let link = book.linkStart[position]!; link < book.linkStart[position + 1]!; link += 1) {
    const share = book.linkQuantities[link]! * units[book.linkNodes[link]!]!;
    if (!Number.isFinite(share) || !Number.isFinite(cost + share)) continue; // unknown, or more than a number holds
    cost += share;
    priced += 1;
  }
  into.costs[position] = cost;
  into.pricedCounts[position] = priced;
}

/** Cost of a recipe that is priced as a whole; else NaN. */
function completeCost(book: RecipeBook, position: number, { costs, pricedCounts }: ModeCosts): number {
  const count = book.linkStart[position + 1]! - book.linkStart[position]!;
  return count > 0 && pricedCounts[position] === count ? costs[position]! : Number.NaN;
}
