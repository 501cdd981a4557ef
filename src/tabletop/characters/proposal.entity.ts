import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ObjectEntity } from '../objects/object.entity.js';
import type { Json, JsonObject } from './merge-patch.js';
import type { ProposalStatus } from './proposal-statuses.js';

/**
 * What a player would change of a character. Of the account that proposes it, seen and decided by the campaign's masters, under row-level security;
 * keyed by a UUIDv7; deleted by its account while it is open, with the account, and with its character.
 */
@Entity({ schema: 'tabletop', name: 'proposal', comment: 'owner=user; erase=tabletop-characters' })
@ForeignKey(() => ObjectEntity, ['campaignId', 'objectId'], ['campaignId', 'id'], {
  name: 'fk_proposal_object',
  onDelete: 'CASCADE',
})
@Check('ck_proposal_status', `status = ANY (ARRAY['open'::text, 'accepted'::text, 'rejected'::text])`)
@Check('ck_proposal_decided', `(status = 'open'::text) = (decided_at IS NULL)`)
@Index('ix_proposal_object', ['campaignId', 'objectId', 'id'])
@Index('ix_proposal_user', ['userId', 'id'])
export class ProposalEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_proposal' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('uuid', { name: 'object_id' })
  objectId: string;

  /** A JSON merge patch of the character's state. */
  @Column('jsonb')
  patch: JsonObject;

  /** How the places that it touches were when it was made. */
  @Column('jsonb')
  before: Json;

  @Column('text', { default: 'open' })
  status: ProposalStatus;

  /** Of the master who decided. */
  @Column('text', { default: '' })
  reason: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;
}
