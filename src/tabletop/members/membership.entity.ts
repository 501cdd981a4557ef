import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';

/**
 * A seat at a campaign's table, from which row-level security of everything in the campaign follows. Its account sees it; the platform's role alone
 * writes it, so that nobody seats themselves. It goes when its member leaves.
 */
@Entity({ schema: 'tabletop', name: 'membership', comment: 'owner=user; erase=tabletop-campaigns' })
@Check('ck_membership_role', `role = ANY (ARRAY['gm'::text, 'player'::text, 'observer'::text])`)
@Index('ix_membership_user', ['userId', 'campaignId'])
export class MembershipEntity {
  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'pk_membership' })
  @ForeignKey(() => CampaignEntity, { name: 'fk_membership_campaign', onDelete: 'CASCADE' })
  campaignId: string;

  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_membership' })
  userId: string;

  @Column('text')
  role: SeatRole;

  /** As the others of the table call them. */
  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('timestamptz', { name: 'joined_at', default: () => 'now()' })
  joinedAt: Date;

  /** While the campaign is deleted, nobody sees anything of it. */
  @Column('timestamptz', { name: 'suspended_at', nullable: true })
  suspendedAt: Date | null;
}
