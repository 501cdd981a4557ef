import type { Principal } from '../../src/platform/auth/principal.js';
import type { CharacterDto, NewCharacterDto } from '../../src/tabletop/characters/characters.dto.js';
import type { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { CharacterArcs } from '../../src/tabletop/characters/character-arcs.service.js';
import { CharacterListsRepository } from '../../src/tabletop/characters/character-lists.repository.js';
import { CharacterProgress } from '../../src/tabletop/characters/character-progress.service.js';
import { CharacterSheetsRepository } from '../../src/tabletop/characters/character-sheets.repository.js';
import { CharacterWriter } from '../../src/tabletop/characters/character-writer.service.js';
import { Characters } from '../../src/tabletop/characters/characters.service.js';
import { InventoryRepository } from '../../src/tabletop/characters/inventory.repository.js';
import { Inventory } from '../../src/tabletop/characters/inventory.service.js';
import { ProposalsRepository } from '../../src/tabletop/characters/proposals.repository.js';
import { Proposals } from '../../src/tabletop/characters/proposals.service.js';
import { SheetSchemas } from '../../src/tabletop/characters/sheet-schemas.service.js';
import { openRelationsWorld, type RelationsWorld } from './relations-world.js';
import type { TestUnits } from './units.js';

/** Characters with all that belongs to them. */
export interface CharactersWorld extends RelationsWorld {
  readonly writer: CharacterWriter;
  readonly characters: Characters;
  readonly proposals: Proposals;
  readonly progress: CharacterProgress;
  readonly arcs: CharacterArcs;
  readonly inventory: Inventory;
}

export function openCharactersWorld(units: TestUnits): CharactersWorld {
  const core = openRelationsWorld(units);
  const { access, objects, reader, changes, idempotency } = core;
  const uow: UnitOfWork = units.app;
  const sheets = new CharacterSheetsRepository();
  const lists = new CharacterListsRepository();
  const writer = new CharacterWriter(reader, objects, sheets, new SheetSchemas(), changes);
  const proposals = new Proposals(uow, new ProposalsRepository(), writer, objects, changes);
  return {
    ...core,
    writer,
    proposals,
    characters: new Characters(uow, access, objects, lists, writer, proposals, idempotency),
    progress: new CharacterProgress(uow, objects, writer, sheets, lists, idempotency),
    arcs: new CharacterArcs(uow, objects, idempotency),
    inventory: new Inventory(uow, units.system, objects, new InventoryRepository(), changes, idempotency),
  };
}

/** @returns the character as its maker sees it; a player's own unless the wish says otherwise */
export async function aCharacter(
  world: CharactersWorld,
  by: Principal,
  campaignId: string,
  wish: Partial<NewCharacterDto> = {},
): Promise<CharacterDto> {
  const whole = { name: 'Ulssin', characterKind: 'pc', ...wish } as const;
  return (await world.characters.create(by, campaignId, whole, undefined)).body;
}

/** A campaign by the rules of dnd5e with a master and two players. @param change what else is special to the campaign */
export async function aDnd5eTable(
  world: CharactersWorld,
  change: object = {},
): Promise<{ master: Principal; player: Principal; other: Principal; campaignId: string }> {
  const { master, campaignId } = await world.aCampaign();
  await world.campaigns.change(master, campaignId, { system: 'dnd5e', ...change }, undefined);
  return {
    master,
    campaignId,
    player: await world.aSeat(campaignId, 'player'),
    other: await world.aSeat(campaignId, 'player'),
  };
}
