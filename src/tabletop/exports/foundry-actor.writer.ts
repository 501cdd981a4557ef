import { type Dnd5eSheet, emptySheet, type ImportedCharacter } from '../imports/dnd5e-sheet.js';
import { SHEET_KEYS } from '../imports/dnd5e-sheet-schema.js';
import { asActor, type FoundryActor, readFoundryActor } from '../imports/foundry-actor.reader.js';
import { FOUNDRY_FIELDS } from '../imports/foundry-fields.js';
import { writeItems } from '../imports/foundry-items.js';
import { isSame, type Json } from '../imports/three-way-merge.js';
import { isRecord } from '../imports/value-reader.js';

// A character as a Foundry actor. With the actor that it once came from, only what differs from what that one says is written: untouched it
// comes back as it was, byte for byte as JSON. Without one a plain actor is made. What Foundry has no place for travels in
// `flags.guildhall`, where the reader looks for it, so that a sheet of ours comes back whole as well.

type Written = Record<string, unknown>;

/** @param original as it was imported; null where there was none, or the caller must not have it */
export function writeFoundryActor(character: ImportedCharacter, original: FoundryActor | null): FoundryActor {
  const actor = structuredClone(original ?? freshActor(character)) as Written;
  const before = readFoundryActor(actor as FoundryActor);
  for (const field of FOUNDRY_FIELDS) {
    const now = field.valueOf(character);
    if (isSame(now as Json, field.valueOf(before.character) as Json)) continue;
    write(actor, field.path, (there) => field.write(now as never, there));
  }
  const items = Array.isArray(actor.items) ? (actor.items as unknown[]) : [];
  const written = writeItems(items, before.items, character.sheet);
  if (written.length !== items.length || written.some((item, position) => item !== items[position]))
    actor.items = written;
  writeArmorClass(actor, character.sheet, before.character.sheet);
  writeOrigins(
    actor,
    character.sheet,
    before.character.sheet,
    before.items.species,
    before.items.backgrounds,
  );
  writeOwnFlags(actor, character.sheet);
  return actor as FoundryActor;
}

function write(actor: Written, path: readonly string[], value: (there: unknown) => unknown): void {
  let inner = actor;
  for (const key of path.slice(0, -1)) {
    if (!isRecord(inner[key])) inner[key] = {};
    inner = inner[key] as Written;
  }
  const last = path.at(-1)!;
  inner[last] = value(inner[last]);
}

function writeArmorClass(actor: Written, now: Dnd5eSheet, before: Dnd5eSheet): void {
  if (now.armorClass === null) return;
  const reread = readFoundryActor(actor as FoundryActor).character.sheet.armorClass;
  if (now.armorClass === before.armorClass && reread === before.armorClass) return;
  write(actor, ['system', 'attributes', 'ac'], (there) => ({
    ...(isRecord(there) ? there : {}),
    flat: now.armorClass,
    calc: 'flat',
  }));
}

/** Where details name an item, the item is named anew; else they hold the name. */
function writeOrigins(
  actor: Written,
  now: Dnd5eSheet,
  before: Dnd5eSheet,
  species: ReadonlyMap<string, string>,
  backgrounds: ReadonlyMap<string, string>,
): void {
  const origins = [
    { key: 'race', type: 'race', name: now.species, old: before.species, items: species },
    {
      key: 'background',
      type: 'background',
      name: now.background,
      old: before.background,
      items: backgrounds,
    },
  ];
  for (const { key, type, name, old, items } of origins) {
    if (name === old) continue;
    if (items.size === 0) write(actor, ['system', 'details', key], () => name);
    else
      actor.items = (actor.items as unknown[]).map((item) =>
        isRecord(item) && item.type === type && item.name === old ? { ...item, name } : item,
      );
  }
}

function writeOwnFlags(actor: Written, sheet: Dnd5eSheet): void {
  const reread = readFoundryActor(actor as FoundryActor).character.sheet;
  const lost = SHEET_KEYS.filter((key) => !isSame(sheet[key] as Json, reread[key] as Json));
  if (lost.length === 0) return;
  write(actor, ['flags', 'guildhall', 'sheet'], (there) => ({
    ...(isRecord(there) ? there : {}),
    ...Object.fromEntries(lost.map((key) => [key, { is: sheet[key], told: reread[key] }])),
  }));
}

/** What Foundry needs of an actor; it fills in the rest. */
function freshActor({ name, isNpc }: ImportedCharacter): FoundryActor {
  return asActor({
    name,
    type: isNpc ? 'npc' : 'character',
    img: 'icons/svg/mystery-man.svg',
    system: {
      abilities: Object.fromEntries(
        Object.keys(emptySheet().abilities).map((ability) => [ability, { value: 10, proficient: 0 }]),
      ),
      attributes: { ac: { flat: null, calc: 'default' }, hp: { value: null, max: null, temp: null } },
      details: { biography: { value: '', public: '' } },
    },
    prototypeToken: { name, actorLink: !isNpc, disposition: isNpc ? 0 : 1 },
    items: [],
    effects: [],
    flags: {},
    _stats: { systemId: 'dnd5e', systemVersion: '4.0.0', coreVersion: '12.331' },
  });
}
