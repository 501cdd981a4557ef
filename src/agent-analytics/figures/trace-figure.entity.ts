import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ModelCost } from './model-costs.js';

/** What is known of a trace, whichever rows say it. Nobody's own; rebuilt whenever one of its raw rows changes. */
@Entity({ schema: 'agent_analytics', name: 'trace_figure', comment: 'owner=none; erase=none' })
@Index('ix_trace_figure_at', ['projectId', 'at'])
@Index('ix_trace_figure_session', ['projectId', 'sessionId'], { where: '(session_id IS NOT NULL)' })
export class TraceFigureEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_trace_figure' })
  projectId: string;

  @PrimaryColumn('text', { name: 'trace_id', primaryKeyConstraintName: 'pk_trace_figure' })
  traceId: string;

  @Column('text', { name: 'session_id', nullable: true })
  sessionId: string | null;

  @Column('text')
  environment: string;

  @Column('text', { nullable: true })
  release: string | null;

  @Column('timestamptz')
  at: Date;

  @Column('text', { name: 'at_text' })
  atText: string;

  @Column('timestamptz', { name: 'created_at', nullable: true })
  createdAt: Date | null;

  @Column('text', { name: 'created_text', nullable: true })
  createdText: string | null;

  @Column('text', { nullable: true })
  chapter: string | null;

  @Column('integer', { name: 'chapter_number', nullable: true })
  chapterNumber: number | null;

  @Column('text', { nullable: true })
  mortal: string | null;

  @Column('text', { nullable: true })
  match: string | null;

  @Column('double precision', { nullable: true })
  compatibility: number | null;

  @Column('text', { name: 'player_id', nullable: true })
  playerId: string | null;

  @Column('double precision', { name: 'latency_s', nullable: true })
  latencyS: number | null;

  @Column('double precision', { name: 'cost_usd' })
  costUsd: number;

  @Column('double precision', { name: 'total_tokens' })
  totalTokens: number;

  @Column('boolean', { name: 'is_error' })
  isError: boolean;

  @Column('boolean', { name: 'has_end' })
  hasEnd: boolean;

  /** See model-costs.ts. */
  @Column('jsonb', { default: [] })
  models: ModelCost[];
}
