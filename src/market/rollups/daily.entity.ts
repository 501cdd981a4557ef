import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_daily' };

/**
 * A series (item on a server) on one UTC day: what the raw rows of that day come to. Keyed by (server, item, day); nobody's own;
 * derived from raw rows and deleted with the last of them or with its item, but kept when a month's raw rows are taken away.
 */
@Entity({ schema: 'market', name: 'daily', comment: 'owner=none; erase=none' })
@Check('ck_daily_n', 'n > 0')
export class DailyEntity {
  @ForeignKey(() => ServerEntity, { name: 'fk_daily_server' })
  @PrimaryColumn('smallint', { ...PRIMARY_KEY, name: 'server_id' })
  serverId: number;

  /** No foreign key: it would read the whole table for a deleted item (item-removal.service.ts). */
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'item_id' })
  itemId: number;

  @PrimaryColumn('date', { ...PRIMARY_KEY })
  day: string;

  @Column('integer')
  n: number;

  /** Of the prices of one unit, in the game's coin, as all prices below. */
  @Column('double precision')
  sum: number;

  /** Earliest price of the day, by (captured_at, id). */
  @Column('double precision')
  open: number;

  @Column('double precision')
  high: number;

  @Column('double precision')
  low: number;

  /** Last price of the day, by (captured_at, id). */
  @Column('double precision')
  close: number;

  /** Of the rows that are not flagged; of all where all are. */
  @Column('double precision')
  median: number;

  @Column('timestamptz', { name: 'first_at' })
  firstAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  /** Of all rows, where flags move the median away from it; else null. */
  @Column('double precision', { name: 'raw_median', nullable: true })
  rawMedian: number | null;

  /** Earliest price that is not flagged, where it is another than `open`; NaN where all are flagged. */
  @Column('double precision', { name: 'clean_open', nullable: true })
  cleanOpen: number | null;

  /** Last price that is not flagged, where it is another than `close`; NaN where all are flagged. */
  @Column('double precision', { name: 'clean_close', nullable: true })
  cleanClose: number | null;

  /** When that one was seen, where that was not `lastAt`. */
  @Column('timestamptz', { name: 'clean_at', nullable: true })
  cleanAt: Date | null;
}
