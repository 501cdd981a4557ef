// What a plan for levelling a job is: which recipes to craft, how often, from which level to which. Costs are in the game's
// coin, experience in the game's points (craft-xp.ts says how many a level takes).

export interface LevelingIngredient {
  itemId: number;
  /** Pieces for one craft. */
  quantity: number;
  /** For one piece; null when nobody knows it. */
  price: number | null;
}

export interface LevelingRecipe {
  recipeId: number;
  /** Level of the job that it takes. */
  level: number;
  /** Of one craft; null when an ingredient has no price. */
  cost: number | null;
  ingredients: readonly LevelingIngredient[];
}

/** Points that one craft gives at a level of the job; whole, 0 for none. */
export type XpOfCraft<Recipe extends LevelingRecipe = LevelingRecipe> = (
  recipe: Recipe,
  jobLevel: number,
) => number;

/** A book of recipes to choose from, and the way up. */
export interface LevelingTask<Recipe extends LevelingRecipe = LevelingRecipe> {
  recipes: readonly Recipe[];
  xpOfCraft: XpOfCraft<Recipe>;
  fromLevel: number;
  /** Above `fromLevel`. */
  toLevel: number;
}

/** One recipe crafted again and again. */
export interface LevelingStep<Recipe extends LevelingRecipe = LevelingRecipe> {
  recipe: Recipe;
  /** Level of the job at the first craft. */
  startLevel: number;
  /** The level that the last craft reaches, or the next one when it ends on the way there. */
  endLevel: number;
  quantity: number;
  /** At the first craft; it falls with every level. */
  xpPerCraft: number;
  /** Scarcity included. */
  totalCost: number;
  totalXp: number;
}

export interface LevelingPlan<Recipe extends LevelingRecipe = LevelingRecipe> {
  steps: LevelingStep<Recipe>[];
  totalCost: number;
  /** The level that was asked for, or the one at which no recipe is left that has a price and gives anything. */
  reachedLevel: number;
}

/**
 * Whether a recipe can be crafted at all. A price of nothing is no price, as in the original: what it costs is not known then.
 */
export function hasCost<Recipe extends LevelingRecipe>(recipe: Recipe): recipe is Recipe & { cost: number } {
  return recipe.cost !== null && recipe.cost > 0;
}

/** Joins a run of crafts to the last step where it is the same recipe's, or makes it the next one. */
export function addRun<Recipe extends LevelingRecipe>(
  steps: LevelingStep<Recipe>[],
  run: LevelingStep<Recipe>,
): void {
  const last = steps.at(-1);
  if (last?.recipe.recipeId !== run.recipe.recipeId) {
    steps.push(run);
    return;
  }
  last.endLevel = run.endLevel;
  last.quantity += run.quantity;
  last.totalCost += run.totalCost;
  last.totalXp += run.totalXp;
}

export function planOf<Recipe extends LevelingRecipe>(
  steps: LevelingStep<Recipe>[],
  reachedLevel: number,
): LevelingPlan<Recipe> {
  return { steps, totalCost: steps.reduce((sum, step) => sum + step.totalCost, 0), reachedLevel };
}
