import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What instrumentation has left out of a trace, see trace-gaps.ts; also of traces that nothing tells of. Nobody's own; rebuilt with the trace. */
@Entity({ schema: 'agent_analytics', name: 'trace_gap', comment: 'owner=none; erase=none' })
@Index('ix_trace_gap_at', ['projectId', 'at'])
export class TraceGapEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_trace_gap' })
  projectId: string;

  @PrimaryColumn('text', { name: 'trace_id', primaryKeyConstraintName: 'pk_trace_gap' })
  traceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_trace_gap' })
  kind: string;

  /** '' = of none. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_trace_gap' })
  agent: string;

  @Column('text')
  environment: string;

  @Column('timestamptz')
  at: Date;

  @Column('integer')
  count: number;
}
