import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_window_figure' };

/**
 * What lists are made of: a series over a standard window, the days [as_of - days, as_of] of market.figure_version; each figure as
 * series-figure.ts has it. Keyed by (server, days, item); nobody's own; worked out from `daily`, deleted when the series has no
 * day left in the window, or with its item.
 */
@Entity({ schema: 'market', name: 'window_figure', comment: 'owner=none; erase=none' })
@Check('ck_window_figure_days', 'days IN (7, 30, 90, 365)')
@Check('ck_window_figure_figures', 'octet_length(figures) = 192')
export class WindowFigureEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_window_figure_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @PrimaryColumn('smallint', { ...PRIMARY_KEY }) // a copy: TypeORM writes the type into it
  days: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_window_figure_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  /** 24 doubles, little-endian, in the order of FIGURES; NaN is what cannot be said. */
  @Column('bytea')
  figures: Buffer;
}
