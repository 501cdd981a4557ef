import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { modelCosts, type ModelUse } from './model-costs.js';

const use: fc.Arbitrary<Omit<ModelUse, 'id'>> = fc.record({
  type: fc.constantFrom('GENERATION', 'SPAN'),
  model: fc.constantFrom('small', 'large', null),
  costUsd: fc.option(fc.nat(80).map((eighths) => eighths / 8)),
  totalTokens: fc.nat(100),
});
const uses = fc
  .array(use, { maxLength: 12 })
  .map((given) => given.map((one, index): ModelUse => ({ ...one, id: `s${index}` })));

describe('costs by model', () => {
  it('add up to the whole, whatever it says, and are the same in any order of the steps', () => {
    const whole = fc.record({ costUsd: fc.nat(800).map((n) => n / 8), totalTokens: fc.nat(900) });
    fc.assert(
      fc.property(uses, whole, (steps, all) => {
        const costs = modelCosts(steps, steps.slice(1), all);
        expect(costs.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBeCloseTo(all.costUsd, 9);
        expect(costs.reduce((sum, { totalTokens }) => sum + totalTokens, 0)).toBe(all.totalTokens);
        expect(new Set(costs.map(({ model }) => model)).size).toBe(costs.length);
        expect(modelCosts([...steps].reverse(), steps.slice(1).reverse(), all)).toEqual(costs);
      }),
    );
  });

  it('are those of the generations; the rest has no model', () => {
    const step = (id: string, model: string | null, costUsd: number): ModelUse => {
      return { id, type: 'GENERATION', model, costUsd, totalTokens: 10 };
    };
    const steps = [step('a', 'small', 1), step('b', 'large', 2), step('c', 'small', 0.5)];
    expect(modelCosts(steps, steps, { costUsd: 4, totalTokens: 30 })).toEqual([
      { model: 'large', count: 1, costUsd: 2, totalTokens: 10 },
      { model: 'small', count: 2, costUsd: 1.5, totalTokens: 20 },
      { model: null, count: 0, costUsd: 0.5, totalTokens: 0 },
    ]);
  });
});
