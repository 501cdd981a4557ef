import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldName } from './fold-name.js';
import {
  candidateLabels,
  type KnownItem,
  type NamedItem,
  type NewItemsPlan,
  planNewItems,
} from './plan-new-items.js';

/** A catalogue that does what the repository does: looks items up, applies plans, and refuses what the table would refuse. */
class Catalogue {
  readonly items = new Map<number, KnownItem>();
  readonly categories = new Map<number, string>();
  private nextId = 1;

  plan(named: readonly NamedItem[]): { plan: NewItemsPlan; ids: number[] } {
    const labels = new Set(named.flatMap(candidateLabels));
    const externalIds = new Set(named.map((item) => item.externalId));
    const known = [...this.items.values()].filter(
      (item) => (item.externalId !== null && externalIds.has(item.externalId)) || labels.has(item.label),
    );
    const plan = planNewItems(named, known);
    for (const { id, externalId, name, label } of plan.changed)
      this.items.set(id, { ...this.items.get(id)!, externalId, name, label });
    for (const { id, category } of plan.categorised) {
      expect(this.items.get(id)!.lacksCategory).toBe(true);
      this.items.set(id, { ...this.items.get(id)!, lacksCategory: false });
      this.categories.set(id, category);
    }
    const created = plan.created.map(({ externalId, name, label, category }) => {
      const id = this.nextId++;
      this.items.set(id, { id, externalId, name, label, lacksCategory: category === null });
      if (category !== null) this.categories.set(id, category);
      return id;
    });
    this.check();
    return { plan, ids: plan.resolved.map((item) => ('id' in item ? item.id : created[item.created]!)) };
  }

  /** Everything but the ids, which depend on the order of creation. */
  facts(): string[] {
    return [...this.items.values()]
      .map((item) => JSON.stringify([item.externalId, item.name, item.label]))
      .sort();
  }

  /** What each label is filed under. */
  filed(): string[] {
    return [...this.categories].map(([id, category]) => `${this.items.get(id)!.label}: ${category}`).sort();
  }

  private check(): void {
    const items = [...this.items.values()];
    const labels = items.map((item) => item.label);
    const externalIds = items.flatMap((item) => item.externalId ?? []);
    expect(new Set(labels).size).toBe(labels.length);
    expect(new Set(externalIds).size).toBe(externalIds.length);
  }
}

const named = (
  externalId: number | null,
  name: string | null,
  category: string | null = null,
): NamedItem => ({
  externalId,
  name,
  category,
});

/** Few ids and names, and names that look like the labels which we make ourselves. */
const NAMES = [
  'A',
  'B',
  '#1',
  '#2',
  'A (1)',
  'A (2)',
  'B (1)',
  '#1 (1)',
  '#1 (1) (1)',
  '#2 (2)',
  'A (1) (1)',
];
/** A batch as the ingest hands it over: one entry per key. */
const batchOf = (names: readonly string[]) =>
  fc.uniqueArray(
    fc
      .record({
        externalId: fc.option(fc.integer({ min: 1, max: 3 })),
        name: fc.option(fc.constantFrom(...names)),
        category: fc.option(fc.constantFrom('Wood', 'Metal')),
      })
      .filter(({ externalId, name }) => externalId !== null || name !== null)
      .map(({ externalId, name, category }) => named(externalId, name, category)),
    { maxLength: 8, selector: ({ externalId, name }) => (externalId === null ? `name ${name}` : externalId) },
  );
const batch = batchOf(NAMES);
/** The name `#1` means item 1 until that has a name of its own, so what it means depends on what comes first. */
const batchWithoutHashes = batchOf(NAMES.filter((name) => !name.startsWith('#')));

