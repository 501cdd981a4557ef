import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { ActiveRuns } from './agent/active-runs.service.js';
import { AnswerDesk } from './agent/answer-desk.service.js';
import { ChatDesk } from './agent/chat-desk.service.js';
import { ChatService } from './agent/chat.service.js';
import { ChatStreams } from './agent/chat-streams.service.js';
import { ConversationsController } from './agent/conversations.controller.js';
import { ConversationsRepository } from './agent/conversations.repository.js';
import { ConversationsService } from './agent/conversations.service.js';
import { LookupReads } from './agent/lookup-reads.service.js';
import { MessagesRepository } from './agent/messages.repository.js';
import { ModelAnswers } from './agent/model-answer.service.js';
import { Personas } from './agent/personas.service.js';
import { DestinyReads } from './agent/player-reads.service.js';
import { RulesAnswers } from './agent/rules-answer.service.js';
import { RunLedger } from './agent/run-ledger.service.js';
import { AgentRunsController } from './agent/runs.controller.js';
import { Titles } from './agent/titles.service.js';
import { ToolRunner } from './agent/tool-runner.service.js';
import { WeaponReads } from './agent/weapon-reads.service.js';
import { BungieAccess } from './bungie/bungie-access.service.js';
import { BungieClient } from './bungie/bungie.client.js';
import { BungieProvider } from './bungie/bungie.provider.js';
import { CatalogDirectory } from './catalysts/catalog-directory.service.js';
import { CatalystHistoryController } from './catalysts/catalyst-history.controller.js';
import { CatalystHistory } from './catalysts/catalyst-history.service.js';
import { CatalystNotices } from './catalysts/catalyst-notices.service.js';
import { CatalystPlans } from './catalysts/catalyst-plans.service.js';
import { CatalystReads } from './catalysts/catalyst-reads.service.js';
import { CatalystStalls } from './catalysts/catalyst-stalls.service.js';
import { CatalystStatusesRepository } from './catalysts/catalyst-statuses.repository.js';
import { CatalystsController } from './catalysts/catalysts.controller.js';
import { CatalystsService } from './catalysts/catalysts.service.js';
import { CompatAccount } from './compat/compat-account.service.js';
import { CompatAuthController } from './compat/compat-auth.controller.js';
import { CompatDestinyController } from './compat/compat-chat.controller.js';
import { CompatChat } from './compat/compat-chat.service.js';
import { CompatConversations } from './compat/compat-conversations.service.js';
import { BungieLink } from './link/bungie-link.service.js';
import { DestinyLinkController } from './link/link.controller.js';
import { MembershipLists } from './link/membership-lists.service.js';
import { MembershipsRepository } from './link/memberships.repository.js';
import { Memberships } from './link/memberships.service.js';
import { ReadMemberships } from './link/read-memberships.service.js';
import { BungieManifestSource } from './manifest/bungie-manifest.source.js';
import { CatalystDefinitionsRepository } from './manifest/catalyst-definitions.repository.js';
import { CurrentManifests } from './manifest/current-manifests.service.js';
import { DefinitionDesk } from './manifest/definition-desk.service.js';
import { DefinitionsController } from './manifest/definitions.controller.js';
import { DefinitionsRepository } from './manifest/definitions.repository.js';
import { Definitions } from './manifest/definitions.service.js';
import { FileManifestImport } from './manifest/file-import.service.js';
import { ImportManifestHandler } from './manifest/import-manifest.handler.js';
import { ImportManifest } from './manifest/import-manifest.service.js';
import { LiveCatalog } from './manifest/live-catalog.service.js';
import { ManifestController } from './manifest/manifest.controller.js';
import { ManifestDesk } from './manifest/manifest-desk.service.js';
import { ManifestStart } from './manifest/manifest-start.service.js';
import { ManifestSwitch } from './manifest/manifest-switch.service.js';
import { ManifestVersionsRepository } from './manifest/manifest-versions.repository.js';
import { BungieProfiles } from './profiles/bungie-profiles.family.js';
import { ProfileSyncController } from './profiles/profile-sync.controller.js';
import { ProfileSync } from './profiles/profile-sync.service.js';
import { ProfilesRepository } from './profiles/profiles.repository.js';
import { SignInAgain } from './profiles/sign-in-again.service.js';
import { StoreSnapshot } from './profiles/store-snapshot.service.js';
import { CatalystExportsController } from './exports/catalyst-exports.controller.js';
import { CatalystExports } from './exports/catalyst-exports.service.js';
import { CatalystPicturesController } from './pictures/catalyst-pictures.controller.js';
import { CatalystPictures } from './pictures/catalyst-pictures.service.js';
import { PublicSharesController } from './shares/public-shares.controller.js';
import { PublicShares } from './shares/public-shares.service.js';
import { SharesController } from './shares/shares.controller.js';
import { SharesRepository } from './shares/shares.repository.js';
import { SharesService } from './shares/shares.service.js';
import { SheetCopies } from './sheets/sheet-copies.service.js';
import { SheetTabsRepository } from './sheets/sheet-tabs.repository.js';
import { SheetsClient } from './sheets/sheets.client.js';
import { SheetsController } from './sheets/sheets.controller.js';
import { SheetsService } from './sheets/sheets.service.js';
import { WeaponsController } from './weapons/weapons.controller.js';
import { WeaponsRepository } from './weapons/weapons.repository.js';
import { WeaponsService } from './weapons/weapons.service.js';
import { RollEvaluation } from './wish-lists/roll-evaluation.service.js';
import { RollsController } from './wish-lists/rolls.controller.js';
import { WishListDesk } from './wish-lists/wish-list-desk.service.js';
import { WishListsController } from './wish-lists/wish-lists.controller.js';
import { WishListsRepository } from './wish-lists/wish-lists.repository.js';
import { WishLists } from './wish-lists/wish-lists.service.js';
import { WishRollsRepository } from './wish-lists/wish-rolls.repository.js';

