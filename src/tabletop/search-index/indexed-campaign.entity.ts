import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CampaignLanguage } from '../campaigns/campaign-kinds.js';
import { SearchIndexEntity } from './search-index.entity.js';

/** How far an index has followed a campaign. Outlives the campaign, as its documents do. */
@Entity({ schema: 'tabletop', name: 'indexed_campaign', comment: 'owner=none; erase=none' })
@Index('ix_indexed_campaign_campaign', ['campaignId'])
export class IndexedCampaignEntity {
  @PrimaryColumn('text', { name: 'index_name', primaryKeyConstraintName: 'pk_indexed_campaign' })
  @ForeignKey(() => SearchIndexEntity, { name: 'fk_indexed_campaign_index', onDelete: 'CASCADE' })
  indexName: string;

  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'pk_indexed_campaign' })
  campaignId: string;

  /** In which it was read: another one is told anew. */
  @Column('text')
  language: CampaignLanguage;

  /** Everything up to this number is in the index. */
  @Column('bigint', { name: 'settled_seq' })
  settledSeq: string;

  /** Numbers above it that are. */
  @Column('bigint', { name: 'applied_seqs', array: true })
  appliedSeqs: string[];

  /** Somebody tells the index of it until then at most; past = nobody does. */
  @Column('timestamptz', { name: 'fed_until' })
  fedUntil: Date;

  /** When it was last compared with the rows, or first told. */
  @Column('timestamptz', { name: 'checked_at' })
  checkedAt: Date;
}
