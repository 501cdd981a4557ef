import { cleanHtml } from '../../platform/http/clean-html.js';
import { cleanTexts } from '../characters/clean-sheet.js';
import type { Json } from '../characters/merge-patch.js';
import { toCampaignSheet } from './campaign-sheet.js';
import type { ImportedCharacter } from './dnd5e-sheet.js';
import { readDndBeyondCharacter } from './dndbeyond-character.reader.js';
import { asActor, readFoundryActor } from './foundry-actor.reader.js';
import { readJson } from './json-file.js';
import type { MappingReport } from './mapping-report.js';
import { readOwnCharacter } from './own-character.js';
import type { JsonObject } from './three-way-merge.js';

export const CHARACTER_SOURCES = ['dndbeyond', 'foundry', 'json'] as const;
export type CharacterSource = (typeof CHARACTER_SOURCES)[number];

export interface CharacterFile {
  readonly character: ImportedCharacter;
  readonly report: MappingReport;
  /** What of a character in a campaign it is about: what a merge compares. */
  readonly state: JsonObject;
}

const MOST_FACT = 100;

/** @throws ImportRefusal */
export function readCharacterFile(source: CharacterSource, bytes: Uint8Array): CharacterFile {
  const value = readJson(bytes);
  const read =
    source === 'dndbeyond'
      ? readDndBeyondCharacter(value)
      : source === 'foundry'
        ? readFoundryActor(asActor(value))
        : readOwnCharacter(value);
  const { character, report } = read;
  return { character, report, state: stateFrom(character) };
}

/** Cleaned as it will be stored, so that the next import finds what this one has left. */
function stateFrom({ name, biography, sheet }: ImportedCharacter): JsonObject {
  const calling = sheet.classes.map((one) => `${one.name} ${one.level}`).join(', ');
  const state = {
    name,
    body: biography,
    ancestry: sheet.species.slice(0, MOST_FACT).toWellFormed(),
    calling: calling.slice(0, MOST_FACT).toWellFormed(),
    sheet: toCampaignSheet(sheet).sheet,
  };
  return cleanTexts(JSON.parse(JSON.stringify(state)) as Json, cleanHtml) as unknown as JsonObject;
}
