import { AgentRunEntity } from './agent/agent-run.entity.js';
import { ConversationEntity } from './agent/conversation.entity.js';
import { MessageEntity } from './agent/message.entity.js';
import { CatalystProgressEntity } from './catalysts/catalyst-progress.entity.js';
import { CatalystStatusEntity } from './catalysts/catalyst-status.entity.js';
import { TrackedCatalystEntity } from './catalysts/tracked-catalyst.entity.js';
import { BungieLinkEntity } from './link/bungie-link.entity.js';
import { MembershipEntity } from './link/membership.entity.js';
import { CatalystDefinitionEntity } from './manifest/catalyst-definition.entity.js';
import { ManifestDefinitionEntity } from './manifest/manifest-definition.entity.js';
import { ManifestVersionEntity } from './manifest/manifest-version.entity.js';
import { ProfileEntity } from './profiles/profile.entity.js';
import { ShareEntity } from './shares/share.entity.js';
import { SheetTabEntity } from './sheets/sheet-tab.entity.js';
import { WeaponEntity } from './weapons/weapon.entity.js';
import { WishListNoteEntity } from './wish-lists/wish-list-note.entity.js';
import { WishListRollEntity } from './wish-lists/wish-list-roll.entity.js';
import { WishListEntity } from './wish-lists/wish-list.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [
  BungieLinkEntity,
  MembershipEntity,
  ManifestVersionEntity,
  ManifestDefinitionEntity,
  CatalystDefinitionEntity,
  ProfileEntity,
  CatalystStatusEntity,
  CatalystProgressEntity,
  TrackedCatalystEntity,
  WeaponEntity,
  WishListEntity,
  WishListNoteEntity,
  WishListRollEntity,
  SheetTabEntity,
  ShareEntity,
  ConversationEntity,
  MessageEntity,
  AgentRunEntity,
] as const;
