import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * Series whose figures have to follow their days. Keyed by a running number; nobody's own; inserted by a refresh of rollups in its
 * transaction, deleted in that of the figures.
 */
@Entity({ schema: 'market', name: 'stale_series', comment: 'owner=none; erase=none' })
@Index('ix_stale_series_server', ['serverId', 'id'])
export class StaleSeriesEntity {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_stale_series',
  })
  id: number;

  @ForeignKey(() => ServerEntity, { name: 'fk_stale_series_server' })
  @Column('smallint', { name: 'server_id' })
  serverId: number;

  @Column('integer', { name: 'item_ids', array: true })
  itemIds: number[];

  /** Days that have changed, for the index; none where figures are stale because a day has begun. */
  @Column('date', { array: true, default: () => `'{}'` })
  days: string[];

  @Column('timestamptz', { name: 'marked_at', default: () => 'clock_timestamp()' })
  markedAt: Date;
}
