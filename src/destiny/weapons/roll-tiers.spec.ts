import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldName } from './name-likeness.js';
import {
  ARCHETYPE_WEIGHTS,
  CONTEXT_PERKS,
  PAIR_SYNERGIES,
  ROLL_CONTEXTS,
  TIER_SCORES,
  TIERS,
} from './roll-synergies.js';
import { rateRoll, tierOf } from './roll-tiers.js';

const PERKS = [
  ...PAIR_SYNERGIES.flatMap(({ perks }) => perks),
  ...Object.values(ARCHETYPE_WEIGHTS).flatMap((weights) => Object.keys(weights)),
  ...Object.values(CONTEXT_PERKS).flat(),
];
const perk = fc.oneof(fc.constantFrom(...PERKS), fc.constantFrom('constructor', 'toString', '__proto__', ''));
const archetype = fc.constantFrom(...Object.keys(ARCHETYPE_WEIGHTS), 'Trace Rifle', 'hasOwnProperty', '');
const roll = fc.record({ archetype, column3: perk, column4: perk });
const context = fc.constantFrom(...ROLL_CONTEXTS);

describe('the table of synergies', () => {
  it('keeps to the bounds of the rule, with folded names', () => {
    for (const { perks, score } of PAIR_SYNERGIES) {
      expect([9, 10]).toContain(score);
      expect(perks.map(foldName)).toEqual(perks);
    }
    for (const weights of Object.values(ARCHETYPE_WEIGHTS))
      for (const [name, weight] of Object.entries(weights)) {
        expect(weight).toBeGreaterThan(0);
        expect(weight).toBeLessThanOrEqual(2);
        expect(foldName(name)).toBe(name);
      }
    expect(Object.values(CONTEXT_PERKS).flat().map(foldName)).toEqual(Object.values(CONTEXT_PERKS).flat());
  });
});

describe('a roll', () => {
  // The answers of the original for the same questions.
  it.each([
    ['Fusion Rifle', 'Demolitionist', 'Chill Clip', 'pve_group', 10, 'S'],
    ['Scout Rifle', 'Auto-Loading Holster', 'Explosive Payload', 'pve_solo', 11, 'S'],
    ['Fusion Rifle', 'Kickstart', 'Controlled Burst', 'pvp', 4, 'C'],
    ['Shotgun', 'Opening Shot', 'Surplus', 'pvp', 4, 'C'],
    ['Hand Cannon', 'Heal Clip', 'Incandescent', 'pve_solo', 1, 'C'],
    ['Hand Cannon', 'Heal Clip', 'Incandescent', 'pvp', 0, 'C'],
    ['Rocket Launcher', 'Reconstruction', 'Recombination', 'pve_group', 10, 'S'],
    ['Auto Rifle', 'Stats for All', 'One for All', 'pvp', 9, 'S'],
  ] as const)(
    'of a %s with %s and %s for %s scores %i: %s',
    (archetype, column3, column4, where, score, tier) => {
      expect(rateRoll({ archetype, column3, column4 }, where)).toMatchObject({ score, tier });
    },
  );

  it('counts enhanced traits as their base, and either order of a pair', () => {
    const plain = rateRoll({ archetype: 'Bow', column3: 'Demolitionist', column4: 'Chill Clip' }, 'pvp');
    const enhanced = { archetype: 'Bow', column3: 'Demolitionist Enhanced', column4: 'Enhanced Chill Clip' };
    expect(rateRoll(enhanced, 'pvp')).toMatchObject({ score: plain.score, tier: plain.tier });
    const turned = { archetype: 'Bow', column3: 'Chill Clip', column4: 'Demolitionist' };
    expect(rateRoll(turned, 'pvp').score).toBe(plain.score);
  });

  it('scores the sum of its parts, each within its bounds', () => {
    fc.assert(
      fc.property(roll, context, (given, where) => {
        const { score, tier, synergy, archetypeWeight, contextBonus, explanation } = rateRoll(given, where);
        expect(score).toBe(synergy + archetypeWeight + contextBonus);
        expect([0, 9, 10]).toContain(synergy);
        expect(archetypeWeight).toBeLessThanOrEqual(4);
        expect([0, 1]).toContain(contextBonus);
        expect(tier).toBe(tierOf(score));
        if (synergy === 0) expect(['B', 'C']).toContain(tier);
        expect(explanation).toContain(String(score));
      }),
    );
  });
});

describe('tiers', () => {
  it('begin where the rule says and never fall with a higher score', () => {
    expect(Object.entries(TIER_SCORES)).toEqual([
      ['S', 9],
      ['A', 7],
      ['B', 5],
      ['C', 0],
    ]);
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (a, b) => {
        if (a >= b) expect(TIERS.indexOf(tierOf(a))).toBeLessThanOrEqual(TIERS.indexOf(tierOf(b)));
      }),
    );
    expect([15, 9, 8, 7, 6, 5, 4, 0].map(tierOf).join('')).toBe('SSAABBCC');
  });
});
