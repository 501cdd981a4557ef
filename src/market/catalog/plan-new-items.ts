import { foldName } from './fold-name.js';

// A price may name an item that the catalogue does not have. Its identity is the game's own id where it is known, else its
// label, the name by which clients without ids address it. Labels are unique per game although names repeat: the second item
// of a name is labelled `name (id)`. An item that was first seen by name alone is adopted when the same name arrives with an id. The
// first category that a price names is an item's own; who curates it decides otherwise, be it for none.

/** Of any name that may enter, see `storableText` of observation.ts. */
const MAX_NAME_LENGTH = 255;

/** An item as a price names it; one of the two is there. */
export interface NamedItem {
  externalId: number | null;
  name: string | null;
  category: string | null;
}

export interface KnownItem {
  id: number;
  externalId: number | null;
  name: string | null;
  label: string;
  /** It has no category, and no curator wants it so. */
  lacksCategory: boolean;
}

export interface NewItem {
  externalId: number | null;
  name: string | null;
  label: string;
  labelFold: string;
  category: string | null;
}

export interface ItemChange {
  id: number;
  externalId: number | null;
  name: string;
  label: string;
  labelFold: string;
}

export interface ItemCategory {
  id: number;
  category: string;
}

export interface NewItemsPlan {
  /** For each named item: the known item's id, or the index of the one to create. */
  resolved: ({ id: number } | { created: number })[];
  created: NewItem[];
  /** Known items that learn their id or their name. */
  changed: ItemChange[];
  /** Known items that learn their category. */
  categorised: ItemCategory[];
}

/** Labels that a named item may get; the known items must have been looked up under all of them. */
export function candidateLabels(item: NamedItem): string[] {
  if (item.externalId === null) return item.name === null ? [] : [item.name];
  const suffix = ` (${item.externalId})`;
  const unnamed = `#${item.externalId}`;
  const plain = item.name === null ? [unnamed] : [item.name, item.name + suffix];
  // Some item may really be named like a label of ours; none has a name as long as the last one, which is therefore free.
  return [...plain, unnamed + suffix, unnamed + suffix.repeat(Math.ceil(MAX_NAME_LENGTH / suffix.length))];
}

/**
 * @param named the items of a batch that are not known to the caller
 * @param known items that have one of their external ids or {@link candidateLabels}
 */
export function planNewItems(named: readonly NamedItem[], known: readonly KnownItem[]): NewItemsPlan {
  const plan: NewItemsPlan = { resolved: [], created: [], changed: [], categorised: [] };
  const byExternalId = new Map<number, { id: number } | { created: number }>();
  const byLabel = new Map<string, { id: number } | { created: number }>();
  const unnamed = new Map<number, KnownItem>();
  const withoutExternalId = new Map<string, KnownItem>();
  const createdWithoutExternalId = new Map<string, { created: number }>();
  for (const item of known) {
    byLabel.set(item.label, { id: item.id });
    if (item.externalId !== null) byExternalId.set(item.externalId, { id: item.id });
    else withoutExternalId.set(item.label, item);
    if (item.name === null) unnamed.set(item.id, item);
  }

  /** @param own label that the item has already */
  const freeLabel = (item: NamedItem, own?: string): string => {
    const label = candidateLabels(item).find((candidate) => candidate === own || !byLabel.has(candidate));
    if (label === undefined) throw new Error(`No label is free for ${JSON.stringify(item)}`);
    return label;
  };
  const create = (item: NamedItem): { created: number } => {
    const label = freeLabel(item);
    const created = { created: plan.created.length };
    plan.created.push({ ...item, label, labelFold: foldName(label) });
    byLabel.set(label, created);
    if (item.externalId !== null) byExternalId.set(item.externalId, created);
    else createdWithoutExternalId.set(label, created);
    return created;
  };
  const adoptCreated = (name: string, externalId: number): { created: number } | undefined => {
    const created = createdWithoutExternalId.get(name);
    if (!created) return undefined;
    createdWithoutExternalId.delete(name);
    byExternalId.set(externalId, created);
    plan.created[created.created] = { ...plan.created[created.created]!, externalId };
    return created;
  };
  const change = (
    item: KnownItem,
    externalId: number | null,
    name: string,
    label: string,
  ): { id: number } => {
    plan.changed.push({ id: item.id, externalId, name, label, labelFold: foldName(label) });
    unnamed.delete(item.id);
    byLabel.set(label, { id: item.id });
    if (externalId !== null) byExternalId.set(externalId, { id: item.id });
    return { id: item.id };
  };

  for (const item of named) {
    const { externalId, name } = item;
    if (externalId === null) {
      plan.resolved.push(byLabel.get(name ?? '') ?? create(item));
      continue;
    }
    const found = byExternalId.get(externalId);
    const adoptable = name === null ? undefined : withoutExternalId.get(name);
    if (found) {
      const nameless = 'id' in found ? unnamed.get(found.id) : undefined;
      if (nameless && name !== null) change(nameless, externalId, name, freeLabel(item, nameless.label));
      plan.resolved.push(found);
    } else if (adoptable && name !== null) {
      withoutExternalId.delete(name);
      plan.resolved.push(change(adoptable, externalId, name, adoptable.label));
    } else {
      plan.resolved.push((name === null ? undefined : adoptCreated(name, externalId)) ?? create(item));
    }
  }
  return withCategories(plan, named, known);
}

function withCategories(
  plan: NewItemsPlan,
  named: readonly NamedItem[],
  known: readonly KnownItem[],
): NewItemsPlan {
  const lacking = new Set(known.flatMap(({ id, lacksCategory }) => (lacksCategory ? [id] : [])));
  named.forEach(({ category }, index) => {
    if (category === null) return;
    const found = plan.resolved[index]!;
    if ('created' in found) plan.created[found.created]!.category ??= category;
    else if (lacking.delete(found.id)) plan.categorised.push({ id: found.id, category });
  });
  return plan;
}
