/** What a timeline tells: evenings, what happens in the world, what threads reached, what was planted and paid off (to masters), who was where. */
export const TIMELINE_KINDS = ['session', 'event', 'milestone', 'planted', 'pay-off', 'visit'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** By the days of the world, or by ours. */
export const TIMELINE_ORDERS = ['world', 'real'] as const;
export type TimelineOrder = (typeof TIMELINE_ORDERS)[number];
