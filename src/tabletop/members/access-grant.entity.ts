import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import { MembershipEntity } from './membership.entity.js';

/** A member may see or change one object until it ends. Written by masters; goes with the seat and with the object. */
@Entity({ schema: 'tabletop', name: 'access_grant', comment: 'owner=user; erase=tabletop-campaigns' })
@Unique('uq_access_grant', ['objectId', 'userId'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_access_grant_object',
  onDelete: 'CASCADE',
})
@ForeignKey(() => MembershipEntity, ['campaignId', 'userId'], ['campaignId', 'userId'], {
  name: 'fk_access_grant_member',
  onDelete: 'CASCADE',
})
@Check('ck_access_grant_level', `level = ANY (ARRAY['read'::text, 'write'::text])`)
@Index('ix_access_grant_user', ['userId', 'expiresAt'])
@Index('ix_access_grant_campaign', ['campaignId', 'id'])
export class AccessGrantEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_access_grant' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'object_id' })
  objectId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  level: 'read' | 'write';

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
