import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { thingsOf } from './imported-things.js';
import type { Json, JsonObject } from './three-way-merge.js';

const stateWith = (inventory: Json): JsonObject => ({ sheet: { custom: { imported: { inventory } } } });
const ROPE = {
  id: 'item-1',
  name: 'Rope',
  quantity: 2,
  weightLb: 10,
  isEquipped: false,
  description: 'Hemp.',
};

describe('things of an imported sheet', () => {
  it('are what an inventory holds of them', () => {
    expect(thingsOf(stateWith([ROPE]))).toEqual([
      { id: 'item-1', name: 'Rope', quantity: 2, isEquipped: false, weightLb: 10, notes: 'Hemp.' },
    ]);
  });

  it.each<[string, Json, number]>([
    ['nobody has any of', { ...ROPE, quantity: 0 }, 0],
    ['have no id', { ...ROPE, id: '' }, 0],
    ['are no things', 'rope', 0],
    ['do not say how many', { ...ROPE, quantity: null }, 1],
    ['weigh less than nothing', { ...ROPE, weightLb: -1 }, 1],
  ])('that %s', (_what, thing, count) => {
    expect(thingsOf(stateWith([thing, thing]))).toHaveLength(count);
  });

  it('of any shape whatsoever are none or such as can be stored, each once', () => {
    const thing = fc.record(
      {
        id: fc.oneof(fc.constantFrom('a', 'b'), fc.jsonValue()),
        name: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
        quantity: fc.oneof(fc.double(), fc.jsonValue()),
        weightLb: fc.oneof(fc.double(), fc.jsonValue()),
        description: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(thing), fc.jsonValue()), (inventory) => {
        const things = thingsOf(stateWith(inventory));
        expect(new Set(things.map(({ id }) => id)).size).toBe(things.length);
        for (const { name, quantity, weightLb, notes } of things) {
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThanOrEqual(200);
          expect(name.isWellFormed() && notes.isWellFormed()).toBe(true);
          expect(Number.isInteger(quantity) && quantity >= 1 && quantity <= 1_000_000).toBe(true);
          expect(weightLb === null || (weightLb >= 0 && weightLb <= 1_000_000)).toBe(true);
        }
      }),
    );
    expect(thingsOf({})).toEqual([]);
  });
});
