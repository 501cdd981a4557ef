import type { SheetClass, SheetFeature, SheetItem, SheetSpell } from './dnd5e-sheet.js';
import { COUNT } from './foundry-fields.js';
import { textToHtml } from './html-text.js';
import { isRecord, MOST_NAME, type Place } from './value-reader.js';

// An actor's items: what is carried, what is cast, what one is and can. Foundry keeps all in one list; a sheet has a list of each. An item is
// found again by its id; types that a sheet does not know stay in the actor as they are.

export const MOST_ITEMS = 2_000;

const CARRIED = ['weapon', 'equipment', 'consumable', 'tool', 'loot', 'container', 'backpack', 'ammunition'];
const POUNDS_PER_KG = 2.204_622_621_8;
const FEAT_KINDS = ['class', 'race', 'background', 'feat', 'monster'];
/** Our kinds by Foundry's; the others are called alike. */
const KIND_OF: Readonly<Record<string, string>> = { race: 'species', monster: 'action' };
const FOUNDRY_KIND_OF: Readonly<Record<string, string>> = { species: 'race', action: 'monster' };

export interface ItemLists {
  readonly classes: readonly SheetClass[];
  readonly inventory: readonly SheetItem[];
  readonly spells: readonly SheetSpell[];
  readonly features: readonly SheetFeature[];
  /** Names of items of these types, by id: an actor's details refer to them. */
  readonly species: ReadonlyMap<string, string>;
  readonly backgrounds: ReadonlyMap<string, string>;
  /** Where in the actor's list each id stands. */
  readonly positions: ReadonlyMap<string, number>;
}

export function readItems(items: Place): ItemLists {
  const positions = new Map<string, number>();
  /** Ours by Foundry's: an item says by Foundry's in which other it lies. */
  const ownIds = new Map<string, string>();
  const classes: (SheetClass & { identifier: string })[] = [];
  const subclasses = new Map<string, string>();
  const [inventory, spells, features] = [[] as SheetItem[], [] as SheetSpell[], [] as SheetFeature[]];
  const [species, backgrounds] = [new Map<string, string>(), new Map<string, string>()];
  items.items(MOST_ITEMS).forEach((item, position) => {
    if (!isRecord(item.value)) return item.odd('is no item; kept as it is');
    const type = wordOf(item.at('type').value);
    const id = idOf(item.value, position, positions);
    const name = nameOf(item);
    const read = { id, name, description: descriptionOf(item) };
    if (type === 'class') classes.push({ ...classOf(item, id, name), identifier: identifierOf(item, name) });
    else if (type === 'subclass') subclasses.set(wordOf(item.at('system', 'classIdentifier').value), name);
    else if (type === 'spell') spells.push(spellOf(item, read));
    else if (type === 'feat') features.push({ ...read, kind: kindOf(item) });
    else if (type === 'race') species.set(id, name);
    else if (type === 'background') backgrounds.set(id, name);
    else if (CARRIED.includes(type)) inventory.push(carriedOf(item, read, type));
    else return item.ignore('is of a type that sheets do not have; kept as it is');
    positions.set(id, position);
    if (typeof item.value._id === 'string') ownIds.set(item.value._id, id);
  });
  const named = classes.map(({ identifier, ...one }) => ({
    ...one,
    subclass: subclasses.get(identifier) ?? null,
  }));
  const carried = inventory.map((item) => ({
    ...item,
    containerId: ownIds.get(item.containerId ?? '') ?? item.containerId,
  }));
  return { classes: named, inventory: carried, spells, features, species, backgrounds, positions };
}

/** Its own name for an item that was made here comes first; a second one of the same id gets one by its place. */
function idOf(item: Record<string, unknown>, position: number, taken: ReadonlyMap<string, number>): string {
  const ours = isRecord(item.flags) && isRecord(item.flags.guildhall) ? item.flags.guildhall.id : undefined;
  const id = [ours, item._id].find((one) => typeof one === 'string' && /^[\w-]{1,64}$/.test(one));
  return typeof id === 'string' && !taken.has(id) ? id : `item-${position}`;
}

/** What is no text is no word that we know. */
const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const isUnidentified = (item: Place): boolean => item.at('system', 'identified').value === false;

/** Of what is not identified the players see another name, and so does the sheet: it is theirs. */
function nameOf(item: Place): string {
  const fallback = 'Unnamed';
  if (!isUnidentified(item)) return item.at('name').line('name of an item', MOST_NAME) || fallback;
  return item.at('system', 'unidentified', 'name').line('name of an item', MOST_NAME) || 'Unidentified item';
}

function descriptionOf(item: Place): string {
  const path = isUnidentified(item) ? ['unidentified', 'description'] : ['description', 'value'];
  return item.at('system', ...path).text('description of an item');
}

