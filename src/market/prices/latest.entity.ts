import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';
import { SourceEntity } from '../catalog/source.entity.js';

/**
 * The newest observation of an item on a server, copied here by the statement that stores it: reads of today's price never
 * touch the history. Keyed by (server, item); nobody's own; deleted with its item.
 */
@Entity({ schema: 'market', name: 'latest', comment: 'owner=none; erase=none' })
export class LatestEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_latest_server' })
  @PrimaryColumn('smallint', { name: 'server_id', primaryKeyConstraintName: 'pk_latest' })
  serverId: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_latest_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { name: 'item_id', primaryKeyConstraintName: 'pk_latest' })
  itemId: number;

  /** Price of ONE unit in the game's coin. */
  @Column('double precision')
  price: number;

  @Column('timestamptz', { name: 'captured_at' })
  capturedAt: Date;

  /** Number of listings seen, not a traded quantity. */
  @Column('integer')
  lots: number;

  @ForeignKey(() => SourceEntity, { name: 'fk_latest_source' })
  @Column('integer', { name: 'source_id' })
  sourceId: number;

  @Column('bigint', { name: 'observation_id' })
  observationId: number;

  /** Instant of the newest point that is withheld, or about which a curator has decided, where that is newer than this one. */
  @Column('timestamptz', { name: 'withheld_until', nullable: true })
  withheldUntil: Date | null;
}
