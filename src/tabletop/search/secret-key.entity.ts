import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';

/** The key by which words of a campaign's secrets are digested, sealed with the campaign's own. Touched by the platform's role alone. */
@Entity({ schema: 'tabletop', name: 'secret_key', comment: 'owner=none; erase=tabletop-campaigns' })
export class SecretKeyEntity {
  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'pk_secret_key' })
  @ForeignKey(() => CampaignEntity, { name: 'fk_secret_key_campaign', onDelete: 'CASCADE' })
  campaignId: string;

  @Column('bytea', { name: 'sealed_key' })
  sealedKey: Buffer;
}
