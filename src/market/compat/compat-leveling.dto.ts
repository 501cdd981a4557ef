export class CompatLevelingIngredientDto {
  id: number;
  name: string;
  imgUrl: string | null;
  /** Pieces for one craft. */
  quantity: number;
  /** Kamas for one piece. */
  price: number;
}

export class CompatLevelingStepDto {
  startLevel: number;
  endLevel: number;
  recipeId: number;
  recipeName: string;
  recipeLevel: number;
  /** Crafts. */
  quantity: number;
  /** Points of the first craft. */
  xpPerCraft: number;
  costPerCraft: number;
  /** Kamas, with what scarcity adds. */
  totalCost: number;
  /** Points that the step gives of the levels it covers. */
  totalXp: number;
  imgUrl: string | null;
  ingredients: CompatLevelingIngredientDto[];
}

export class CompatLevelingPlanDto {
  jobId: number;
  fromLevel: number;
  /** The level that was asked for, or the one from which no recipe with a price leads on. */
  toLevel: number;
  totalCost: number;
  steps: CompatLevelingStepDto[];
}
