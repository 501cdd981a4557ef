import { netOfSale, type TradeTerms } from '../terms/trade-terms.js';
import type { BookRecipe } from './recipe-book.js';
import type { RecipeCost } from './recipe-costs.js';

// Recipes by what they bring. Margin and return are known where the recipe is priced as a whole and its result has been seen for sale;
// what is not known comes last in every order, so a recipe whose ingredients nobody sells leads no list.

export const RECIPE_SORTS = ['margin', 'roi', 'cost', 'level'] as const;
export type RecipeSort = (typeof RECIPE_SORTS)[number];

/** For one unit of the result, in the game's coin. */
export interface RecipeProfit extends RecipeCost {
  /** Newest price of the result; null where nobody has seen one. */
  sellPrice: number | null;
  /** What is left of it after tax and fees. */
  netPrice: number | null;
  /** netPrice - cost. */
  margin: number | null;
  /** The margin in percent of the cost. */
  roiPct: number | null;
}

export interface RankedRecipe {
  recipe: BookRecipe;
  profit: RecipeProfit;
}

export interface RecipeFilter {
  minLevel: number | null;
  maxLevel: number | null;
  jobId: number | null;
  /** Percent; recipes without a known return do not pass. */
  minRoiPct: number | null;
  /** Results that are meant; null = all. */
  resultItemIds: ReadonlySet<number> | null;
}

/** Where a page ended: key of its last row by {@link rankOf}, and the recipe's id. */
export type RankPlace = readonly [rank: number, recipeId: number];

/** @param price newest price of the result, undefined where nobody has seen one; 0 is none either */
export function profitOf(cost: RecipeCost, price: number | undefined, terms: TradeTerms): RecipeProfit {
  const sellPrice = price !== undefined && price > 0 ? price : null;
  const netPrice = sellPrice === null ? null : netOfSale(sellPrice, terms);
  const margin = netPrice === null || cost.cost === null ? null : netPrice - cost.cost;
  // Field by field: spread over thousands of recipes, it would take longer than pricing them.
  return {
    cost: cost.cost,
    knownCost: cost.knownCost,
    pricedRatio: cost.pricedRatio,
    sellPrice,
    netPrice,
    margin,
    roiPct: margin === null ? null : (margin / cost.cost!) * 100,
  };
}

/** Whether the recipe passes all that does not depend on prices; a recipe without a level passes no bound of levels. */
export function isWanted(recipe: BookRecipe, filter: RecipeFilter): boolean {
  const { minLevel, maxLevel, jobId, resultItemIds } = filter;
  return (
    (minLevel === null || (recipe.level !== null && recipe.level >= minLevel)) &&
    (maxLevel === null || (recipe.level !== null && recipe.level <= maxLevel)) &&
    (jobId === null || recipe.jobId === jobId) &&
    (resultItemIds === null || resultItemIds.has(recipe.resultItemId))
  );
}

/** Whether it passes the bound of returns, which prices decide. */
export function isWorthIt({ profit: { roiPct } }: RankedRecipe, { minRoiPct }: RecipeFilter): boolean {
  return minRoiPct === null || (roiPct !== null && roiPct >= minRoiPct);
}

/** What is priced as a whole and not sold comes behind all that is, and before what lacks a price. */
const UNSOLD = Number.MAX_VALUE;

/** The lower the further ahead: highest margin, return and level first, lowest cost first. Unknown: Infinity. */
export function rankOf({ recipe, profit }: RankedRecipe, sort: RecipeSort): number {
  if (sort === 'level') return recipe.level === null ? Infinity : -recipe.level;
  if (profit.cost === null) return Infinity;
  if (sort === 'cost') return profit.cost;
  const value = sort === 'margin' ? profit.margin : profit.roiPct;
  return value === null ? UNSOLD : -value;
}

/** At most `limit` recipes after a place in the order, ties by id. */
export function rankRecipes(
  recipes: readonly RankedRecipe[],
  sort: RecipeSort,
  limit: number,
  after?: RankPlace,
): RankedRecipe[] {
  return inRankOrder(recipes, (ranked) => rankOf(ranked, sort), limit, after);
}

/** The same by any rank. */
export function inRankOrder<Row extends { readonly recipe: BookRecipe }>(
  recipes: readonly Row[],
  rank: (row: Row) => number,
  limit: number,
  after?: RankPlace,
): Row[] {
  const ranks = Float64Array.from(recipes, rank);
  const compare = (index: number, place: number, recipeId: number): number => {
    if (ranks[index] === place) return recipes[index]!.recipe.id - recipeId; // Infinity - Infinity is no number
    return ranks[index]! < place ? -1 : 1;
  };
  return [...recipes.keys()]
    .filter((index) => after === undefined || compare(index, ...after) > 0)
    .sort((a, b) => compare(a, ranks[b]!, recipes[b]!.recipe.id))
    .slice(0, limit)
    .map((index) => recipes[index]!);
}
