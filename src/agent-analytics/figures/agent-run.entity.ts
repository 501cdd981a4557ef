import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ModelCost } from './model-costs.js';

/** One run of an agent with the usage of all that happened below it. Nobody's own; rebuilt with its trace. */
@Entity({ schema: 'agent_analytics', name: 'agent_run', comment: 'owner=none; erase=none' })
@Index('ix_agent_run_name', ['projectId', 'name', 'at', 'observationId'])
@Index('ix_agent_run_at', ['projectId', 'at'])
export class AgentRunEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_agent_run' })
  projectId: string;

  @PrimaryColumn('text', { name: 'trace_id', primaryKeyConstraintName: 'pk_agent_run' })
  traceId: string;

  @PrimaryColumn('text', { name: 'observation_id', primaryKeyConstraintName: 'pk_agent_run' })
  observationId: string;

  @Column('text')
  name: string;

  @Column('text')
  environment: string;

  @Column('text', { nullable: true })
  model: string | null;

  @Column('timestamptz')
  at: Date;

  @Column('text', { name: 'at_text' })
  atText: string;

  @Column('double precision', { name: 'latency_ms', nullable: true })
  latencyMs: number | null;

  @Column('double precision', { name: 'cost_usd' })
  costUsd: number;

  @Column('double precision', { name: 'total_tokens' })
  totalTokens: number;

  @Column('boolean', { name: 'is_error' })
  isError: boolean;

  /** See error-types.ts; null = it has not failed. */
  @Column('text', { name: 'error_type', nullable: true })
  errorType: string | null;

  /** See model-costs.ts. */
  @Column('jsonb', { default: [] })
  models: ModelCost[];
}
