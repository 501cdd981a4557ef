import type { BankCraft, HeldIngredient } from '../crafting/bank-crafts.js';
import type { RecipeCosts } from '../crafting/crafting.service.js';
import { iconUrl } from '../icons/market-icon.js';
import type { CompatBankCraftDto, CompatBankIngredientDto } from './compat-bank-crafts.dto.js';
import { instantOf, nameOfJob, type RecipeNames } from './compat-recipes.mapper.js';

/** A craft with the original's profit, which takes a missing price for nothing. */
export interface RatedBankCraft extends BankCraft {
  sellPrice: number;
  margin: number;
  /** Not rounded: what is filtered and sorted by. */
  roi: number;
}

export function rateBankCraft(craft: BankCraft, sellPrice: number): RatedBankCraft {
  const margin = sellPrice - craft.craftCost;
  return { ...craft, sellPrice, margin, roi: craft.craftCost > 0 ? (margin / craft.craftCost) * 100 : 0 };
}

export function toCompatBankCraftDto(
  craft: RatedBankCraft,
  { prices }: RecipeCosts,
  { items, jobs, origin }: RecipeNames,
): CompatBankCraftDto {
  const { recipe } = craft;
  const result = items.get(recipe.resultItemId);
  const job = recipe.jobId === null ? undefined : jobs.get(recipe.jobId);
  return {
    recipe_id: recipe.id,
    result_item_id: recipe.resultItemId,
    result_item_name: result?.label ?? '',
    result_item_icon: iconUrl(result?.iconId ?? null, origin),
    job_id: job?.externalId ?? null,
    job_name: job ? nameOfJob(job) : null,
    job_icon_id: job?.iconId ?? null,
    level: recipe.level,
    total_ingredients: recipe.ingredients.length,
    owned_ingredients: craft.ownedCount,
    missing_ingredients: craft.missingCount,
    completeness_pct: rounded((craft.ownedCount / recipe.ingredients.length) * 100, 10),
    max_craftable: craft.maxCraftable,
    owned_value: craft.ownedValue,
    missing_cost: craft.missingCost,
    total_craft_cost: craft.craftCost,
    sell_price: craft.sellPrice,
    margin: craft.margin,
    roi: rounded(craft.roi, 100),
    result_item_last_update: instantOf(prices.get(recipe.resultItemId)?.atMs),
  };
}

export function toCompatBankIngredientDto(
  { itemId, quantity, heldQuantity, missingQuantity, price = 0 }: HeldIngredient,
  { book }: RecipeCosts,
  { items, origin }: RecipeNames,
): CompatBankIngredientDto {
  const item = items.get(itemId);
  return {
    item_id: itemId,
    name: item?.label ?? '',
    icon_url: iconUrl(item?.iconId ?? null, origin),
    required_quantity: quantity,
    owned_quantity: heldQuantity,
    missing_quantity: missingQuantity,
    unit_price: price,
    owned_value: (quantity - missingQuantity) * price,
    missing_cost: missingQuantity * price,
    status: missingQuantity === 0 ? 'complete' : heldQuantity > 0 ? 'partial' : 'missing',
    ingredient_recipe_id: book.byResult.get(itemId)?.id ?? null,
  };
}

/** Halves go away from zero, as the original's numbers do. */
function rounded(value: number, steps: number): number {
  return (Math.sign(value) * Math.round(Math.abs(value) * steps)) / steps;
}
