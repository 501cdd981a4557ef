import { Column, Entity, Generated, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_api_performance_logs' };

/**
 * One finished request or job, or the alert that it was slow. About the account that asked; written in batches by the sink
 * and read by administrators alone, under row-level security that knows no other role; keyed by (instant, id), in one
 * partition per UTC day; a whole partition is dropped after PROFILING_RETENTION_DAYS.
 */
@Entity({ schema: 'platform', name: 'api_performance_logs', comment: 'owner=user; erase=profiling' })
export class ApiPerformanceLogEntity {
  /** Ascends with the time of storing, in steps and with gaps. */
  @PrimaryColumn('bigint', { ...PRIMARY_KEY })
  @Generated('increment')
  id: number;

  /** When it ended. */
  @PrimaryColumn('timestamptz', { ...PRIMARY_KEY })
  timestamp: Date;

  /** `<METHOD> <pattern>` of a request, `job:<name>` of a job. */
  @Column('text')
  endpoint: string;

  /** `request`, `job` or `slow_request_alert`. The operations inside of it lie in `extraData.spans`. */
  @Column('text')
  operation: string;

  @Column('double precision', { name: 'duration_ms' })
  durationMs: number;

  /** The account; null for strangers. */
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  @Column('text', { name: 'conversation_id', nullable: true })
  conversationId: string | null;

  @Column('text', { name: 'message_id', nullable: true })
  messageId: string | null;

  @Column('text', { name: 'request_id' })
  requestId: string;

  /** Status and spans; see docs/decisions/profiling.md. */
  @Column('jsonb', { name: 'extra_data', nullable: true })
  extraData: unknown;
}
