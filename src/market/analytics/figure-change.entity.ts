import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_figure_change' };

/**
 * Series whose figures a version of market.figure_version has changed, for readers that hold the version before. A version without a
 * row has changed any of them. Keyed by (server, version); nobody's own; the last 64 are kept.
 */
@Entity({ schema: 'market', name: 'figure_change', comment: 'owner=none; erase=none' })
export class FigureChangeEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_figure_change_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @PrimaryColumn('bigint', { ...PRIMARY_KEY })
  version: number;

  @Column('integer', { name: 'item_ids', array: true })
  itemIds: number[];
}
