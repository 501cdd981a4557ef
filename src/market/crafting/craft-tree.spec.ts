import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { craftTree } from './craft-tree.js';
import { type BookRecipe, makeRecipeBook } from './recipe-book.js';
import { costTable, PRICE_MODES } from './recipe-costs.js';

/** Recipe `id` makes item `id`. */
const recipe = (id: number, quantities: Record<number, number>): BookRecipe => ({
  id,
  resultItemId: id,
  jobId: null,
  level: null,
  isCustom: false,
  ingredients: Object.entries(quantities).map(([itemId, quantity]) => ({ itemId: Number(itemId), quantity })),
});

const quantities = fc.dictionary(
  fc.integer({ min: 1, max: 12 }).map(String),
  fc.integer({ min: 1, max: 9 }),
  {
    minKeys: 1,
    maxKeys: 4,
  },
);
/** Recipes of items 1 to 8 from items 1 to 12, cycles included. */
const graphs = fc
  .array(quantities, { minLength: 1, maxLength: 8 })
  .map((lists) => lists.map((links, index) => recipe(index + 1, links)));
const units = fc.dictionary(fc.integer({ min: 1, max: 12 }).map(String), fc.integer({ min: 0, max: 99 }));
const worlds = fc.record({
  recipes: graphs,
  known: units,
  stock: units,
  mode: fc.constantFrom(...PRICE_MODES),
  quantity: fc.integer({ min: 1, max: 20 }),
  pick: fc.nat(),
});

function plant({
  recipes,
  known,
  mode,
  pick,
}: {
  recipes: BookRecipe[];
  known: Record<string, number>;
  mode: (typeof PRICE_MODES)[number];
  pick: number;
}) {
  const priceOf = (itemId: number): number | undefined => known[itemId];
  const book = makeRecipeBook(recipes);
  const table = costTable(book, priceOf, mode);
  const root = recipes[pick % recipes.length]!;
  const tree = (quantity: number, stock: Record<string, number>) =>
    craftTree(book, table, priceOf, root, {
      quantity,
      stock: new Map(Object.entries(stock).map(([itemId, count]) => [Number(itemId), count])),
    })!;
  return { table, root, tree };
}

describe('the tree of a craft', () => {
  it('needs each item as often as what is crafted takes it, and says where all of it comes from', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { root, tree } = plant(world);
        const { items } = tree(world.quantity, world.stock);
        const needs = new Map<number, number>();
        for (const { recipe: crafted, crafted: crafts } of items)
          for (const { itemId, quantity } of crafted?.ingredients ?? [])
            needs.set(itemId, (needs.get(itemId) ?? 0) + quantity * crafts);
        const [first, ...others] = items;
        expect(first).toMatchObject({ itemId: root.resultItemId, crafted: world.quantity, fromStock: 0 });
        expect(new Map(others.map(({ itemId, needed }) => [itemId, needed]))).toEqual(needs);
        for (const { needed, fromStock, bought, crafted, missing } of items)
          expect(fromStock + bought + crafted + missing).toBe(needed);
      }),
    );
  });

  it('uses no unit of the stock twice, and none while less is needed', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { tree } = plant(world);
        const { items, leftovers } = tree(world.quantity, world.stock);
        const used = new Map(items.slice(1).map(({ itemId, fromStock }) => [itemId, fromStock]));
        const left = new Map(leftovers.map(({ itemId, quantity }) => [itemId, quantity]));
        for (const [itemId, count] of Object.entries(world.stock))
          expect((used.get(Number(itemId)) ?? 0) + (left.get(Number(itemId)) ?? 0)).toBe(count);
        for (const { itemId, needed, fromStock } of items.slice(1))
          expect(fromStock).toBe(Math.min(needed, world.stock[itemId] ?? 0));
      }),
    );
  });

  it('costs without stock what the recipe costs, so many times, and never more with some', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { table, root, tree } = plant(world);
        const { cost } = table.costs.get(root.id)!;
        const plain = tree(world.quantity, {});
        if (cost === null) expect(plain.cost).toBeNull();
        else expect(plain.cost).toBe(cost * world.quantity);
        expect(plain.pricedRatio < 1).toBe(plain.cost === null);
        const stocked = tree(world.quantity, world.stock);
        if (plain.cost !== null) expect(stocked.cost).toBeLessThanOrEqual(plain.cost);
      }),
    );
  });

  it('lists each item after what needs it', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { items } = plant(world).tree(world.quantity, world.stock);
        const place = new Map(items.slice(1).map(({ itemId }, index) => [itemId, index]));
        items.slice(1).forEach(({ recipe: crafted }, index) => {
          for (const { itemId } of crafted?.ingredients ?? [])
            expect(place.get(itemId)!).toBeGreaterThan(index);
        });
      }),
    );
  });

  it('refuses numbers that cannot be counted exactly', () => {
    const chain = Array.from({ length: 12 }, (_, index) => recipe(index + 2, { [index + 1]: 1_000_000 }));
    const book = makeRecipeBook(chain);
    const priceOf = (itemId: number): number | undefined => (itemId === 1 ? 1 : undefined);
    const table = costTable(book, priceOf, 'min');
    const of = (id: number) =>
      craftTree(book, table, priceOf, book.byId.get(id)!, { quantity: 1, stock: new Map() });
    expect(of(3)!.cost).toBe(1e12);
    expect(of(13)).toBeNull();
  });
});
