import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * What somebody talks about with the agent. Owned by that account, under row-level security; keyed by a UUIDv7; deleted by its owner,
 * with its messages and runs.
 */
@Entity({ schema: 'destiny', name: 'conversation', comment: 'owner=user; erase=destiny-conversations' })
@Unique('uq_conversation_owner', ['userId', 'id'])
@Index('ix_conversation_page', ['userId', 'isArchived', 'updatedAt', 'id'])
export class ConversationEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_conversation' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Null until its first message. */
  @Column('text', { nullable: true })
  title: string | null;

  /** Its owner has named it: nothing else does any more. */
  @Column('boolean', { name: 'is_named', default: false })
  isNamed: boolean;

  @Column('boolean', { name: 'is_archived', default: false })
  isArchived: boolean;

  /** Name of a persona; of one that is no longer there the default speaks. */
  @Column('text', { nullable: true })
  persona: string | null;

  /** The order_index of the next message; whoever adds one holds the row's lock. */
  @Column('integer', { name: 'message_count', default: 0 })
  messageCount: number;

  /** Of what its owner can change. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => "date_trunc('milliseconds', now())" })
  createdAt: Date;

  /** Whole milliseconds: pages of the list are cut by it. */
  @Column('timestamptz', { name: 'updated_at', default: () => "date_trunc('milliseconds', now())" })
  updatedAt: Date;
}
