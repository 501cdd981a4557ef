import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { BungieAccess } from './bungie/bungie-access.service.js';
import { BungieClient } from './bungie/bungie.client.js';
import { BungieProvider } from './bungie/bungie.provider.js';
import { BungieLink } from './link/bungie-link.service.js';
import { DestinyLinkController } from './link/link.controller.js';
import { MembershipsRepository } from './link/memberships.repository.js';
import { Memberships } from './link/memberships.service.js';
import { ReadMemberships } from './link/read-memberships.service.js';

const CONTROLLERS: Type[] = [DestinyLinkController];
const PROVIDERS: Provider[] = [
  BungieClient,
  BungieProvider,
  BungieAccess,
  MembershipsRepository,
  ReadMemberships,
  Memberships,
  BungieLink,
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
