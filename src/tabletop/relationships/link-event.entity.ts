import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { LinkEntity } from '../links/link.entity.js';

/**
 * How a relation has stood since some moment. Seen and written by whoever sees and writes the relation, under row-level security; keyed by a
 * UUIDv7; goes with the relation.
 */
@Entity({ schema: 'tabletop', name: 'link_event', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => LinkEntity, ['campaignId', 'linkId'], ['campaignId', 'id'], {
  name: 'fk_link_event_link',
  onDelete: 'CASCADE',
})
@Check('ck_link_event_strength', `strength >= '-100'::integer AND strength <= 100`)
@Index('ix_link_event_link', ['campaignId', 'linkId', 'happenedAt', 'id'])
export class LinkEventEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_link_event' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'link_id' })
  linkId: string;

  @Column('timestamptz', { name: 'happened_at' })
  happenedAt: Date;

  /** The day in the world, as the group writes it. */
  @Column('text', { name: 'world_date', nullable: true })
  worldDate: string | null;

  @Column('text', { default: '' })
  type: string;

  /** -100 to 100; null = nobody said. */
  @Column('smallint', { nullable: true })
  strength: number | null;

  @Column('text', { default: '' })
  notes: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
