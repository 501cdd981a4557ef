/** What costs can be told by. */
export const COST_GROUPS = ['chapter', 'agent', 'model', 'pair', 'release'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];
