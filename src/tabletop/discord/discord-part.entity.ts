import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { DiscordPostEntity } from './discord-post.entity.js';

/** `sending` was claimed and is under way; `unsure` may have arrived: nobody answered. */
export type DiscordPartState = 'waiting' | 'sending' | 'sent' | 'unsure';

/** A message of a post. Masters' alone, under row-level security; keyed by its place in the post, with which it goes. */
@Entity({ schema: 'tabletop', name: 'discord_part', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => DiscordPostEntity, ['postId'], ['id'], {
  name: 'fk_discord_part_post',
  onDelete: 'CASCADE',
})
@Check(
  'ck_discord_part_state',
  `state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'unsure'::text])`,
)
export class DiscordPartEntity {
  @PrimaryColumn('uuid', { name: 'post_id', primaryKeyConstraintName: 'pk_discord_part' })
  postId: string;

  /** From 0. */
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'pk_discord_part' })
  part: number;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('text')
  content: string;

  @Column('text', { default: 'waiting' })
  state: DiscordPartState;

  /** As Discord calls the message. */
  @Column('text', { name: 'message_id', nullable: true })
  messageId: string | null;
}