describe('planNewItems', () => {
  it('creates what is unknown and finds it again', () => {
    const catalogue = new Catalogue();
    const first = catalogue.plan([named(7, 'Bois', 'Ressource'), named(null, 'Laine')]);
    expect(first.plan.created).toEqual([
      { externalId: 7, name: 'Bois', label: 'Bois', labelFold: 'bois', category: 'Ressource' },
      { externalId: null, name: 'Laine', label: 'Laine', labelFold: 'laine', category: null },
    ]);
    const second = catalogue.plan([named(null, 'Laine'), named(7, null), named(null, 'Bois')]);
    expect(second.plan).toMatchObject({ created: [], changed: [] });
    expect(second.ids).toEqual([first.ids[1], first.ids[0], first.ids[0]]);
  });

  it('tells items of one name apart by their ids', () => {
    const catalogue = new Catalogue();
    catalogue.plan([named(7, 'Clef'), named(8, 'Clef')]);
    expect(catalogue.facts()).toEqual(['[7,"Clef","Clef"]', '[8,"Clef","Clef (8)"]']);
  });

  it('lets an item that was first seen by name adopt the id that comes with it, in a later batch or in the same', () => {
    const later = new Catalogue();
    const [bois] = later.plan([named(null, 'Bois')]).ids;
    expect(later.plan([named(7, 'Bois')]).ids).toEqual([bois]);
    expect(later.facts()).toEqual(['[7,"Bois","Bois"]']);

    const same = new Catalogue();
    const { ids } = same.plan([named(null, 'Bois'), named(7, 'Bois')]);
    expect(ids[0]).toBe(ids[1]);
    expect(same.facts()).toEqual(['[7,"Bois","Bois"]']);
  });

  it('lets one item adopt, not two', () => {
    const catalogue = new Catalogue();
    catalogue.plan([named(null, 'Bois')]);
    catalogue.plan([named(7, 'Bois'), named(8, 'Bois')]);
    expect(catalogue.facts()).toEqual(['[7,"Bois","Bois"]', '[8,"Bois","Bois (8)"]']);
  });

  it('names an item that was first seen by id alone once its name is known', () => {
    const catalogue = new Catalogue();
    catalogue.plan([named(7, null)]);
    expect(catalogue.facts()).toEqual(['[7,null,"#7"]']);
    const { plan } = catalogue.plan([named(7, 'Épée')]);
    expect(plan.changed).toMatchObject([{ externalId: 7, name: 'Épée', label: 'Épée', labelFold: 'epee' }]);
    expect(catalogue.facts()).toEqual(['[7,"Épée","Épée"]']);
  });

  it('gives an item the first category that is named of it, in a later batch or in the same', () => {
    const catalogue = new Catalogue();
    catalogue.plan([named(7, 'Bois')]);
    expect(catalogue.plan([named(7, 'Bois', 'Wood'), named(null, 'Bois', 'Metal')]).plan).toMatchObject({
      categorised: [{ category: 'Wood' }],
      changed: [],
    });
    expect(catalogue.plan([named(7, null, 'Metal')]).plan.categorised).toEqual([]);
    catalogue.plan([named(null, 'Fer'), named(8, 'Fer', 'Metal')]);
    expect(catalogue.filed()).toEqual(['Bois: Wood', 'Fer: Metal']);
  });

  it('leaves an item without a category where a curator wants it so', () => {
    const known = [{ id: 1, externalId: 7, name: 'Bois', label: 'Bois', lacksCategory: false }];
    expect(planNewItems([named(7, 'Bois', 'Wood')], known).categorised).toEqual([]);
  });

  it('finds a label even where names were chosen to take them all', () => {
    const catalogue = new Catalogue();
    catalogue.plan([named(9, 'A')]);
    for (const name of candidateLabels(named(1, 'A')).filter((text) => text.length <= 255))
      catalogue.plan([named(null, name)]);
    const { ids } = catalogue.plan([named(1, 'A')]);
    expect(catalogue.items.get(ids[0]!)).toMatchObject({ externalId: 1, name: 'A' });
    const { ids: unnamed } = catalogue.plan([named(2, null)]);
    expect(catalogue.items.get(unnamed[0]!)).toMatchObject({ externalId: 2, name: null });
  });

  it('resolves every item to the one that it names, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
        const catalogue = new Catalogue();
        for (const items of batches) {
          const before = new Map(catalogue.items);
          const { plan, ids } = catalogue.plan(items);
          items.forEach(({ externalId, name }, index) => {
            const found = catalogue.items.get(ids[index]!)!;
            if (externalId === null) expect([found.label, before.get(found.id)?.label]).toContain(name);
            else expect(found.externalId).toBe(externalId);
            if (externalId !== null && name !== null) expect(found.name).not.toBeNull();
          });
          // What clients know stays: an id once given, a name once learned, the label of an item with a name.
          for (const old of before.values()) {
            const now = catalogue.items.get(old.id)!;
            if (old.externalId !== null) expect(now.externalId).toBe(old.externalId);
            if (old.name !== null) expect([now.name, now.label]).toEqual([old.name, old.label]);
          }
          expect(new Set(plan.changed.map((change) => change.id)).size).toBe(plan.changed.length);
          expect(plan.created.length).toBe(catalogue.items.size - before.size);
          items.forEach(({ category }, index) => {
            if (category !== null) expect(catalogue.items.get(ids[index]!)!.lacksCategory).toBe(false);
          });
          for (const { label, labelFold } of [...plan.created, ...plan.changed])
            expect(labelFold).toBe(foldName(label));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('has nothing left to do when the same batch comes again', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 4 }), batchWithoutHashes, (batches, again) => {
        const catalogue = new Catalogue();
        for (const items of [...batches, again]) catalogue.plan(items);
        const before = catalogue.facts();
        const { plan } = catalogue.plan(again);
        expect(plan).toMatchObject({ created: [], changed: [], categorised: [] });
        expect(catalogue.facts()).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('makes the same catalogue from one batch as from its items one by one', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 3 }), batchWithoutHashes, (batches, items) => {
        const [together, apart] = [new Catalogue(), new Catalogue()];
        for (const before of batches) {
          together.plan(before);
          apart.plan(before);
        }
        const { ids } = together.plan(items);
        const idsApart = items.map((item) => apart.plan([item]).ids[0]!);
        expect(together.facts()).toEqual(apart.facts());
        expect(together.filed()).toEqual(apart.filed());
        expect(ids.map((id) => together.items.get(id)!.label)).toEqual(
          idsApart.map((id) => apart.items.get(id)!.label),
        );
      }),
      { numRuns: 500 },
    );
  });
});
