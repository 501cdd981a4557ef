import { foldName } from './name-likeness.js';
import {
  ARCHETYPE_WEIGHTS,
  CONTEXT_PERKS,
  PAIR_SYNERGIES,
  type RollContext,
  TIER_SCORES,
  type Tier,
  TIERS,
} from './roll-synergies.js';
import { withoutEnhanced } from './weapon-filters.js';

// A roll's tier by the original product's rule: a pair of traits that go together scores 9 or 10, each trait that suits the type of weapon
// up to 2, one that suits the context 1 more; S from 9 on, A from 7, B from 5, else C. Without a known pair nothing passes B: the tier
// says what the table knows, not what the roll is worth. Enhanced traits count as their base. Which column of the pair is which does not
// matter, except for the context, which looks at the third.

export interface RatedRoll {
  /** "Hand Cannon". */
  readonly archetype: string;
  /** Name of the trait in the third column. */
  readonly column3: string;
  /** And in the fourth. */
  readonly column4: string;
}

export interface RollTier {
  /** The parts' sum, 0 to 15. */
  readonly score: number;
  readonly tier: Tier;
  readonly synergy: number;
  readonly archetypeWeight: number;
  readonly contextBonus: number;
  /** English sentences. */
  readonly explanation: string;
}

export function rateRoll(roll: RatedRoll, context: RollContext): RollTier {
  const [third, fourth] = [perkOf(roll.column3), perkOf(roll.column4)];
  const synergy = synergyOf(third, fourth);
  const weights = ownOf(ARCHETYPE_WEIGHTS, foldName(roll.archetype)) ?? {};
  const archetypeWeight = (ownOf(weights, third) ?? 0) + (ownOf(weights, fourth) ?? 0);
  const contextBonus = CONTEXT_PERKS[context].includes(third) ? 1 : 0;
  const score = synergy + archetypeWeight + contextBonus;
  const tier = tierOf(score);
  const parts = { synergy, archetypeWeight, contextBonus };
  return { score, tier, ...parts, explanation: explain(roll, context, score, parts) };
}

export function tierOf(score: number): Tier {
  return TIERS.find((tier) => score >= TIER_SCORES[tier]) ?? 'C';
}

function perkOf(name: string): string {
  return withoutEnhanced(foldName(name));
}

function synergyOf(third: string, fourth: string): number {
  const pair = PAIR_SYNERGIES.find(
    ({ perks: [one, other] }) => (one === third && other === fourth) || (one === fourth && other === third),
  );
  return pair?.score ?? 0;
}

/** What people send may be called like something that every object has. */
function ownOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

const CONTEXT_NAMES: Readonly<Record<RollContext, string>> = {
  pve_solo: 'PvE solo',
  pve_group: 'PvE group',
  pvp: 'PvP',
};

function explain(
  { archetype, column3, column4 }: RatedRoll,
  context: RollContext,
  score: number,
  parts: Pick<RollTier, 'synergy' | 'archetypeWeight' | 'contextBonus'>,
): string {
  const perks = [column3, column4].filter((name) => name !== '').join(' + ') || 'No known trait';
  const sentences = [`${perks} on a ${archetype || 'weapon'} scores ${score} for ${CONTEXT_NAMES[context]}.`];
  if (parts.synergy > 0) sentences.push('The two traits go together very well.');
  if (parts.archetypeWeight > 0) sentences.push("Its traits match the weapon type's strengths.");
  if (parts.contextBonus > 0) sentences.push(`It is especially good for ${CONTEXT_NAMES[context]}.`);
  if (score === 0) sentences.push('It works, but nothing is known to stand out here.');
  return sentences.join(' ');
}
