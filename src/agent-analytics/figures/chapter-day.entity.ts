import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Traces of a chapter that began on a day of UTC; chapter '' = none. Nobody's own; rebuilt with the traces. */
@Entity({ schema: 'agent_analytics', name: 'chapter_day', comment: 'owner=none; erase=none' })
export class ChapterDayEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_chapter_day' })
  projectId: string;

  @PrimaryColumn('date', { name: 'on_date', primaryKeyConstraintName: 'pk_chapter_day' })
  onDate: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_chapter_day' })
  chapter: string;

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

  @Column('integer', { name: 'error_count' })
  errorCount: number;
}
