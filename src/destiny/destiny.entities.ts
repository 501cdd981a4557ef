import { AgentRunEntity } from './agent/agent-run.entity.js';
import { ConversationEntity } from './agent/conversation.entity.js';
import { MessageEntity } from './agent/message.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [ConversationEntity, MessageEntity, AgentRunEntity] as const;
import { CatalystDefinitionEntity } from './manifest/catalyst-definition.entity.js';
import { ManifestDefinitionEntity } from './manifest/manifest-definition.entity.js';
import { ManifestVersionEntity } from './manifest/manifest-version.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [
  ManifestVersionEntity,
  ManifestDefinitionEntity,
  CatalystDefinitionEntity,
] as const;
import { BungieLinkEntity } from './link/bungie-link.entity.js';
import { MembershipEntity } from './link/membership.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [BungieLinkEntity, MembershipEntity] as const;
