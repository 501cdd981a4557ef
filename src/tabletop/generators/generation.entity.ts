import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';
import type { GenerationKind } from './draft.js';
import type { Audience, GenerationEngine, GenerationState } from './generation-kinds.js';

/**
 * What a generator has made for a campaign: a draft that its masters see, change, and take over or not. Written by masters and, while a model
 * writes, by the platform; keyed by a UUIDv7; the oldest that became nothing are deleted when others are made.
 */
@Entity({ schema: 'tabletop', name: 'generation', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => CampaignEntity, ['campaignId'], ['id'], {
  name: 'fk_generation_campaign',
  onDelete: 'CASCADE',
})
@Check(
  'ck_generation_kind',
  `kind = ANY (ARRAY['npc'::text, 'location'::text, 'shop'::text, 'encounter'::text, 'loot'::text, 'hook'::text])`,
)
@Check('ck_generation_engine', `engine = ANY (ARRAY['rules'::text, 'ai'::text])`)
@Check('ck_generation_made_by', `made_by = ANY (ARRAY['rules'::text, 'model'::text])`)
@Check('ck_generation_audience', `audience = ANY (ARRAY['gm'::text, 'party'::text])`)
@Check(
  'ck_generation_state',
  `state = ANY (ARRAY['pending'::text, 'draft'::text, 'accepted'::text, 'discarded'::text])`,
)
@Index('ix_generation_campaign', ['campaignId', 'id'])
export class GenerationEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_generation' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('text')
  kind: GenerationKind;

  @Column('text')
  seed: string;

  @Column('jsonb')
  inputs: object;

  /** That was asked for. */
  @Column('text')
  engine: GenerationEngine;

  /** Of the rules, which made the draft or what a model filled. */
  @Column('text', { name: 'engine_version' })
  engineVersion: string;

  /** Who is meant to read what comes of it: nothing that they must not know has gone into a prompt. */
  @Column('text')
  audience: Audience;

  @Column('text')
  state: GenerationState;

  /** The draft without its secrets. */
  @Column('jsonb')
  output: object;

  /** The draft's secrets as JSON, sealed with the campaign's key; null once they are the object's. */
  @Column('bytea', { nullable: true })
  secrets: Buffer | null;

  @Column('text', { name: 'made_by' })
  madeBy: 'rules' | 'model';

  /** Who wrote it, as the model's server says. */
  @Column('text', { nullable: true })
  model: string | null;

  /** Why no model has written what one was asked to. */
  @Column('text', { nullable: true })
  fault: string | null;

  /** The job in which a model still writes. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  /** Of the object that it becomes, given out beforehand so that taking over twice makes one. */
  @Column('uuid', { name: 'object_id' })
  objectId: string;

  @Column('int', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
