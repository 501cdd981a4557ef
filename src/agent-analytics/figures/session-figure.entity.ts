import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Figures of a session. Nobody's own; rebuilt whenever one of its traces is. */
@Entity({ schema: 'agent_analytics', name: 'session_figure', comment: 'owner=none; erase=none' })
@Index('ix_session_figure_created_at', ['projectId', 'createdAt', 'sessionId'])
@Index('ix_session_figure_first_at', ['projectId', 'firstAt'])
export class SessionFigureEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_session_figure' })
  projectId: string;

  @PrimaryColumn('text', { name: 'session_id', primaryKeyConstraintName: 'pk_session_figure' })
  sessionId: string;

  @Column('text')
  environment: string;

  @Column('text', { nullable: true })
  release: string | null;

  @Column('text', { name: 'player_id', nullable: true })
  playerId: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('text', { name: 'created_text' })
  createdText: string;

  @Column('integer', { name: 'trace_count' })
  traceCount: number;

  @Column('double precision', { name: 'cost_usd' })
  costUsd: number;

  @Column('double precision', { name: 'total_tokens' })
  totalTokens: number;

  @Column('double precision', { name: 'latency_sum_s' })
  latencySumS: number;

  @Column('integer', { name: 'latency_count' })
  latencyCount: number;

  @Column('text', { nullable: true })
  mortal: string | null;

  @Column('text', { nullable: true })
  match: string | null;

  @Column('double precision', { nullable: true })
  compatibility: number | null;

  @Column('integer', { name: 'max_chapter' })
  maxChapter: number;

  @Column('boolean', { name: 'has_end' })
  hasEnd: boolean;

  @Column('boolean', { name: 'is_complete' })
  isComplete: boolean;

  @Column('integer', { name: 'error_count' })
  errorCount: number;

  @Column('timestamptz', { name: 'first_at', nullable: true })
  firstAt: Date | null;

  @Column('text', { name: 'first_text', nullable: true })
  firstText: string | null;

  @Column('timestamptz', { name: 'last_at', nullable: true })
  lastAt: Date | null;

  @Column('text', { name: 'last_text', nullable: true })
  lastText: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('double precision', { name: 'duration_s', nullable: true })
  durationS: number | null;

  @Column('double precision', { name: 'wall_s', nullable: true })
  wallS: number | null;

  @Column('double precision', { name: 'engaged_s', nullable: true })
  engagedS: number | null;
}
