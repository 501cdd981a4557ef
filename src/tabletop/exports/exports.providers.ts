import type { Provider, Type } from '@nestjs/common';
import { CharacterExports } from './character-exports.service.js';
import { ExportsController } from './exports.controller.js';
import { ObsidianExports } from './obsidian-exports.service.js';
import { VaultCountsRepository } from './vault-counts.repository.js';

export const EXPORTS_CONTROLLERS: Type[] = [ExportsController];
export const EXPORTS_PROVIDERS: Provider[] = [CharacterExports, ObsidianExports, VaultCountsRepository];
