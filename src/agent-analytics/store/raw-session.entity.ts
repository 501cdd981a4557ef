import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A session as the legacy API gives it. Nobody's own; keyed by Langfuse's id; `removedAt` = gone upstream. */
@Entity({ schema: 'agent_analytics', name: 'session', comment: 'owner=none; erase=none' })
@Index('ix_session_created_at', ['projectId', 'createdAt'])
export class RawSessionEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_session' })
  projectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_session' })
  id: string;

  @Column('text')
  environment: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('text', { name: 'created_text' })
  createdText: string;

  @Column('boolean', { name: 'is_clamped' })
  isClamped: boolean;

  @Column('uuid', { name: 'content_hash' })
  contentHash: string;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}
