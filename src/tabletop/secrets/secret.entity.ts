import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

/**
 * What only some may know of an object that others see, a row per field, under row-level security: masters, and the members that it is shown to.
 * The value is sealed with the campaign's key and opens at this row alone; goes with its object.
 */
@Entity({ schema: 'tabletop', name: 'secret', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_secret_field', ['objectId', 'field'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_secret_object',
  onDelete: 'CASCADE',
})
@Index('ix_secret_campaign', ['campaignId', 'objectId'])
export class SecretEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_secret' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'object_id' })
  objectId: string;

  /** What the secret is about, as the master calls it: `true-name`. Seen by whoever sees the secret. */
  @Column('text')
  field: string;

  @Column('bytea')
  value: Buffer;

  @Column('uuid', { name: 'shown_to', array: true, default: [] })
  shownTo: string[];

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
