import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';
import type { ObjectKind, Visibility } from './object-kinds.js';

/**
 * Something that a group knows: a person, a place, a plot, an evening. Of a campaign, under row-level security that shows masters everything and
 * members what is meant for them; keyed by a UUIDv7; deleted for good some time after a master has deleted it.
 */
@Entity({ schema: 'tabletop', name: 'object', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_object_campaign_id', ['campaignId', 'id'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'parentId'], ['campaignId', 'id'], {
  name: 'fk_object_parent',
})
@Check(
  'ck_object_kind',
  `kind = ANY (ARRAY['character'::text, 'location'::text, 'plot'::text, 'session'::text, 'item'::text, 'event'::text, 'map'::text, 'table'::text, 'note'::text, 'arc'::text, 'achievement'::text, 'encounter'::text])`,
)
@Check(
  'ck_object_visibility',
  `visibility = ANY (ARRAY['gm'::text, 'party'::text, 'members'::text, 'public'::text])`,
)
@Check('ck_object_parent', 'parent_id <> id')
@Index('ix_object_kind_name', ['campaignId', 'kind', 'name', 'id'])
@Index('ix_object_name', ['campaignId', 'name', 'id'])
@Index('ix_object_kind_id', ['campaignId', 'kind', 'id'])
@Index('ix_object_parent', ['campaignId', 'parentId'], { where: '(parent_id IS NOT NULL)' })
@Index('ix_object_owner', ['ownerId'], { where: '(owner_id IS NOT NULL)' })
@Index('ix_object_change', ['campaignId', 'changeSeq'])
@Index('ix_object_search', ['search'], { type: 'gin' })
@Index('ix_object_deleted', ['deletedAt'], { where: '(deleted_at IS NOT NULL)' })
export class ObjectEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_object' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  @ForeignKey(() => CampaignEntity, { name: 'fk_object_campaign', onDelete: 'CASCADE' })
  campaignId: string;

  @Column('text')
  kind: ObjectKind;

  @Column('text')
  name: string;

  /** A sentence or two. */
  @Column('text', { default: '' })
  summary: string;

  /** Markdown. */
  @Column('text', { default: '' })
  body: string;

  /** What objects of its kind have; each room checks its own. */
  @Column('jsonb', { default: {} })
  details: object;

  @Column('text', { array: true, default: [] })
  tags: string[];

  /** Other names of it, for whoever may see it. */
  @Column('text', { array: true, default: [] })
  aliases: string[];

  @Column('text', { default: 'gm' })
  visibility: Visibility;

  /** Members who see it whatever its visibility says. */
  @Column('uuid', { name: 'shown_to', array: true, default: [] })
  shownTo: string[];

  /** The player whose character it is. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId: string | null;

  /** The place around a place, the character of an arc. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  /** Words of it by the campaign's language. */
  @Column('tsvector', { default: '' })
  search: string;

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint', { name: 'change_seq', default: () => 'tabletop.next_change()' })
  changeSeq: string;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt: Date | null;
}
