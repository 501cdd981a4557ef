export class CompatJobDto {
  /** The game's own id. */
  id: number;
  name: string;
  icon_id: number | null;
  /** ISO-8601 with `+00:00`. */
  created_at: string;
}

export class CompatRecipeDto {
  recipe_id: number;
  result_item_id: number;
  result_item_name: string;
  result_item_icon: string | null;
  /** The game's own id; null for a custom recipe of no job. */
  job_id: number | null;
  job_name: string | null;
  job_icon_id: number | null;
  level: number | null;
  /** Sum over the ingredients that have a price. */
  craft_cost: number;
  /** Newest price of the result; 0 while nobody has seen one. */
  sell_price: number;
  margin: number;
  /** Percent of the cost; 0 where that is 0. */
  roi: number;
  ingredients_count: number;
  ingredients_with_price: number;
  /** ISO-8601 with `+00:00`. */
  result_item_last_update: string | null;
  /** Of the ingredient whose price is oldest. */
  ingredients_last_update: string | null;
  /** Percent. */
  craft_xp_ratio: number;
  /** With ingredients without a price at the cost of their own recipes. */
  estimated_craft_cost: number;
  estimated_margin: number;
  estimated_roi: number;
  has_estimation: boolean;
  estimation_incomplete: boolean;
}

export class CompatRecipeIngredientDto {
  item_id: number;
  name: string;
  icon_url: string | null;
  quantity: number;
  /** Newest price of one unit; 0 while nobody has seen one. */
  price: number;
  total_price: number;
  /** ISO-8601 with `+00:00`. */
  last_update: string | null;
  /** Recipe of the ingredient, null where there is none. */
  ingredient_recipe_id: number | null;
}

export class CompatRecipeDetailsDto extends CompatRecipeDto {
  ingredients: CompatRecipeIngredientDto[];
}

export class CompatRecipeUsageDto {
  recipe_id: number;
  result_item_id: number;
  result_item_name: string;
  result_item_icon: string | null;
  job_name: string | null;
  level: number | null;
  quantity_required: number;
  craft_cost: number;
  sell_price: number;
  margin: number;
  roi: number;
  /** Recipes that use the item, on all pages. */
  total_count: number;
}
