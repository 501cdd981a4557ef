import { type Dnd5eSheet, emptySheet, type ImportedCharacter } from './dnd5e-sheet.js';
import { readSheetField, SHEET_KEYS } from './dnd5e-sheet-schema.js';
import { ImportRefusal } from './import-refusal.js';
import { MappingNotes, type MappingReport } from './mapping-report.js';
import { isRecord, MOST_NAME, Place } from './value-reader.js';

// A character as a file of our own: what an export says in full, an import takes field by field.

export const CHARACTER_FORMAT = 'guildhall-character/1';

export interface OwnCharacterFile {
  readonly format: typeof CHARACTER_FORMAT;
  readonly id: string;
  readonly name: string;
  readonly isNpc: boolean;
  readonly biography: string;
  /** '' for whoever may not know it. */
  readonly secretBiography: string;
  readonly sheet: Dnd5eSheet;
}

export function writeOwnCharacter(id: string, character: ImportedCharacter): OwnCharacterFile {
  const { name, isNpc, biography, secretBiography, sheet } = character;
  return { format: CHARACTER_FORMAT, id, name, isNpc, biography, secretBiography, sheet };
}

/** @throws ImportRefusal not-a-sheet */
export function readOwnCharacter(value: unknown): { character: ImportedCharacter; report: MappingReport } {
  if (!isRecord(value) || value.format !== CHARACTER_FORMAT)
    throw new ImportRefusal('not-a-sheet', CHARACTER_FORMAT);
  const notes = new MappingNotes();
  const root = new Place(value, '', notes);
  const sheet: Record<string, unknown> = { ...emptySheet() };
  for (const key of SHEET_KEYS) {
    const place = root.at('sheet', key);
    if (place.value === undefined) continue;
    const read = readSheetField(key, place.value);
    if (read === undefined) place.odd('is not what a sheet has there; left out');
    else sheet[key] = place.mapped(`sheet.${key}`, read);
  }
  root.at('format').mapped('format', true);
  const id = root.at('id').line('source id', MOST_NAME);
  const character = {
    name: root.at('name').line('name', MOST_NAME) || 'Unnamed',
    isNpc: root.at('isNpc').flag('isNpc'),
    biography: root.at('biography').text('biography'),
    secretBiography: root.at('secretBiography').text('secret biography'),
    sheet: sheet as unknown as Dnd5eSheet,
    sourceId: id === '' ? null : id,
  };
  notes.keepTheRest(value);
  return { character, report: notes.report('json') };
}
