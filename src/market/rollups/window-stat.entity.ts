import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { ServerEntity } from '../catalog/server.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_window_stat' };

/**
 * A series over a standard window, the days [as_of - days, as_of]. Keyed by (server, days, item); nobody's own; derived from
 * `daily`, deleted when the series has no day left in the window, or with its item.
 */
@Entity({ schema: 'market', name: 'window_stat', comment: 'owner=none; erase=none' })
@Check('ck_window_stat_days', 'days IN (7, 30, 90, 365)')
@Check('ck_window_stat_n', 'n > 0 AND day_count > 0')
export class WindowStatEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_window_stat_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  @PrimaryColumn('smallint', { ...PRIMARY_KEY }) // a copy: TypeORM writes the type into it
  days: number;

  @ForeignKey(() => ItemEntity, { name: 'fk_window_stat_item', onDelete: 'CASCADE' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  /** Last day of the window, the same for all rows of a server (market.rollup_version). */
  @Column('date', { name: 'as_of' })
  asOf: string;

  @Column('integer')
  n: number;

  /** Days on which the series was seen. */
  @Column('smallint', { name: 'day_count' })
  dayCount: number;

  /** Of the prices of one unit, in the game's coin, as all prices below. */
  @Column('double precision')
  sum: number;

  @Column('date', { name: 'first_day' })
  firstDay: string;

  @Column('date', { name: 'last_day' })
  lastDay: string;

  /** Mean of the first day seen. */
  @Column('double precision', { name: 'first_mean' })
  firstMean: number;

  @Column('double precision', { name: 'last_mean' })
  lastMean: number;

  /** Median of the medians of the first three days seen, of fewer where there are fewer. */
  @Column('double precision', { name: 'first_median' })
  firstMedian: number;

  @Column('double precision', { name: 'last_median' })
  lastMedian: number;

  @Column('timestamptz', { name: 'first_at' })
  firstAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  /** Third day seen, null while there are fewer: only changes up to it can move the first end. */
  @Column('date', { name: 'head_until', nullable: true })
  headUntil: string | null;
}
