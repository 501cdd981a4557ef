export class PlannedCraftDto {
  recipeId: number;
  /** A player has added the recipe. */
  isCustom: boolean;
  resultItemId: number;
  resultLabel: string;
  count: number;
}

export class PlannedItemDto {
  itemId: number;
  label: string;
  /** Taken from the stock. */
  fromStock: number;
  /** Made by the plan and used up by it. */
  fromCrafts: number;
  /** Made by the plan and sold; what has no price is kept. */
  sold: number;
  bought: number;
  /** Newest price of one unit on the server that is not flagged; null where nobody has seen one. */
  unitPrice: number | null;
}

export class CraftPlanDto {
  /** `optimal`: no plan of the candidates makes more, to a hundred-thousandth; `time-limit`: the best that was found in two seconds. */
  status: 'optimal' | 'time-limit';
  /** In an order in which they can be made. */
  crafts: PlannedCraftDto[];
  /** Everything that the crafts use or make. */
  items: PlannedItemDto[];
  /** What the sales bring after tax and fees. */
  revenue: number;
  /** What the purchases cost; at most the budget. */
  spent: number;
  /** What the stock that is used counts. */
  stockValue: number;
  /** Revenue without what was spent and what the stock counts. */
  profit: number;
  /** Recipes that were looked at, and those that were not since there are too many. */
  candidateCount: number;
  leftOutCount: number;
  saleTaxPct: number;
  listingFeePct: number;
}
