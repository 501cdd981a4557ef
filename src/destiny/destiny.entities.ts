import { AgentRunEntity } from './agent/agent-run.entity.js';
import { ConversationEntity } from './agent/conversation.entity.js';
import { MessageEntity } from './agent/message.entity.js';

/** Tables of Destiny. */
export const DESTINY_ENTITIES = [ConversationEntity, MessageEntity, AgentRunEntity] as const;
