import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { BungieClient } from './bungie/bungie.client.js';
import { BungieManifestSource } from './manifest/bungie-manifest.source.js';
import { CurrentManifests } from './manifest/current-manifests.service.js';
import { DefinitionDesk } from './manifest/definition-desk.service.js';
import { DefinitionsController } from './manifest/definitions.controller.js';
import { DefinitionsRepository } from './manifest/definitions.repository.js';
import { Definitions } from './manifest/definitions.service.js';
import { FileManifestImport } from './manifest/file-import.service.js';
import { ImportManifestHandler } from './manifest/import-manifest.handler.js';
import { ImportManifest } from './manifest/import-manifest.service.js';
import { ManifestController } from './manifest/manifest.controller.js';
import { ManifestDesk } from './manifest/manifest-desk.service.js';
import { ManifestStart } from './manifest/manifest-start.service.js';
import { ManifestSwitch } from './manifest/manifest-switch.service.js';
import { ManifestVersionsRepository } from './manifest/manifest-versions.repository.js';

const CONTROLLERS: Type[] = [ManifestController, DefinitionsController];
const PROVIDERS: Provider[] = [
  BungieClient,
  BungieManifestSource,
  CurrentManifests,
  DefinitionDesk,
  Definitions,
  DefinitionsRepository,
  FileManifestImport,
  ImportManifest,
  ImportManifestHandler,
  ManifestDesk,
  ManifestStart,
  ManifestSwitch,
  ManifestVersionsRepository,
];

/** A player's catalysts and weapons in Destiny 2, and an agent that answers from them. */
@Module({})
export class DestinyModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: DestinyModule,
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
    };
  }
}
