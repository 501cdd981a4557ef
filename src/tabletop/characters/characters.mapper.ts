import type { Seat } from '../campaigns/campaign-access.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import type { CharacterSheetRow, SheetVersion } from './character-sheets.repository.js';
import { type CharacterFacts, versionOf } from './character-state.js';
import type { FoundCharacter } from './character-writer.service.js';
import type { CharacterDto, CharacterFactsDto, CharacterPlayDto } from './characters.dto.js';
import { xpToNextLevel } from './experience.js';

/** @param sheet its own, where the reader sees it */
export function toCharacterFactsDto(
  row: ObjectRow,
  seat: Seat,
  sheet: SheetVersion | null,
): CharacterFactsDto {
  const { characterKind, ancestry, calling, pronouns, appearance } = row.details as Partial<CharacterFacts>;
  return {
    ...toCampaignObjectDto(row, seat),
    version: versionOf(row, sheet, seat),
    characterKind: characterKind ?? 'npc',
    ancestry: ancestry ?? null,
    calling: calling ?? null,
    pronouns: pronouns ?? null,
    appearance: appearance ?? null,
  };
}

export function toCharacterDto({ object, seat, play }: FoundCharacter): CharacterDto {
  return { ...toCharacterFactsDto(object, seat, play), play: play === null ? null : toPlayDto(play, seat) };
}

function toPlayDto(row: CharacterSheetRow, { campaign: { system } }: Seat): CharacterPlayDto {
  return {
    isOpen: row.isOpen,
    system,
    sheet: row.sheet,
    voice: row.voice,
    guidance: row.guidance,
    xp: row.xp,
    level: row.level,
    xpToNextLevel: xpToNextLevel(system, row.xp),
  };
}
