import type { Entities } from '../platform/database/database.module.js';
import { CampaignEntity } from './campaigns/campaign.entity.js';
import { DiscordChannelEntity } from './discord/discord-channel.entity.js';
import { DiscordPartEntity } from './discord/discord-part.entity.js';
import { DiscordPostEntity } from './discord/discord-post.entity.js';
import { CharacterSheetEntity } from './characters/character-sheet.entity.js';
import { InventoryEntryEntity } from './characters/inventory-entry.entity.js';
import { ProposalEntity } from './characters/proposal.entity.js';
import { CampaignImportEntity } from './imports/campaign-import.entity.js';
import { ImportSourceEntity } from './imports/import-source.entity.js';
import { LinkEntity } from './links/link.entity.js';
import { GenerationEntity } from './generators/generation.entity.js';
import { AccessGrantEntity } from './members/access-grant.entity.js';
import { InviteEntity } from './members/invite.entity.js';
import { MembershipEntity } from './members/membership.entity.js';
import { ChangeEntity } from './objects/change.entity.js';
import { ObjectEntity } from './objects/object.entity.js';
import { LinkEventEntity } from './relationships/link-event.entity.js';
import { LearntNameEntity } from './search/learnt-name.entity.js';
import { RecentSearchEntity } from './search/recent-search.entity.js';
import { SavedSearchEntity } from './search/saved-search.entity.js';
import { IndexedCampaignEntity } from './search-index/indexed-campaign.entity.js';
import { ObjectVectorEntity } from './search-vectors/object-vector.entity.js';
import { SearchIndexEntity } from './search-index/search-index.entity.js';
import { SecretKeyEntity } from './search/secret-key.entity.js';
import { SecretTokenEntity } from './search/secret-token.entity.js';
import { SecretEntity } from './secrets/secret.entity.js';
import { PlotBeatEntity } from './plots/plot-beat.entity.js';
import { BattleMapEntity } from './maps/battle-map.entity.js';
import { MapPlanEntity } from './maps/map-plan.entity.js';
import { MapMarkerEntity } from './maps/map-marker.entity.js';
import { TableDeckEntity } from './tables/table-deck.entity.js';

/** Tables of the tabletop. */
export const TABLETOP_ENTITIES: Entities = [
  CampaignEntity,
  MembershipEntity,
  InviteEntity,
  ObjectEntity,
  AccessGrantEntity,
  SecretEntity,
  ChangeEntity,
  LinkEntity,
  LinkEventEntity,
  PlotBeatEntity,
  BattleMapEntity,
  MapPlanEntity,
  MapMarkerEntity,
  DiscordChannelEntity,
  DiscordPostEntity,
  DiscordPartEntity,
  LearntNameEntity,
  SavedSearchEntity,
  RecentSearchEntity,
  SecretKeyEntity,
  SecretTokenEntity,
  CharacterSheetEntity,
  InventoryEntryEntity,
  ProposalEntity,
  TableDeckEntity,
  GenerationEntity,
  CampaignImportEntity,
  ImportSourceEntity,
  SearchIndexEntity,
  IndexedCampaignEntity,
  ObjectVectorEntity,
];