function identifierOf(item: Place, name: string): string {
  const { value } = item.at('system', 'identifier');
  return typeof value === 'string' && value !== ''
    ? value
    : name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function classOf(item: Place, id: string, name: string): SheetClass {
  const level =
    item.at('system', 'levels').number('sheet.classes', { least: 1, most: 20, isInteger: true }) ?? 1;
  return { id, name, subclass: null, level };
}

function spellOf(item: Place, read: { id: string; name: string; description: string }): SheetSpell {
  const system = item.at('system');
  const level = system.at('level').number('sheet.spells', { least: 0, most: 9, isInteger: true }) ?? 0;
  const prepared = system.at(...preparedPath(item.value as Record<string, unknown>));
  if (prepared.isThere) prepared.mapped('sheet.spells', true);
  return {
    ...read,
    level,
    isPrepared: prepared.value === true || (typeof prepared.value === 'number' && prepared.value > 0),
  };
}

/** Version 5 of the system moved it. */
function preparedPath({ system }: Record<string, unknown>): readonly string[] {
  return isRecord(system) && !isRecord(system.preparation) && 'prepared' in system
    ? ['prepared']
    : ['preparation', 'prepared'];
}

function kindOf(item: Place): string {
  const kind = item.at('system', 'type', 'value').line('sheet.features', MOST_NAME);
  return FEAT_KINDS.includes(kind) ? (KIND_OF[kind] ?? kind) : 'feat';
}

function carriedOf(
  item: Place,
  read: { id: string; name: string; description: string },
  type: string,
): SheetItem {
  const system = item.at('system');
  const to = 'inventory';
  const container = system.at('container');
  return {
    ...read,
    type: type === 'backpack' ? 'container' : type,
    quantity: system.at('quantity').number(to, COUNT) ?? 1,
    weightLb: weightOf(system.at('weight')),
    isEquipped: system.at('equipped').flag(to),
    isAttuned: isAttuned(system),
    containerId: typeof container.value === 'string' ? container.line(to, MOST_NAME) || null : null,
  };
}

/** A number of pounds, or a value with its unit. */
function weightOf(weight: Place): number | null {
  const to = 'inventory';
  const isPlain = !isRecord(weight.value);
  const value = (isPlain ? weight : weight.at('value')).number(to, { least: 0, most: 1_000_000_000 });
  if (value === null || isPlain || weight.at('units').value !== 'kg') return value;
  return Math.round(value * POUNDS_PER_KG * 1_000) / 1_000;
}

/** 2 was attuned until version 3 of the system. */
function isAttuned(system: Place): boolean {
  if (system.at('attuned').isThere) return system.at('attuned').flag('inventory');
  return system.at('attunement').value === 2;
}

type Sheet = Pick<ItemLists, 'classes' | 'inventory' | 'spells' | 'features'>;
type Written = Record<string, unknown>;

/**
 * An actor's items as a sheet has them by now.
 * @param there the items of the original @param before what was read of them
 */
export function writeItems(there: readonly unknown[], before: ItemLists, sheet: Sheet): unknown[] {
  const gone = new Set<number>();
  const changed = new Map<number, unknown>();
  const added: unknown[] = [];
  const merge = <T extends { id: string }>(now: readonly T[], was: readonly T[], write: Writer<T>): void => {
    const old = new Map(was.map((one) => [one.id, one]));
    const kept = new Set(now.map(({ id }) => id));
    for (const { id } of was) if (!kept.has(id)) gone.add(before.positions.get(id)!);
    for (const one of now) {
      const position = before.positions.get(one.id);
      const previous = old.get(one.id);
      if (previous === undefined || position === undefined) added.push(write(freshItem(one.id), one, null));
      else if (!isEqual(previous, one))
        changed.set(position, write(structuredClone(there[position]) as Written, one, previous));
    }
  };
  merge(sheet.classes, before.classes, writeClass);
  merge(sheet.inventory, before.inventory, writeCarried);
  merge(sheet.spells, before.spells, writeSpell);
  merge(sheet.features, before.features, writeFeature);
  const left = there.map((item, position) => (changed.has(position) ? changed.get(position) : item));
  const others = sheet.classes.filter(({ id, subclass }) => subclassChanged(id, subclass, before));
  return [
    ...withoutOldSubclasses(left, others, before).filter((_, position) => !gone.has(position)),
    ...added,
    ...others.filter(({ subclass }) => subclass !== null).map(freshSubclass),
  ].filter((item) => item !== undefined);
}

type Writer<T> = (item: Written, now: T, before: T | null) => Written;

function subclassChanged(id: string, subclass: string | null, before: ItemLists): boolean {
  return (before.classes.find((one) => one.id === id)?.subclass ?? null) !== subclass;
}

/** Leaves holes, so that places stay what they are. */
function withoutOldSubclasses(
  items: readonly unknown[],
  changed: readonly SheetClass[],
  before: ItemLists,
): unknown[] {
  const old = new Set(changed.map(({ id }) => before.classes.find((one) => one.id === id)?.subclass ?? null));
  return items.map((item) =>
    isRecord(item) && item.type === 'subclass' && old.has(wordOf(item.name)) ? undefined : item,
  );
}

function freshSubclass({ id, name, subclass }: SheetClass): Written {
  const item = freshItem(`${id}-subclass`);
  return { ...item, type: 'subclass', name: subclass, system: { classIdentifier: identifierFor(name) } };
}

const identifierFor = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function writeClass(item: Written, now: SheetClass, before: SheetClass | null): Written {
  if (before === null)
    return {
      ...item,
      type: 'class',
      name: now.name,
      system: { identifier: identifierFor(now.name), levels: now.level },
    };
  return {
    ...item,
    name: now.name === before.name ? item.name : now.name,
    system: { ...systemOf(item), levels: now.level },
  };
}

function writeCarried(item: Written, now: SheetItem, before: SheetItem | null): Written {
  const system = systemOf(item);
  const changes: Written = {};
  const isNew = <Key extends keyof SheetItem>(key: Key): boolean =>
    before === null || before[key] !== now[key];
  if (isNew('quantity')) changes.quantity = now.quantity;
  if (isNew('isEquipped')) changes.equipped = now.isEquipped;
  if (isNew('isAttuned'))
    Object.assign(
      changes,
      system.attunement === 2 ? { attunement: 1, attuned: false } : { attuned: now.isAttuned },
    );
  if (isNew('containerId')) changes.container = now.containerId === null ? null : foundryId(now.containerId);
  if (isNew('weightLb')) changes.weight = { value: now.weightLb, units: 'lb' };
  const named = writeTexts(item, now, before);
  return { ...named, ...(before === null && { type: now.type }), system: { ...systemOf(named), ...changes } };
}

function writeSpell(item: Written, now: SheetSpell, before: SheetSpell | null): Written {
  const named = writeTexts(item, now, before);
  const system: Written = { ...systemOf(named) };
  if (before?.level !== now.level) system.level = now.level;
  if (before?.isPrepared !== now.isPrepared) {
    if (preparedPath(item).length === 1) system.prepared = now.isPrepared ? 1 : 0;
    else
      system.preparation = {
        ...(isRecord(system.preparation) ? system.preparation : { mode: 'prepared' }),
        prepared: now.isPrepared,
      };
  }
  return { ...named, ...(before === null && { type: 'spell' }), system };
}

function writeFeature(item: Written, now: SheetFeature, before: SheetFeature | null): Written {
  const named = writeTexts(item, now, before);
  const system: Written = { ...systemOf(named) };
  if (before?.kind !== now.kind)
    system.type = {
      ...(isRecord(system.type) ? system.type : {}),
      value: FOUNDRY_KIND_OF[now.kind] ?? now.kind,
    };
  return { ...named, ...(before === null && { type: 'feat' }), system };
}

/** Name and description, where they have changed; of what is not identified those that players see. */
function writeTexts(
  item: Written,
  now: { name: string; description: string },
  before: { name: string; description: string } | null,
): Written {
  const system: Written = { ...systemOf(item) };
  const isHidden = system.identified === false;
  const unidentified = isRecord(system.unidentified) ? system.unidentified : {};
  const description = isRecord(system.description) ? system.description : {};
  let { name } = item;
  if (before?.name !== now.name) {
    if (isHidden) system.unidentified = { ...unidentified, name: now.name };
    else name = now.name;
  }
  if (before?.description !== now.description) {
    const html = textToHtml(now.description);
    if (isHidden)
      system.unidentified = { ...unidentified, ...(system.unidentified as object), description: html };
    else system.description = { ...description, value: html };
  }
  return { ...item, name, system };
}

function freshItem(id: string): Written {
  const own = foundryId(id);
  return {
    _id: own,
    name: '',
    type: 'loot',
    system: {},
    effects: [],
    flags: own === id ? {} : { guildhall: { id } },
  };
}

/** Foundry's ids are sixteen letters and digits; one that is no such id gets one that follows from it. */
export function foundryId(id: string): string {
  if (/^[A-Za-z0-9]{16}$/.test(id)) return id;
  let text = '';
  for (let round = 0; text.length < 16; round += 1)
    text += mixed(`${round}/${id}`).toString(36).padStart(7, '0');
  return text.slice(0, 16);
}

/** FNV-1a, 32 bits: tells the few things of one actor apart. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function systemOf(item: Written): Written {
  return isRecord(item.system) ? item.system : {};
}

function isEqual<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}
