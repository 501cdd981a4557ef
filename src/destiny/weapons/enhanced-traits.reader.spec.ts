import { describe, expect, it } from '@jest/globals';
import { destinyFactsFolder, readDestinyFacts } from '../../../test/support/destiny-facts.js';
import { readEnhancedTraits } from './enhanced-traits.reader.js';

describe('enhanced traits', () => {
  const traits = readEnhancedTraits();

  it('have one base each, which is enhanced by no other and enhances nothing', () => {
    expect(traits.size).toBe(425);
    expect(new Set(traits.values()).size).toBe(425);
    expect([...traits.values()].filter((base) => traits.has(base))).toEqual([]);
  });

  (destinyFactsFolder === undefined ? it.skip : it)('are those of their source (needs recorded data)', () => {
    const pairs = Object.entries(
      JSON.parse(readDestinyFacts('trait_to_enhanced_trait.json')) as Record<string, number>,
    );
    expect(new Map(pairs.map(([base, enhanced]) => [enhanced, Number(base)]))).toEqual(traits);
  });
});
