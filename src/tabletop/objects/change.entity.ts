import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';

/** Who changed what in a campaign, with before and after but for secrets. Read by its masters; kept as long as the campaign says. */
@Entity({ schema: 'tabletop', name: 'change', comment: 'owner=none; erase=tabletop-campaigns' })
@Index('ix_change_campaign', ['campaignId', 'id'])
@Index('ix_change_object', ['objectId', 'id'], { where: '(object_id IS NOT NULL)' })
@Index('ix_change_actor', ['actorId'], { where: '(actor_id IS NOT NULL)' })
export class ChangeEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_change',
  })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  @ForeignKey(() => CampaignEntity, { name: 'fk_change_campaign', onDelete: 'CASCADE' })
  campaignId: string;

  @Column('uuid', { name: 'object_id', nullable: true })
  objectId: string | null;

  /** Of the object, or `campaign`, `member`, `invite`, `grant`, `secret`, `link` ... */
  @Column('text')
  kind: string;

  /** Null when they have left for good. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  /** Past tense: `created`. */
  @Column('text')
  action: string;

  @Column('jsonb', { nullable: true })
  before: object | null;

  @Column('jsonb', { nullable: true })
  after: object | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}
