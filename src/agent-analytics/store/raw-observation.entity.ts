import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An observation of either generation, without its texts; those of v2 say what they know of their trace. Nobody's own; keyed by Langfuse's id; `removedAt` = gone upstream. */
@Entity({ schema: 'agent_analytics', name: 'observation', comment: 'owner=none; erase=none' })
@Index('ix_observation_trace', ['projectId', 'traceId'])
@Index('ix_observation_at', ['projectId', 'at'])
// And by what is told of the trace, which TypeORM has no words for.
@Index('ix_observation_session', ['projectId'], {
  where: "((trace_context ->> 'sessionId'::text) IS NOT NULL)",
})
@Index('ix_observation_player', ['projectId'], { where: "((trace_context ->> 'userId'::text) IS NOT NULL)" })
export class RawObservationEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_observation' })
  projectId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_observation' })
  id: string;

  @Column('text')
  environment: string;

  @Column('text', { name: 'stands_for' })
  standsFor: string;

  @Column('text', { name: 'trace_id', nullable: true })
  traceId: string | null;

  @Column('text', { name: 'parent_id', nullable: true })
  parentId: string | null;

  @Column('text')
  type: string;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('timestamptz')
  at: Date;

  @Column('text', { name: 'at_text' })
  atText: string;

  @Column('timestamptz', { name: 'end_at', nullable: true })
  endAt: Date | null;

  @Column('text', { name: 'end_text', nullable: true })
  endText: string | null;

  @Column('text')
  level: string;

  @Column('text', { name: 'status_message', nullable: true })
  statusMessage: string | null;

  @Column('text', { nullable: true })
  model: string | null;

  @Column('jsonb')
  facts: unknown;

  /** `{offered: [{key, title}], pickedKey}` of a generation; null = nothing of the kind, or its session was erased. Outlives the texts. */
  @Column('jsonb', { nullable: true })
  choices: unknown;

  @Column('double precision', { name: 'prompt_tokens' })
  promptTokens: number;

  @Column('double precision', { name: 'completion_tokens' })
  completionTokens: number;

  @Column('double precision', { name: 'total_tokens' })
  totalTokens: number;

  @Column('double precision', { name: 'cost_usd', nullable: true })
  costUsd: number | null;

  @Column('text', { name: 'prompt_name', nullable: true })
  promptName: string | null;

  @Column('double precision', { name: 'prompt_version', nullable: true })
  promptVersion: number | null;

  @Column('text', { nullable: true })
  version: string | null;

  @Column('jsonb', { name: 'trace_context', nullable: true })
  traceContext: unknown;

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
