import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A month whose raw rows were taken out of the history. Keyed by its first day; nobody's own; never deleted: it says that a
 * day's row may know more than the raw rows that are left.
 */
@Entity({ schema: 'market', name: 'detached_month', comment: 'owner=none; erase=none' })
export class DetachedMonthEntity {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_detached_month' })
  month: string;

  @Column('timestamptz', { name: 'detached_at', default: () => 'clock_timestamp()' })
  detachedAt: Date;
}
