import { describe, expect, it } from '@jest/globals';
import { ratiosOf, xpRatioFileSchema, xpRatioPageSchema } from './xp-ratios.js';

describe('ratios of experience', () => {
  it('are those of items and of their types; what is not said stays as it is', () => {
    const items = xpRatioFileSchema.parse([
      { id: 1, craftXpRatio: 300, name: { fr: 'x' } },
      { id: 2, craftXpRatio: -1, type: { id: 9, craftXpRatio: 30 } },
      { id: 3 },
      { id: 4, craftXpRatio: 0, type: { craftXpRatio: 5 } },
      { id: 5, craftXpRatio: null, type: { id: 8 } },
      { id: 6, type: null },
      { id: 1, craftXpRatio: 200 },
    ]);
    const { items: own, types } = ratiosOf(items);
    expect([...own]).toEqual([
      [1, 200],
      [2, null],
      [4, 0],
      [5, null],
    ]);
    expect([...types]).toEqual([[9, 30]]);
  });

  it('come as a list or as a page', () => {
    expect(xpRatioFileSchema.parse({ data: [{ id: 1 }], total: 1 })).toEqual([{ id: 1 }]);
    expect(xpRatioPageSchema.parse({ total: 7, limit: 50, skip: 0, data: [] })).toEqual({
      total: 7,
      data: [],
    });
  });

  it.each([
    [{}],
    [[{ id: 0 }]],
    [[{ id: 1.5 }]],
    [[{ id: 1, craftXpRatio: '100' }]],
    [[{ id: 1, craftXpRatio: 1e9 }]],
    ['text'],
  ])('are refused as %j', (content) => {
    expect(xpRatioFileSchema.safeParse(content).success).toBe(false);
  });
});
