import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_decided_observation' };

/**
 * An instant and source at which a curator has corrected or deleted a price: whatever that source says of it again does not count. A
 * corrected price stands as it is and is never withheld. Nobody's own; deleted with its item.
 */
@Entity({ schema: 'market', name: 'decided_observation', comment: 'owner=none; erase=none' })
export class DecidedObservationEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_decided_observation_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_decided_observation_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @PrimaryColumn('timestamptz', { ...PRIMARY_KEY, name: 'captured_at' })
  capturedAt: Date;

  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'source_id' })
  sourceId: number;
}
