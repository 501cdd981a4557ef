import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A trace as the legacy API gives it; `facts` are the keys of its metadata that figures are made of. Nobody's own; keyed by Langfuse's id; `removedAt` = gone upstream. */
@Entity({ schema: 'agent_analytics', name: 'trace', comment: 'owner=none; erase=none' })
@Index('ix_trace_at', ['projectId', 'at'])
@Index('ix_trace_session', ['projectId', 'sessionId'], { where: '(session_id IS NOT NULL)' })
@Index('ix_trace_player', ['projectId', 'playerId'], { where: '(player_id IS NOT NULL)' })
export class RawTraceEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_trace' })
  projectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_trace' })
  id: string;

  @Column('text')
  environment: string;

  @Column('text', { name: 'session_id', nullable: true })
  sessionId: string | null;

  @Column('timestamptz')
  at: Date;

  @Column('text', { name: 'at_text' })
  atText: string;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { name: 'player_id', nullable: true })
  playerId: string | null;

  @Column('text', { nullable: true })
  release: string | null;

  @Column('text', { nullable: true })
  version: string | null;

  @Column('text', { array: true })
  tags: string[];

  @Column('jsonb')
  facts: unknown;

  @Column('double precision', { name: 'latency_s', nullable: true })
  latencyS: number | null;

  @Column('double precision', { name: 'cost_usd', nullable: true })
  costUsd: number | null;

  @Column('timestamptz', { name: 'created_at', nullable: true })
  createdAt: Date | null;

  @Column('text', { name: 'created_text', nullable: true })
  createdText: string | null;

  @Column('timestamptz', { name: 'updated_at', nullable: true })
  updatedAt: Date | null;

  @Column('boolean', { name: 'is_clamped' })
  isClamped: boolean;

  @Column('uuid', { name: 'content_hash' })
  contentHash: string;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;

  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}
