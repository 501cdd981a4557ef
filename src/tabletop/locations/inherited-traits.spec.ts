import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inheritTraits, LIGHTS, type PlaceTraits, type TraitSource } from './inherited-traits.js';

const LIST = fc.option(
  fc.record({
    items: fc.array(fc.constantFrom('bells', 'wind', 'rats'), { maxLength: 3 }),
    isAdded: fc.boolean(),
  }),
);
const TRAITS: fc.Arbitrary<PlaceTraits> = fc.record(
  {
    weather: fc.option(fc.constantFrom('rain', 'fog')),
    light: fc.option(fc.constantFrom(...LIGHTS)),
    sounds: LIST,
  },
  { requiredKeys: [] },
);
/** From the inside out. */
const SOURCES = fc
  .array(TRAITS, { maxLength: 6 })
  .map((all) => all.map((traits, index): TraitSource => ({ id: `p${index}`, traits })));

/** From the outside in, each place changing what it found. */
function naive(sources: readonly TraitSource[]): { weather: string | null; sounds: string[] } {
  let weather: string | null = null;
  let sounds: string[] = [];
  for (const { traits } of sources.toReversed()) {
    if (traits.weather !== undefined) weather = traits.weather;
    if (traits.sounds === undefined) continue;
    if (traits.sounds === null) sounds = [];
    else sounds = [...new Set([...traits.sounds.items, ...(traits.sounds.isAdded ? sounds : [])])];
  }
  return { weather, sounds };
}

describe('inherited traits', () => {
  it('are what walking in from outside finds', () => {
    fc.assert(
      fc.property(SOURCES, (sources) => {
        const { values, lists } = inheritTraits(sources);
        const expected = naive(sources);
        expect(values.weather?.value ?? null).toBe(expected.weather);
        expect(lists.sounds.map(({ value }) => value)).toEqual(expected.sounds);
      }),
    );
  });

  it('name the place that said so', () => {
    fc.assert(
      fc.property(SOURCES, (sources) => {
        const { values, lists } = inheritTraits(sources);
        const traitsOf = (id: string) => sources.find((source) => source.id === id)!.traits;
        for (const [field, { value, fromId }] of Object.entries(values))
          expect(traitsOf(fromId)[field as 'weather']).toBe(value);
        for (const { value, fromId } of lists.sounds) expect(traitsOf(fromId).sounds!.items).toContain(value);
      }),
    );
  });

  it('of a place without a field are those around it, unless it says that there are none', () => {
    const outside = {
      id: 'city',
      traits: { light: 'dim', sounds: { items: ['bells'], isAdded: false } },
    } as const;
    expect(inheritTraits([{ id: 'inn', traits: {} }, outside]).values.light).toEqual({
      value: 'dim',
      fromId: 'city',
    });
    const silent = inheritTraits([{ id: 'crypt', traits: { light: null, sounds: null } }, outside]);
    expect(silent.values).toEqual({});
    expect(silent.lists.sounds).toEqual([]);
    const louder = { id: 'inn', traits: { sounds: { items: ['songs'], isAdded: true } } };
    expect(inheritTraits([louder, outside]).lists.sounds).toEqual([
      { value: 'songs', fromId: 'inn' },
      { value: 'bells', fromId: 'city' },
    ]);
  });
});
