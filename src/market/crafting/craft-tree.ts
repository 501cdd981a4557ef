import type { BookRecipe, Ingredient, RecipeBook } from './recipe-book.js';
import type { CostTable } from './recipe-costs.js';

// What it takes to craft so many of something: every item once, with all that is needed of it on whatever way, since one item may be
// needed on several. From the end towards the beginning of the book's order all needs of an item are known when its turn comes;
// then stock covers what it can, so nothing is used twice, and the rest is had in the way of the table: bought, or crafted,
// which needs other items. How an item is had does not look at the stock: the plan over a whole bank does that better.
//
// The recipe that is asked for is crafted in any case, also where its result is in stock. One on a cycle takes bought things only.

/** Quantities are whole; needed = fromStock + bought + crafted + missing. */
export interface TreeItem {
  itemId: number;
  needed: number;
  fromStock: number;
  bought: number;
  crafted: number;
  /** Neither sold nor to be crafted as a whole. */
  missing: number;
  /** Recipe that it is crafted by; null where nothing is. */
  recipe: BookRecipe | null;
}

export interface CraftTree {
  /** The result first, then what it takes, each after what needs it. */
  items: TreeItem[];
  /** What is bought; null where something is missing. */
  cost: number | null;
  /** What is bought, whether something is missing or not. */
  knownCost: number;
  /** Kinds of items that are bought among those that are bought or missing, 0 to 1. */
  pricedRatio: number;
  /** Stock that is left. */
  leftovers: Ingredient[];
}

export interface TreeOrder {
  /** Crafts of the recipe. */
  quantity: number;
  /** Units at hand by item. */
  stock: ReadonlyMap<number, number>;
}

/**
 * @param priceOf newest price of one unit
 * @returns null where something would be needed in a number that numbers do not hold exactly
 */
export function craftTree(
  book: RecipeBook,
  table: CostTable,
  priceOf: (itemId: number) => number | undefined,
  root: BookRecipe,
  { quantity, stock }: TreeOrder,
): CraftTree | null {
  const recipeOf = (itemId: number): BookRecipe | null =>
    !book.cyclic.has(root.id) && table.supplyOf(itemId)?.from === 'craft' ? book.byResult.get(itemId)! : null;
  const needs = new Map<number, number>();
  const left = new Map(stock);
  const need = ({ ingredients }: BookRecipe, crafts: number): void => {
    for (const { itemId, quantity: each } of ingredients)
      needs.set(itemId, (needs.get(itemId) ?? 0) + each * crafts);
  };
  const items: TreeItem[] = [
    {
      itemId: root.resultItemId,
      needed: quantity,
      fromStock: 0,
      bought: 0,
      crafted: quantity,
      missing: 0,
      recipe: root,
    },
  ];
  need(root, quantity);
  for (const itemId of inOrderOfNeed(book, root, recipeOf)) {
    const needed = needs.get(itemId) ?? 0;
    if (needed > Number.MAX_SAFE_INTEGER) return null;
    if (needed === 0) continue;
    const fromStock = Math.min(needed, left.get(itemId) ?? 0);
    left.set(itemId, (left.get(itemId) ?? 0) - fromStock);
    const rest = needed - fromStock;
    const recipe = rest > 0 ? recipeOf(itemId) : null;
    const isSold = (priceOf(itemId) ?? 0) > 0;
    if (recipe) need(recipe, rest);
    items.push({
      itemId,
      needed,
      fromStock,
      bought: recipe || !isSold ? 0 : rest,
      crafted: recipe ? rest : 0,
      missing: recipe || isSold ? 0 : rest,
      recipe,
    });
  }
  return { items, ...costOf(items, priceOf), leftovers: leftoversOf(left) };
}

/** All items that may be needed, each after everything that may need it. */
function inOrderOfNeed(
  book: RecipeBook,
  root: BookRecipe,
  recipeOf: (itemId: number) => BookRecipe | null,
): number[] {
  const reached = new Set<number>();
  const open = [root];
  for (let recipe = open.pop(); recipe !== undefined; recipe = open.pop())
    for (const { itemId } of recipe.ingredients) {
      if (reached.has(itemId)) continue;
      reached.add(itemId);
      const below = recipeOf(itemId);
      if (below) open.push(below);
    }
  const crafted = book.recipes.filter((recipe) => reached.has(recipe.resultItemId)).reverse();
  const made = crafted.map(({ resultItemId }) => resultItemId).filter((itemId) => recipeOf(itemId) !== null);
  const isMade = new Set(made);
  return [...made, ...[...reached].filter((itemId) => !isMade.has(itemId))];
}

function costOf(
  items: readonly TreeItem[],
  priceOf: (itemId: number) => number | undefined,
): Pick<CraftTree, 'cost' | 'knownCost' | 'pricedRatio'> {
  const bought = items.filter((item) => item.bought > 0);
  const missingCount = items.filter((item) => item.missing > 0).length;
  const knownCost = bought.reduce((sum, { itemId, bought: units }) => sum + units * priceOf(itemId)!, 0);
  const kinds = bought.length + missingCount;
  const isKnown = missingCount === 0 && items[0]!.recipe!.ingredients.length > 0;
  return {
    cost: isKnown ? knownCost : null,
    knownCost,
    pricedRatio: kinds === 0 ? Number(isKnown) : bought.length / kinds,
  };
}

function leftoversOf(left: ReadonlyMap<number, number>): Ingredient[] {
  return [...left].filter(([, units]) => units > 0).map(([itemId, units]) => ({ itemId, quantity: units }));
}
