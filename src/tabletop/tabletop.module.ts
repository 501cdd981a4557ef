import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { StorageModule } from '../platform/storage/storage.module.js';
import { CAMPAIGN_CONTROLLERS, CAMPAIGN_PROVIDERS } from './campaigns/campaigns.providers.js';
import { DISCORD_CONTROLLERS, DISCORD_PROVIDERS } from './discord/discord.providers.js';
import { CHARACTER_CONTROLLERS, CHARACTER_PROVIDERS } from './characters/characters.providers.js';
import { EXPORTS_CONTROLLERS, EXPORTS_PROVIDERS } from './exports/exports.providers.js';
import { IMPORTS_CONTROLLERS, IMPORTS_PROVIDERS } from './imports/imports.providers.js';
import { LINKS_PROVIDERS } from './links/links.providers.js';
import { GENERATOR_CONTROLLERS, GENERATOR_PROVIDERS } from './generators/generators.providers.js';
import { OBJECT_CONTROLLERS, OBJECT_PROVIDERS } from './objects/objects.providers.js';
import { REFERENCE_CONTROLLERS, REFERENCE_PROVIDERS } from './reference/reference.providers.js';
import { LOCATIONS_CONTROLLERS, LOCATIONS_PROVIDERS } from './locations/locations.providers.js';
import { PLOTS_CONTROLLERS, PLOTS_PROVIDERS } from './plots/plots.providers.js';
import { SESSIONS_CONTROLLERS, SESSIONS_PROVIDERS } from './sessions/sessions.providers.js';
import { TIMELINE_CONTROLLERS, TIMELINE_PROVIDERS } from './timeline/timeline.providers.js';
import { MAPS_CONTROLLERS, MAPS_PROVIDERS } from './maps/maps.providers.js';
import { SEARCH_CONTROLLERS, SEARCH_PROVIDERS } from './search/search.providers.js';
import { SEARCH_VECTORS_PROVIDERS } from './search-vectors/search-vectors.providers.js';
import { SEARCH_INDEX_PROVIDERS } from './search-index/search-index.providers.js';
import {
  RELATIONSHIPS_CONTROLLERS,
  RELATIONSHIPS_PROVIDERS,
} from './relationships/relationships.providers.js';
import { TABLE_CONTROLLERS, TABLE_PROVIDERS } from './tables/tables.providers.js';

// Each room lists what it brings in `<room>/<room>.providers.ts`; a room is one line in each of the two lists.

// prettier-ignore
const CONTROLLERS: Type[] = [
  ...CAMPAIGN_CONTROLLERS,
  ...CHARACTER_CONTROLLERS,
  ...RELATIONSHIPS_CONTROLLERS,
  ...OBJECT_CONTROLLERS,
  ...REFERENCE_CONTROLLERS,
  ...DISCORD_CONTROLLERS,
  ...IMPORTS_CONTROLLERS,
  ...EXPORTS_CONTROLLERS,
  ...LOCATIONS_CONTROLLERS,
  ...PLOTS_CONTROLLERS,
  ...SESSIONS_CONTROLLERS,
  ...TIMELINE_CONTROLLERS,
  ...MAPS_CONTROLLERS,
  ...SEARCH_CONTROLLERS,
  ...TABLE_CONTROLLERS,
  ...GENERATOR_CONTROLLERS,
];
// prettier-ignore
const PROVIDERS: Provider[] = [
  ...CAMPAIGN_PROVIDERS,
  ...CHARACTER_PROVIDERS,
  ...OBJECT_PROVIDERS,
  ...LINKS_PROVIDERS,
  ...REFERENCE_PROVIDERS,
  ...DISCORD_PROVIDERS,
  ...IMPORTS_PROVIDERS,
  ...EXPORTS_PROVIDERS,
  ...RELATIONSHIPS_PROVIDERS,
  ...LOCATIONS_PROVIDERS,
  ...PLOTS_PROVIDERS,
  ...SESSIONS_PROVIDERS,
  ...TIMELINE_PROVIDERS,
  ...MAPS_PROVIDERS,
  ...SEARCH_PROVIDERS,
  ...SEARCH_INDEX_PROVIDERS,
  ...SEARCH_VECTORS_PROVIDERS,
  ...TABLE_PROVIDERS,
  ...GENERATOR_PROVIDERS,
];

/** What a group keeps of its campaigns between and around its sessions. */
@Module({})
export class TabletopModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: TabletopModule,
      imports: [DiscoveryModule, StorageModule],
      controllers: isServing ? CONTROLLERS : [],
      providers: PROVIDERS,
    };
  }
}
