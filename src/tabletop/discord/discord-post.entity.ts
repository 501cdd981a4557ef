import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';

export type DiscordPostState = 'waiting' | 'sent' | 'failed';

/** What was to be said of a session, once per wording. Masters' alone, under row-level security; keyed by a UUIDv7; goes with its session. */
@Entity({ schema: 'tabletop', name: 'discord_post', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_discord_post_digest', ['objectId', 'digest'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_discord_post_object',
  onDelete: 'CASCADE',
})
@Check('ck_discord_post_state', `state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text])`)
@Index('ix_discord_post_object', ['campaignId', 'objectId', 'id'])
export class DiscordPostEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_discord_post' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'object_id' })
  objectId: string;

  /** Of its messages. */
  @Column('uuid')
  digest: string;

  @Column('text', { default: 'waiting' })
  state: DiscordPostState;

  /** Why it has failed. */
  @Column('text', { nullable: true })
  error: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** When somebody last asked for it. */
  @Column('timestamptz', { name: 'opened_at', default: () => 'now()' })
  openedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
