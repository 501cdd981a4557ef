import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ItemEntity } from '../catalog/item.entity.js';
import { CalendarSourceEntity } from './calendar-source.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_calendar_day' };

/** One day of a calendar: what is offered, and what it brings. Keyed by (source, date); nobody's own; deleted with its item. */
@Entity({ schema: 'market', name: 'calendar_day', comment: 'owner=none; erase=none' })
@Check('ck_calendar_day_quantity', 'quantity > 0')
@Index('ix_calendar_day_item', ['itemId'])
export class CalendarDayEntity {
  @ForeignKey(() => CalendarSourceEntity, { name: 'fk_calendar_day_source' })
  @PrimaryColumn('integer', { ...PRIMARY_KEY, name: 'source_id' })
  sourceId: number;

  @PrimaryColumn('date', { ...PRIMARY_KEY, name: 'on_date' })
  onDate: string;

  @ForeignKey(() => ItemEntity, { name: 'fk_calendar_day_item', onDelete: 'CASCADE' })
  @Column('integer', { name: 'item_id' })
  itemId: number;

  /** So many are to be offered. */
  @Column('integer')
  quantity: number;

  /** A word for the kind of bonus. */
  @Column('text', { name: 'bonus_type', nullable: true })
  bonusType: string | null;

  /** The bonus of the day in words. */
  @Column('text', { nullable: true })
  bonus: string | null;

  /** Kamas for the offering, where it is known. */
  @Column('integer', { name: 'reward_kamas', nullable: true })
  rewardKamas: number | null;

  /** Experience for the offering, as the share of the usual one that the source gives. */
  @Column('double precision', { name: 'xp_ratio', nullable: true })
  xpRatio: number | null;

  /** SHA-256 of all of that, as hex: a day that is sent again as it is stays untouched. */
  @Column('text')
  checksum: string;
}
