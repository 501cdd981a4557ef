import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

/**
 * What somebody heard or typed, and the object that was meant: found by it from then on. Of a campaign, under row-level security that shows
 * members those of objects that they see, and masters all; keyed by a UUIDv7; deleted by masters, and with its object.
 */
@Entity({ schema: 'tabletop', name: 'learnt_name', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_learnt_name', ['objectId', 'isForMasters', 'heard'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_learnt_name_object',
  onDelete: 'CASCADE',
})
@Index('ix_learnt_name_change', ['campaignId', 'changeSeq'])
export class LearntNameEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_learnt_name' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'object_id' })
  objectId: string;

  @Column('text')
  heard: string;

  /** A master's own, which may tell what players must not know. */
  @Column('boolean', { name: 'is_for_masters' })
  isForMasters: boolean;

  @Column('bigint', { name: 'change_seq', default: () => 'tabletop.next_change()' })
  changeSeq: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