const LINK: Provider[] = [
  BungieClient,
  BungieProvider,
  BungieAccess,
  MembershipsRepository,
  MembershipLists,
  ReadMemberships,
  Memberships,
  BungieLink,
];
const MANIFEST: Provider[] = [
  BungieManifestSource,
  CatalystDefinitionsRepository,
  CurrentManifests,
  DefinitionDesk,
  Definitions,
  DefinitionsRepository,
  FileManifestImport,
  ImportManifest,
  ImportManifestHandler,
  LiveCatalog,
  ManifestDesk,
  ManifestStart,
  ManifestSwitch,
  ManifestVersionsRepository,
];
const CATALYSTS: Provider[] = [
  CatalogDirectory,
  CatalystStatusesRepository,
  CatalystNotices,
  CatalystStalls,
  CatalystReads,
  CatalystsService,
  CatalystHistory,
  CatalystPlans,
];
const PROFILES: Provider[] = [ProfilesRepository, StoreSnapshot, BungieProfiles, ProfileSync, SignInAgain];
const WEAPONS: Provider[] = [WeaponsRepository, WeaponsService];
const WISH_LISTS: Provider[] = [
  WishListsRepository,
  WishRollsRepository,
  WishListDesk,
  WishLists,
  RollEvaluation,
];
const SHEETS: Provider[] = [SheetTabsRepository, SheetsClient, SheetCopies, SheetsService];
const SHARES: Provider[] = [CatalystExports, CatalystPictures, SharesRepository, SharesService, PublicShares];
const AGENT: Provider[] = [
  ConversationsRepository,
  MessagesRepository,
  ConversationsService,
  Personas,
  RunLedger,
  ActiveRuns,
  WeaponReads,
  LookupReads,
  DestinyReads,
  ToolRunner,
  RulesAnswers,
  ModelAnswers,
  AnswerDesk,
  Titles,
  ChatService,
  ChatStreams,
  ChatDesk,
  CompatAccount,
  CompatChat,
  CompatConversations,
];

const CONTROLLERS: Type[] = [
  DestinyLinkController,
  ManifestController,
  // Before those that take their words for a hash.
  CatalystExportsController,
  CatalystPicturesController,
  CatalystHistoryController,
  CatalystsController,
  DefinitionsController,
  ProfileSyncController,
  WeaponsController,
  WishListsController,
  RollsController,
  SheetsController,
  SharesController,
  PublicSharesController,
  ConversationsController,
  AgentRunsController,
  CompatAuthController,
  CompatDestinyController,
];

/** A player's catalysts and weapons in Destiny 2, and an agent that answers from them. */
@Module({})
export class DestinyModule {
  /** @param isServing false for a process that only works */
  static register(isServing: boolean): DynamicModule {
    return {
      module: DestinyModule,
      controllers: isServing ? CONTROLLERS : [],
      providers: [
        ...LINK,
        ...MANIFEST,
        ...CATALYSTS,
        ...PROFILES,
        ...WEAPONS,
        ...WISH_LISTS,
        ...SHEETS,
        ...SHARES,
        ...AGENT,
      ],
    };
  }
}
