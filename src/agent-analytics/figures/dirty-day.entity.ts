import { Entity, PrimaryColumn } from 'typeorm';

/** A day of UTC whose sums are out of date: written with the derived rows, taken by the rebuild that sums up anew. */
@Entity({ schema: 'agent_analytics', name: 'dirty_day', comment: 'owner=none; erase=none' })
export class DirtyDayEntity {
  @PrimaryColumn('text', { name: 'project_id', primaryKeyConstraintName: 'pk_dirty_day' })
  projectId: string;

  @PrimaryColumn('date', { name: 'on_date', primaryKeyConstraintName: 'pk_dirty_day' })
  onDate: string;
}
