// What goes well together, as the original product's evaluation has it: dhbrand/d2-ai-assistant (MIT, Copyright (c) 2024 Destiny 2 Catalyst
// Tracker), web_app/backend/weapons_agent_tools.py at cc7b79f. It is a small table of opinions; a wish list is a large one.
// Names are folded (name-likeness.ts): lower case, no punctuation, blanks for hyphens.

export interface PairSynergy {
  readonly perks: readonly [string, string];
  /** 9 or 10. */
  readonly score: number;
}

export const PAIR_SYNERGIES: readonly PairSynergy[] = [
  { perks: ['demolitionist', 'chill clip'], score: 10 },
  { perks: ['auto loading holster', 'explosive payload'], score: 9 },
  { perks: ['stats for all', 'one for all'], score: 9 },
  { perks: ['reconstruction', 'recombination'], score: 10 },
];

/** By type of weapon, then by perk; at most 2 each. */
export const ARCHETYPE_WEIGHTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'fusion rifle': { 'controlled burst': 2, kickstart: 2 },
  shotgun: { 'opening shot': 2, surplus: 1 },
  'scout rifle': { 'explosive payload': 2, firefly: 1 },
};

export const ROLL_CONTEXTS = ['pve_solo', 'pve_group', 'pvp'] as const;
export type RollContext = (typeof ROLL_CONTEXTS)[number];

/** Perks in the third column that are worth one more in a context. */
export const CONTEXT_PERKS: Readonly<Record<RollContext, readonly string[]>> = {
  pve_solo: ['wellspring', 'heal clip'],
  pve_group: [],
  pvp: ['rangefinder', 'opening shot'],
};

export const TIERS = ['S', 'A', 'B', 'C'] as const;
export type Tier = (typeof TIERS)[number];

/** The lowest score of each tier. */
export const TIER_SCORES: Readonly<Record<Tier, number>> = { S: 9, A: 7, B: 5, C: 0 };
