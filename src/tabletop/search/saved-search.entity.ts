import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MembershipEntity } from '../members/membership.entity.js';

/** What is asked for. */
export interface SavedQuery {
  readonly q?: string | undefined;
  readonly types?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly session?: number | undefined;
}

/** A question that a member keeps. Theirs alone, under row-level security; keyed by a UUIDv7; goes with their seat at the table. */
@Entity({ schema: 'tabletop', name: 'saved_search', comment: 'owner=user; erase=tabletop-search' })
@ForeignKey(() => MembershipEntity, ['campaignId', 'userId'], ['campaignId', 'userId'], {
  name: 'fk_saved_search_member',
  onDelete: 'CASCADE',
})
@Index('ix_saved_search_user', ['userId', 'campaignId', 'id'])
export class SavedSearchEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_saved_search' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('text')
  name: string;

  @Column('jsonb')
  query: SavedQuery;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
