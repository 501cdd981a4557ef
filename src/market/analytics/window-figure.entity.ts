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
export class WindowFigureEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_window_figure_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @PrimaryColumn('smallint', { ...PRIMARY_KEY }) // a copy: TypeORM writes the type into it
  days: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_window_figure_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @Column('integer')
  n: number;

  @Column('smallint', { name: 'day_count' })
  dayCount: number;

  @Column('timestamptz', { name: 'first_at' })
  firstAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  @Column('double precision', { name: 'last_price' })
  lastPrice: number;

  @Column('double precision', { name: 'first_mean' })
  firstMean: number;

  @Column('double precision', { name: 'last_mean' })
  lastMean: number;

  @Column('double precision', { name: 'mean_price' })
  meanPrice: number;

  @Column('double precision', { name: 'spread_pct', nullable: true })
  spreadPct: number | null;

  @Column('double precision', { name: 'classic_volatility_pct', nullable: true })
  classicVolatilityPct: number | null;

  @Column('double precision', { name: 'classic_reference', nullable: true })
  classicReference: number | null;

  @Column('smallint', { name: 'classic_trend', nullable: true })
  classicTrend: number | null;

  @Column('smallint', { name: 'classic_run_days', nullable: true })
  classicRunDays: number | null;

  @Column('double precision', { name: 'last_median' })
  lastMedian: number;

  @Column('double precision', { name: 'median_price' })
  medianPrice: number;

  @Column('double precision', { name: 'robust_volatility', nullable: true })
  robustVolatility: number | null;

  @Column('double precision', { name: 'robust_reference', nullable: true })
  robustReference: number | null;

  @Column('double precision', { name: 'robust_reference_volatility', nullable: true })
  robustReferenceVolatility: number | null;

  @Column('double precision', { name: 'robust_slope', nullable: true })
  robustSlope: number | null;

  @Column('double precision', { name: 'robust_p', nullable: true })
  robustP: number | null;

  @Column('smallint', { name: 'robust_trend', nullable: true })
  robustTrend: number | null;

  @Column('smallint', { name: 'robust_run_days', nullable: true })
  robustRunDays: number | null;
}
