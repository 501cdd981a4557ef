import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';

/** Where a campaign's posts go. Masters' alone, under row-level security; keyed by its campaign, with which it goes. */
@Entity({ schema: 'tabletop', name: 'discord_channel', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => CampaignEntity, ['campaignId'], ['id'], {
  name: 'fk_discord_channel_campaign',
  onDelete: 'CASCADE',
})
export class DiscordChannelEntity {
  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'pk_discord_channel' })
  campaignId: string;

  /** The webhook's address, which is its secret: sealed with the campaign's key. */
  @Column('bytea', { name: 'sealed_url' })
  sealedUrl: Buffer;

  /** Of the address, so that a master knows it again. */
  @Column('text', { name: 'last_four' })
  lastFour: string;

  @Column('text', { default: '' })
  label: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
