import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';

/** A code by which accounts take a seat. Of a campaign, seen by its masters; only the code's digest is kept; deleted when it is taken back. */
@Entity({ schema: 'tabletop', name: 'invite', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_invite_code', ['codeDigest'])
@Check('ck_invite_role', `role = ANY (ARRAY['gm'::text, 'player'::text, 'observer'::text])`)
@Check('ck_invite_uses', 'uses >= 0 AND uses <= most_uses')
@Index('ix_invite_campaign', ['campaignId', 'id'])
export class InviteEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_invite' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  @ForeignKey(() => CampaignEntity, { name: 'fk_invite_campaign', onDelete: 'CASCADE' })
  campaignId: string;

  @Column('bytea', { name: 'code_digest' })
  codeDigest: Buffer;

  @Column('text')
  role: SeatRole;

  @Column('integer', { name: 'most_uses' })
  mostUses: number;

  @Column('integer', { default: 0 })
  uses: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
