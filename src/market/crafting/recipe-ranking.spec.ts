import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_TERMS } from '../terms/trade-terms.js';
import type { BookRecipe } from './recipe-book.js';
import {
  isWanted,
  profitOf,
  type RankedRecipe,
  type RankPlace,
  rankOf,
  rankRecipes,
  RECIPE_SORTS,
} from './recipe-ranking.js';

const price = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined });
const level = fc.option(fc.integer({ min: 1, max: 5 }));
const ranked = fc
  .array(fc.record({ price, level, cost: fc.option(fc.integer({ min: 1, max: 20 })) }), { maxLength: 20 })
  .map((rows) =>
    rows.map(({ price: sold, level: at, cost }, index): RankedRecipe => ({
      recipe: {
        id: index + 1,
        resultItemId: index + 1,
        jobId: null,
        level: at,
        isCustom: false,
        ingredients: [],
      },
      profit: profitOf({ cost, knownCost: cost ?? 3, pricedRatio: cost === null ? 0.5 : 1 }, sold, NO_TERMS),
    })),
  );
const sorts = fc.constantFrom(...RECIPE_SORTS);

describe('the profit of a recipe', () => {
  const cost = { cost: 100, knownCost: 100, pricedRatio: 1 };

  it('is what the seller keeps, less the cost', () => {
    expect(profitOf(cost, 200, { saleTaxPct: 2, listingFeePct: 1 })).toEqual({
      ...cost,
      sellPrice: 200,
      netPrice: 194,
      margin: 94,
      roiPct: 94,
    });
  });

  it.each([
    [cost, undefined, { sellPrice: null, netPrice: null, margin: null, roiPct: null }],
    [cost, 0, { sellPrice: null, netPrice: null, margin: null, roiPct: null }],
    [{ cost: null, knownCost: 5, pricedRatio: 0.5 }, 200, { sellPrice: 200, margin: null, roiPct: null }],
  ])('is unknown where a price is: %j, %p', (of, sold, expected) => {
    expect(profitOf(of, sold, NO_TERMS)).toMatchObject(expected);
  });
});

describe('ranked recipes', () => {
  it('come page by page in one order, each once, the unknown last', () => {
    fc.assert(
      fc.property(ranked, sorts, fc.integer({ min: 1, max: 7 }), (recipes, sort, limit) => {
        const paged: RankedRecipe[] = [];
        for (let after: RankPlace | undefined; ;) {
          const page = rankRecipes(recipes, sort, limit, after);
          paged.push(...page);
          const last = page.at(-1);
          if (!last) break;
          after = [rankOf(last, sort), last.recipe.id];
        }
        expect(paged.map(({ recipe }) => recipe.id).sort((a, b) => a - b)).toEqual(
          recipes.map(({ recipe }) => recipe.id),
        );
        const ranks = paged.map((row) => rankOf(row, sort));
        expect(ranks).toEqual([...ranks].sort((a, b) => (a < b ? -1 : Number(a > b))));
        const isUnpriced = paged.map(({ profit }) => profit.cost === null);
        if (sort !== 'level') expect(isUnpriced.lastIndexOf(false)).toBeLessThan(firstOf(isUnpriced));
      }),
    );
    function firstOf(isUnpriced: boolean[]): number {
      const first = isUnpriced.indexOf(true);
      return first === -1 ? Infinity : first;
    }
  });
});

describe('the filter', () => {
  const none = { minLevel: null, maxLevel: null, jobId: null, minRoiPct: null, resultItemIds: null };
  const recipe: BookRecipe = {
    id: 1,
    resultItemId: 7,
    jobId: 3,
    level: 20,
    isCustom: false,
    ingredients: [],
  };

  it.each([
    [none, true],
    [{ ...none, minLevel: 20, maxLevel: 20 }, true],
    [{ ...none, minLevel: 21 }, false],
    [{ ...none, maxLevel: 19 }, false],
    [{ ...none, jobId: 3 }, true],
    [{ ...none, jobId: 4 }, false],
    [{ ...none, resultItemIds: new Set([7]) }, true],
    [{ ...none, resultItemIds: new Set<number>() }, false],
  ])('%j lets a recipe through: %p', (filter, expected) => {
    expect(isWanted(recipe, filter)).toBe(expected);
  });

  it('with a bound of levels holds back what has none', () => {
    const custom = { ...recipe, level: null, jobId: null };
    expect([isWanted(custom, none), isWanted(custom, { ...none, minLevel: 1 })]).toEqual([true, false]);
  });
});
