import { Entity, PrimaryColumn } from 'typeorm';

/**
 * A trace whose figures are not those of its raw rows any more. Nobody's own; each transaction that changes raw rows leaves a mark of its own;
 * gone with the rebuild that saw the change.
 */
@Entity({ schema: 'agent_analytics', name: 'dirty_trace', comment: 'owner=none; erase=none' })
export class DirtyTraceEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_dirty_trace' })
  projectId: string;

  @PrimaryColumn('text', { name: 'trace_id', primaryKeyConstraintName: 'pk_dirty_trace' })
  traceId: string;

  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_dirty_trace',
  })
  mark: string;
}
