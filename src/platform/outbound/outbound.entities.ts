import { OutboundBudgetEntity } from './outbound-budget.entity.js';

/** Tables of this room. */
export const OUTBOUND_ENTITIES = [OutboundBudgetEntity] as const;
