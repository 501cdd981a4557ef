import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AnswerCard } from './answer-card.js';
import type { AnswerMode, MessageRole, MessageStatus, StoredToolCall } from './message-parts.js';
import { ConversationEntity } from './conversation.entity.js';

/**
 * One message of a conversation. Owned as its conversation is; keyed by a UUIDv7, ordered by order_index; deleted with its conversation.
 * The answer to a message is written once, at the end of its run; tools' answers stand before it as messages of their own.
 */
@Entity({ schema: 'destiny', name: 'message', comment: 'owner=user; erase=destiny-conversations' })
@Unique('uq_message_order', ['conversationId', 'orderIndex'])
@Unique('uq_message_client', ['conversationId', 'clientMessageId'])
@ForeignKey(() => ConversationEntity, ['userId', 'conversationId'], ['userId', 'id'], {
  name: 'fk_message_conversation',
  onDelete: 'CASCADE',
})
@Check('ck_message_role', `role = ANY (ARRAY['user'::text, 'assistant'::text, 'tool'::text])`)
@Check('ck_message_mode', `mode = ANY (ARRAY['rules'::text, 'llm'::text])`)
@Check('ck_message_status', `status = ANY (ARRAY['complete'::text, 'error'::text, 'cancelled'::text])`)
@Index('ix_message_owner', ['userId', 'conversationId'])
export class MessageEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_message' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('uuid', { name: 'conversation_id' })
  conversationId: string;

  /** From 0, without gaps. */
  @Column('integer', { name: 'order_index' })
  orderIndex: number;

  @Column('text')
  role: MessageRole;

  /** Of a tool's: what it answered, as JSON. */
  @Column('text')
  content: string;

  /** Of an answer: what was asked of tools for it. Of a tool's: its own call. */
  @Column('jsonb', { name: 'tool_calls', default: [] })
  toolCalls: readonly StoredToolCall[];

  @Column('jsonb', { default: [] })
  cards: readonly AnswerCard[];

  /** Tokens that the model has written and read for it; null = no model was asked, or it did not say. */
  @Column('integer', { name: 'token_count', nullable: true })
  tokenCount: number | null;

  @Column('text', { nullable: true })
  model: string | null;

  /** Of an answer. */
  @Column('text', { nullable: true })
  mode: AnswerMode | null;

  /** From the question's being stored to its answer's. */
  @Column('integer', { name: 'latency_ms', nullable: true })
  latencyMs: number | null;

  @Column('text', { default: 'complete' })
  status: MessageStatus;

  /** How the client names what it sends, so that it may send it again. */
  @Column('text', { name: 'client_message_id', nullable: true })
  clientMessageId: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
