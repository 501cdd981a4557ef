export class CompatBankCraftDto {
  recipe_id: number;
  result_item_id: number;
  result_item_name: string;
  result_item_icon: string | null;
  /** The game's own id; null for a custom recipe of no job. */
  job_id: number | null;
  job_name: string | null;
  job_icon_id: number | null;
  level: number | null;
  total_ingredients: number;
  /** Of which the bank holds enough for one craft. */
  owned_ingredients: number;
  missing_ingredients: number;
  /** Percent, one decimal. */
  completeness_pct: number;
  /** Crafts for which the bank alone suffices, were it used for nothing else. */
  max_craftable: number;
  /** Of one craft, as the next two; what has no price counts as nothing. */
  owned_value: number;
  missing_cost: number;
  total_craft_cost: number;
  /** Newest price of the result; 0 while nobody has seen one. */
  sell_price: number;
  /** Against the total cost. */
  margin: number;
  /** Percent of the total cost, two decimals; 0 where that is 0. */
  roi: number;
  /** ISO-8601 with `+00:00`. */
  result_item_last_update: string | null;
}

export class CompatBankIngredientDto {
  item_id: number;
  name: string;
  icon_url: string | null;
  required_quantity: number;
  owned_quantity: number;
  missing_quantity: number;
  /** 0 while nobody has seen one. */
  unit_price: number;
  owned_value: number;
  missing_cost: number;
  status: 'complete' | 'partial' | 'missing';
  /** Recipe of the ingredient, null where there is none. */
  ingredient_recipe_id: number | null;
}
