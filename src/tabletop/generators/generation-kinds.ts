export const GENERATION_ENGINES = ['rules', 'ai'] as const;
export type GenerationEngine = (typeof GENERATION_ENGINES)[number];

/** Who is meant to read what comes of a draft. */
export const AUDIENCES = ['gm', 'party'] as const;
export type Audience = (typeof AUDIENCES)[number];

export const GENERATION_STATES = ['pending', 'draft', 'accepted', 'discarded'] as const;
export type GenerationState = (typeof GENERATION_STATES)[number];
