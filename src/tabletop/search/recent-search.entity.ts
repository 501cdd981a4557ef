import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MembershipEntity } from '../members/membership.entity.js';

/** One of the last few questions of a member, so that it can be asked again. Theirs alone, under row-level security; goes with their seat. */
@Entity({ schema: 'tabletop', name: 'recent_search', comment: 'owner=user; erase=tabletop-search' })
@ForeignKey(() => MembershipEntity, ['campaignId', 'userId'], ['campaignId', 'userId'], {
  name: 'fk_recent_search_member',
  onDelete: 'CASCADE',
})
@Index('ix_recent_search_campaign', ['campaignId', 'userId'])
export class RecentSearchEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_recent_search' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'pk_recent_search' })
  campaignId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_recent_search' })
  query: string;

  @Column('timestamptz', { name: 'searched_at', default: () => 'now()' })
  searchedAt: Date;
}
