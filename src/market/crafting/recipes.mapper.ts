import { iconUrl } from '../icons/market-icon.js';
import { STANDARD_XP_RATIO } from './craft-xp.js';
import type { BankCraftDto } from './bank-crafts.dto.js';
import type { PricedBankCraft } from './bank-crafts.js';
import type { TreeItem } from './craft-tree.js';
import type { RecipeCosts } from './crafting.service.js';
import type { BookRecipe, RecipeBook } from './recipe-book.js';
import type { RankedRecipe } from './recipe-ranking.js';
import type { JobRow, RecipeItemRow } from './recipes.repository.js';
import type {
  CraftJobDto,
  PricedRecipeDto,
  RecipeHeadDto,
  RecipeUseDto,
  RecipeWithIngredientsDto,
  TreeItemDto,
} from './recipes.dto.js';

export type ItemNames = ReadonlyMap<number, RecipeItemRow>;

export function toCraftJobDto({ id, externalId, name, iconId }: JobRow): CraftJobDto {
  return { id, externalId, name, iconId };
}

function toRecipeHeadDto(recipe: BookRecipe, book: RecipeBook, names: ItemNames): RecipeHeadDto {
  return {
    id: recipe.id,
    itemId: recipe.resultItemId,
    ...nameOf(recipe.resultItemId, names),
    jobId: recipe.jobId,
    level: recipe.level,
    isCustom: recipe.isCustom,
    isCyclic: book.cyclic.has(recipe.id),
  };
}

export function toRecipeDto(
  recipe: BookRecipe,
  book: RecipeBook,
  names: ItemNames,
): RecipeWithIngredientsDto {
  const ratio = names.get(recipe.resultItemId)?.craftXpRatio ?? 0;
  return {
    ...toRecipeHeadDto(recipe, book, names),
    xpRatioPct: ratio > 0 ? ratio : STANDARD_XP_RATIO,
    ingredients: recipe.ingredients.map(({ itemId, quantity }) => ({
      itemId,
      ...nameOf(itemId, names),
      quantity,
      recipeId: book.byResult.get(itemId)?.id ?? null,
    })),
  };
}

export function toRecipeUseDto(
  recipe: BookRecipe,
  itemId: number,
  book: RecipeBook,
  names: ItemNames,
): RecipeUseDto {
  const use = recipe.ingredients.find((ingredient) => ingredient.itemId === itemId)!;
  return { ...toRecipeHeadDto(recipe, book, names), quantity: use.quantity };
}

export function toPricedRecipeDto(
  { recipe, profit }: RankedRecipe,
  { book, prices }: RecipeCosts,
  names: ItemNames,
): PricedRecipeDto {
  const oldestMs = recipe.ingredients.reduce(
    (oldest, { itemId }) => Math.min(oldest, prices.get(itemId)?.atMs ?? Infinity),
    Infinity,
  );
  return {
    ...toRecipeHeadDto(recipe, book, names),
    cost: profit.cost,
    knownCost: profit.knownCost,
    ingredientCount: recipe.ingredients.length,
    pricedRatio: profit.pricedRatio,
    sellPrice: profit.sellPrice,
    netPrice: profit.netPrice,
    margin: profit.margin,
    roiPct: profit.roiPct,
    sellPriceAt: instantOf(prices.get(recipe.resultItemId)?.atMs ?? Infinity),
    oldestPriceAt: instantOf(oldestMs),
  };
}

export function toBankCraftDto(craft: PricedBankCraft, book: RecipeBook, names: ItemNames): BankCraftDto {
  const { recipe, profit } = craft;
  return {
    ...toRecipeHeadDto(recipe, book, names),
    ingredientCount: recipe.ingredients.length,
    ownedCount: craft.ownedCount,
    missingCount: craft.missingCount,
    maxCraftable: craft.maxCraftable,
    ownedValue: craft.ownedValue,
    missingCost: craft.missingCost,
    cost: profit.cost,
    knownCost: profit.knownCost,
    pricedRatio: profit.pricedRatio,
    sellPrice: profit.sellPrice,
    netPrice: profit.netPrice,
    margin: profit.margin,
    roiPct: profit.roiPct,
  };
}

export function toTreeItemDto(item: TreeItem, unitPrice: number | undefined, names: ItemNames): TreeItemDto {
  return {
    itemId: item.itemId,
    ...nameOf(item.itemId, names),
    needed: item.needed,
    fromStock: item.fromStock,
    bought: item.bought,
    crafted: item.crafted,
    missing: item.missing,
    unitPrice: unitPrice !== undefined && unitPrice > 0 ? unitPrice : null,
    recipeId: item.recipe?.id ?? null,
    ingredients: (item.recipe?.ingredients ?? []).map(({ itemId, quantity }) => ({ itemId, quantity })),
  };
}

function nameOf(itemId: number, names: ItemNames): { label: string; iconUrl: string | null } {
  const item = names.get(itemId);
  return { label: item?.label ?? `#${itemId}`, iconUrl: iconUrl(item?.iconId ?? null) };
}

function instantOf(atMs: number): string | null {
  return Number.isFinite(atMs) ? new Date(atMs).toISOString() : null;
}
