import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { AiPolicy, CampaignLanguage, GameSystem } from './campaign-kinds.js';

/**
 * A group's game. Owned by the account that founded it or took it over, read by its members, changed by its masters, under row-level security;
 * keyed by a UUIDv7; deleted for good some time after its owner has deleted it.
 */
@Entity({ schema: 'tabletop', name: 'campaign', comment: 'owner=user; erase=tabletop-campaigns' })
@Check('ck_campaign_system', `system = ANY (ARRAY['dnd5e'::text, 'generic'::text])`)
@Check(
  'ck_campaign_language',
  `language = ANY (ARRAY['en'::text, 'de'::text, 'es'::text, 'fr'::text, 'it'::text, 'nl'::text, 'pt'::text, 'simple'::text])`,
)
@Check('ck_campaign_ai_policy', `ai_policy = ANY (ARRAY['off'::text, 'local'::text, 'any'::text])`)
@Check('ck_campaign_change_days', 'change_days >= 1')
@Index('ix_campaign_user', ['userId', 'id'])
export class CampaignEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_campaign' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  name: string;

  @Column('text', { default: '' })
  description: string;

  @Column('text', { default: 'generic' })
  system: GameSystem;

  @Column('text', { default: 'en' })
  language: CampaignLanguage;

  /** What generated texts should sound like. */
  @Column('jsonb', { default: {} })
  tone: object;

  /** The world's own calendar; null = there is none. */
  @Column('jsonb', { nullable: true })
  calendar: object | null;

  /** Days for which its log is kept; null = as long as the campaign. */
  @Column('integer', { name: 'change_days', nullable: true })
  changeDays: number | null;

  @Column('text', { name: 'ai_policy', default: 'off' })
  aiPolicy: AiPolicy;

  /** Whether members may take along what they see. */
  @Column('boolean', { name: 'has_exports', default: true })
  hasExports: boolean;

  /** Whether what players change on sheets waits for a master. */
  @Column('boolean', { name: 'needs_approval', default: false })
  needsApproval: boolean;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
