import { Entity, PrimaryColumn } from 'typeorm';

/** Keys that a scan has met in the span that it is reading. Nobody's own; deleted at the end of the span, or of the run. */
@Entity({ schema: 'platform', name: 'sync_seen', comment: 'owner=none; erase=none' })
export class SyncSeenEntity {
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'pk_sync_seen' })
  runId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_seen' })
  stream: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_seen' })
  key: string;
}
