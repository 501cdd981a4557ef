import type { Provider, Type } from '@nestjs/common';
import { CharacterArcsController } from './character-arcs.controller.js';
import { CharacterArcs } from './character-arcs.service.js';
import { CharacterListsRepository } from './character-lists.repository.js';
import { CharacterProgressController } from './character-progress.controller.js';
import { CharacterProgress } from './character-progress.service.js';
import { CharacterSheetsRepository } from './character-sheets.repository.js';
import { CharacterWriter } from './character-writer.service.js';
import { CharactersController } from './characters.controller.js';
import { Characters } from './characters.service.js';
import { InventoryController } from './inventory.controller.js';
import { InventoryRepository } from './inventory.repository.js';
import { Inventory } from './inventory.service.js';
import { ProposalsController } from './proposals.controller.js';
import { ProposalsRepository } from './proposals.repository.js';
import { Proposals } from './proposals.service.js';
import { SheetSchemasController } from './sheet-schemas.controller.js';
import { SheetSchemas } from './sheet-schemas.service.js';
import { InventoryPart, ProposalsPart, SheetsPart } from './characters.part.js';

export const CHARACTER_CONTROLLERS: Type[] = [
  CharactersController,
  CharacterProgressController,
  CharacterArcsController,
  InventoryController,
  ProposalsController,
  SheetSchemasController,
];

export const CHARACTER_PROVIDERS: Provider[] = [
  SheetSchemas,
  CharacterSheetsRepository,
  CharacterListsRepository,
  CharacterWriter,
  ProposalsRepository,
  Proposals,
  Characters,
  CharacterProgress,
  CharacterArcs,
  InventoryRepository,
  Inventory,
  InventoryPart,
  ProposalsPart,
  SheetsPart,
];
