/** What costs can be told by. */
export const COST_GROUPS = ['chapter', 'agent', 'model', 'pair', 'release'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** What the cost of unfinished stories can be told by. */
export const WASTE_GROUPS = ['chapter', 'pair', 'release'] as const;
export type WasteGroup = (typeof WASTE_GROUPS)[number];
