import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

/** What a model makes of an object's texts. Touched by the platform's role alone; goes with the object. */
@Entity({ schema: 'tabletop', name: 'object_vector', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_object_vector_object',
  onDelete: 'CASCADE',
})
@Index('ix_object_vector_campaign', ['campaignId'])
export class ObjectVectorEntity {
  @PrimaryColumn('uuid', { name: 'object_id', primaryKeyConstraintName: 'pk_object_vector' })
  objectId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('text')
  model: string;

  /** Of the object, when its texts were read. */
  @Column('integer', { name: 'object_version' })
  objectVersion: number;

  /** Empty where the model took none of them. */
  @Column('real', { array: true })
  embedding: number[];
}
