import type { Provider, Type } from '@nestjs/common';
import { CampaignImportsController } from './campaign-imports.controller.js';
import { CampaignImportsRepository } from './campaign-imports.repository.js';
import { CampaignImports } from './campaign-imports.service.js';
import { CharacterMerge } from './character-merge.service.js';
import { CharacterImports } from './character-imports.service.js';
import { ImportDesk } from './import-desk.service.js';
import { ImportObjectsHandler } from './import-objects.handler.js';
import { ImportSeals } from './import-seals.service.js';
import { ImportedInventory } from './imported-inventory.service.js';
import { ImportedObjects } from './imported-objects.service.js';
import { ImportSourcesPart, ImportsPart } from './imports.part.js';

export const IMPORTS_CONTROLLERS: Type[] = [CampaignImportsController];
export const IMPORTS_PROVIDERS: Provider[] = [
  CampaignImportsRepository,
  ImportSeals,
  ImportedInventory,
  CharacterMerge,
  CharacterImports,
  ImportedObjects,
  CampaignImports,
  ImportDesk,
  ImportObjectsHandler,
  ImportSourcesPart,
  ImportsPart,
];
