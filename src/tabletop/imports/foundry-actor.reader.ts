import { emptySheet, type ImportedCharacter } from './dnd5e-sheet.js';
import { readSheetField, SHEET_KEYS } from './dnd5e-sheet-schema.js';
import { armorClassOf, hitPointsOf } from './foundry-figures.js';
import { type CharacterDraft, FOUNDRY_FIELDS } from './foundry-fields.js';
import { type ItemLists, readItems } from './foundry-items.js';
import { ImportRefusal } from './import-refusal.js';
import { readJson } from './json-file.js';
import { MappingNotes, type MappingReport } from './mapping-report.js';
import { isSame, type Json } from './three-way-merge.js';
import { isRecord, MOST_NAME, Place } from './value-reader.js';

export interface FoundryActor extends Readonly<Record<string, unknown>> {
  readonly type: 'character' | 'npc';
}

export interface ReadActor {
  readonly character: ImportedCharacter;
  readonly items: ItemLists;
  readonly report: MappingReport;
}

/** @throws ImportRefusal */
export function readFoundryFile(bytes: Uint8Array): { actor: FoundryActor } & ReadActor {
  const actor = asActor(readJson(bytes));
  return { actor, ...readFoundryActor(actor) };
}

/** @throws ImportRefusal not-a-sheet, other-system */
export function asActor(value: unknown): FoundryActor {
  if (!isRecord(value) || !isRecord(value.system)) throw new ImportRefusal('not-a-sheet', 'no Foundry actor');
  const stats = isRecord(value._stats) ? value._stats.systemId : undefined;
  if (typeof stats === 'string' && stats !== 'dnd5e')
    throw new ImportRefusal('other-system', 'only dnd5e is read');
  if (value.type !== 'character' && value.type !== 'npc')
    throw new ImportRefusal('not-a-sheet', 'only actors of the types character and npc are read');
  if (!isRecord(value.system.abilities)) throw new ImportRefusal('other-system', 'only dnd5e is read');
  return value as FoundryActor;
}

/** Never throws: what cannot be read is told in the report. */
export function readFoundryActor(actor: FoundryActor): ReadActor {
  const notes = new MappingNotes();
  const root = new Place(actor, '', notes);
  const draft: CharacterDraft = { name: '', biography: '', secretBiography: '', sheet: { ...emptySheet() } };
  for (const field of FOUNDRY_FIELDS) field.read(root.at(...field.path), draft);
  const items = readItems(root.at('items'));
  const { classes, inventory, spells, features } = items;
  Object.assign(draft.sheet, { classes, inventory, spells, features });
  draft.sheet.level = classes.reduce((sum, { level }) => sum + level, 0);
  draft.sheet.species = named(root.at('system', 'details', 'race'), 'sheet.species', items.species);
  draft.sheet.background = named(
    root.at('system', 'details', 'background'),
    'sheet.background',
    items.backgrounds,
  );
  readFigures(root, actor, draft);
  readOwnFlags(root, draft);
  const { value: id } = root.at('_id');
  const sourceId =
    typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? root.at('_id').mapped('source id', id) : null;
  root.at('type').mapped('isNpc', actor.type);
  notes.keepTheRest(actor);
  const character: ImportedCharacter = {
    ...draft,
    name: draft.name === '' ? 'Unnamed' : draft.name,
    isNpc: actor.type === 'npc',
    sourceId,
  };
  return { character, items, report: notes.report('foundry') };
}

/** Either a name or the id of an item that has it. */
function named(place: Place, to: string, items: ReadonlyMap<string, string>): string {
  if (isRecord(place.value)) return '';
  const text = place.line(to, MOST_NAME);
  return (
    items.get(text) ?? ([...items.values()][0] !== undefined && text === '' ? [...items.values()][0]! : text)
  );
}

function readFigures(root: Place, actor: FoundryActor, draft: CharacterDraft): void {
  const items = Array.isArray(actor.items) ? (actor.items as unknown[]) : [];
  const ac = root.at('system', 'attributes', 'ac');
  draft.sheet.armorClass = armorClassOf(ac.value, items, draft.sheet);
  if (draft.sheet.armorClass !== null) ac.mapped('sheet.armorClass', true);
  else if (ac.isThere) ac.odd('says no armour class, and how it is worked out is not known here');
  if (draft.sheet.hitPoints.max === null)
    draft.sheet.hitPoints = { ...draft.sheet.hitPoints, max: hitPointsOf(items, draft.sheet) };
}

/** What a sheet of ours said and Foundry has no place for; of no worth any more where Foundry says something else than it did then. */
function readOwnFlags(root: Place, draft: CharacterDraft): void {
  const flags = root.at('flags', 'guildhall', 'sheet');
  for (const key of SHEET_KEYS) {
    const place = flags.at(key);
    if (!isRecord(place.value) || !isSame(place.value.told as Json, draft.sheet[key] as Json)) continue;
    const read = readSheetField(key, place.value.is);
    if (read === undefined) place.odd('is not what a sheet has there; left out');
    else Object.assign(draft.sheet, { [key]: place.mapped(`sheet.${key}`, read) });
  }
}
