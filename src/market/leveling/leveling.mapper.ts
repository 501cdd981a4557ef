import { iconUrl } from '../icons/market-icon.js';
import type {
  LevelingIngredientDto,
  LevelingPlanDto,
  LevelingPlanQueryDto,
  LevelingStepDto,
} from './leveling.dto.js';
import type { LevelingIngredient, LevelingStep } from './leveling-plan.js';
import type { JobRecipe, LevelingAnswer } from './leveling.service.js';

type Items = LevelingAnswer['items'];

export function toLevelingPlanDto(
  server: string,
  query: LevelingPlanQueryDto,
  { plan, recipeCount, pricedCount, items }: LevelingAnswer,
): LevelingPlanDto {
  return {
    server,
    jobId: query.jobId,
    method: query.method,
    priceMode: query.priceMode,
    fromLevel: query.fromLevel,
    toLevel: query.toLevel,
    reachedLevel: plan.reachedLevel,
    totalCost: plan.totalCost,
    recipeCount,
    pricedRecipeCount: pricedCount,
    steps: plan.steps.map((step) => toStepDto(step, items)),
  };
}

function toStepDto(step: LevelingStep<JobRecipe>, items: Items): LevelingStepDto {
  const { recipe } = step;
  return {
    startLevel: step.startLevel,
    endLevel: step.endLevel,
    recipeId: recipe.recipeId,
    recipeLevel: recipe.level,
    itemId: recipe.resultItemId,
    label: items.get(recipe.resultItemId)?.label ?? '',
    iconUrl: iconUrl(items.get(recipe.resultItemId)?.iconId ?? null),
    quantity: step.quantity,
    xpPerCraft: step.xpPerCraft,
    costPerCraft: recipe.cost ?? 0,
    totalCost: step.totalCost,
    totalXp: step.totalXp,
    ingredients: recipe.ingredients.map((ingredient) => toIngredientDto(ingredient, items)),
  };
}

function toIngredientDto(
  { itemId, quantity, price }: LevelingIngredient,
  items: Items,
): LevelingIngredientDto {
  return {
    itemId,
    label: items.get(itemId)?.label ?? '',
    iconUrl: iconUrl(items.get(itemId)?.iconId ?? null),
    quantity,
    unitCost: price ?? 0,
  };
}
