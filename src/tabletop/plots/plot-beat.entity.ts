import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import type { BeatKind, BeatVisibility } from './plot-kinds.js';

/**
 * A milestone of a thread of the story, or a hook that foreshadows it. Belongs to its thread, of which the masters of the campaign see all, members
 * those milestones that are the party's; goes with the thread.
 */
@Entity({ schema: 'tabletop', name: 'plot_beat', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'plotId'], ['campaignId', 'id'], {
  name: 'fk_plot_beat_plot',
  onDelete: 'CASCADE',
})
@Check('ck_plot_beat_kind', `kind = ANY (ARRAY['milestone'::text, 'hook'::text])`)
@Check(
  'ck_plot_beat_visibility',
  `visibility = 'gm'::text OR visibility = 'party'::text AND kind = 'milestone'::text`,
)
@Check('ck_plot_beat_done', `is_done OR done_in IS NULL AND done_day IS NULL`)
@Index('ix_plot_beat_plot', ['campaignId', 'plotId', 'kind', 'id'])
export class PlotBeatEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_plot_beat' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'plot_id' })
  plotId: string;

  @Column('text')
  kind: BeatKind;

  @Column('text')
  title: string;

  @Column('text', { default: '' })
  note: string;

  @Column('text', { default: 'gm' })
  visibility: BeatVisibility;

  /** The session in which a hook was planted. */
  @Column('uuid', { name: 'planted_in', nullable: true })
  plantedIn: string | null;

  /** Day of the campaign's calendar. */
  @Column('bigint', { name: 'planted_day', nullable: true })
  plantedDay: number | null;

  /** Number of the session in which it is planned to come. */
  @Column('integer', { name: 'due_session', nullable: true })
  dueSession: number | null;

  @Column('bigint', { name: 'due_day', nullable: true })
  dueDay: number | null;

  /** Characters that have found a hook. */
  @Column('uuid', { name: 'discovered_by', array: true, default: [] })
  discoveredBy: string[];

  /** Reached, or paid off. */
  @Column('boolean', { name: 'is_done', default: false })
  isDone: boolean;

  @Column('uuid', { name: 'done_in', nullable: true })
  doneIn: string | null;

  @Column('bigint', { name: 'done_day', nullable: true })
  doneDay: number | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
