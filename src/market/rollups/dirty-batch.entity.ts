import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/**
 * Days whose raw rows changed and whose rollups have not followed yet: one row per writing statement, written in its
 * transaction. Keyed by an ascending id; nobody's own; deleted by the refresh that derives the days.
 */
@Entity({ schema: 'market', name: 'dirty_batch', comment: 'owner=none; erase=none' })
@Index('ix_dirty_batch_server', ['serverId', 'id'])
export class DirtyBatchEntity {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_dirty_batch',
  })
  id: number;

  @ForeignKey(() => ServerEntity, { name: 'fk_dirty_batch_server' })
  @Column('smallint', { name: 'server_id' })
  serverId: number;

  /** Pairs with `days`: position k of both is one day of one series. */
  @Column('integer', { name: 'item_ids', array: true })
  itemIds: number[];

  @Column('date', { array: true })
  days: string[];

  /** Length of both, so that portions are cut without unpacking them. */
  @Column('integer', { name: 'pair_count' })
  pairCount: number;

  @Column('timestamptz', { name: 'marked_at', default: () => 'clock_timestamp()' })
  markedAt: Date;
}
