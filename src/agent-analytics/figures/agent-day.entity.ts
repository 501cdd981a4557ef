import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Runs of an agent that began on a day of UTC, also by hour. Nobody's own; rebuilt with the traces. */
@Entity({ schema: 'agent_analytics', name: 'agent_day', comment: 'owner=none; erase=none' })
export class AgentDayEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_agent_day' })
  projectId: string;

  @PrimaryColumn('date', { name: 'on_date', primaryKeyConstraintName: 'pk_agent_day' })
  onDate: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_agent_day' })
  name: string;

  @Column('integer', { name: 'run_count' })
  runCount: number;

  @Column('integer', { name: 'error_count' })
  errorCount: number;

  @Column('double precision', { name: 'latency_sum_ms' })
  latencySumMs: number;

  @Column('integer', { name: 'latency_count' })
  latencyCount: number;

  @Column('double precision', { name: 'cost_usd' })
  costUsd: number;

  @Column('double precision', { name: 'total_tokens' })
  totalTokens: number;

  @Column('integer', { name: 'hour_counts', array: true })
  hourCounts: number[];
}
