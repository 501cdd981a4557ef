import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Visibility } from '../objects/object-kinds.js';
import { ObjectEntity } from '../objects/object.entity.js';
import type { LinkKind } from './link-kinds.js';

/**
 * What two objects of a campaign are to each other. Under row-level security like its ends, which every reader joins as well, so that nobody is told of
 * an end that they cannot see; keyed by a UUIDv7. It goes with either end; while one of them is deleted it waits.
 */
@Entity({ schema: 'tabletop', name: 'link', comment: 'owner=none; erase=tabletop-campaigns' })
@Unique('uq_link_campaign_id', ['campaignId', 'id'])
@ForeignKey(() => ObjectEntity, ['campaignId', 'fromId'], ['campaignId', 'id'], {
  name: 'fk_link_from',
  onDelete: 'CASCADE',
})
@ForeignKey(() => ObjectEntity, ['campaignId', 'toId'], ['campaignId', 'id'], {
  name: 'fk_link_to',
  onDelete: 'CASCADE',
})
@Check(
  'ck_link_kind',
  `kind = ANY (ARRAY['relationship'::text, 'edge'::text, 'appearance'::text, 'dependency'::text, 'ownership'::text, 'visit'::text, 'mention'::text])`,
)
@Check(
  'ck_link_visibility',
  `visibility = ANY (ARRAY['gm'::text, 'party'::text, 'members'::text, 'public'::text])`,
)
@Check('ck_link_ends', 'from_id <> to_id')
@Check('ck_link_strength', `strength >= '-100'::integer AND strength <= 100`)
@Check('ck_link_lengths', `distance_m >= 0::double precision AND travel_time_s >= 0::double precision`)
@Index('ix_link_from', ['campaignId', 'fromId', 'kind'])
@Index('ix_link_to', ['campaignId', 'toId', 'kind'])
@Index('ix_link_kind', ['campaignId', 'kind', 'id'])
@Index('uq_link_pair', ['fromId', 'toId', 'kind'], {
  unique: true,
  where: `(kind = ANY (ARRAY['appearance'::text, 'dependency'::text, 'ownership'::text, 'mention'::text]))`,
})
export class LinkEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_link' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  @Column('text')
  kind: LinkKind;

  @Column('uuid', { name: 'from_id' })
  fromId: string;

  @Column('uuid', { name: 'to_id' })
  toId: string;

  /** In the group's own words: `rival`, `road`. */
  @Column('text', { default: '' })
  type: string;

  /** Whether it holds from the one end to the other alone. */
  @Column('boolean', { name: 'is_directed', default: true })
  isDirected: boolean;

  /** -100 to 100; null = nobody said. */
  @Column('smallint', { nullable: true })
  strength: number | null;

  @Column('double precision', { name: 'distance_m', nullable: true })
  distanceM: number | null;

  @Column('double precision', { name: 'travel_time_s', nullable: true })
  travelTimeS: number | null;

  /** What links of its kind have; each room checks its own. */
  @Column('jsonb', { default: {} })
  details: object;

  @Column('text', { default: 'gm' })
  visibility: Visibility;

  /** Members who see it whatever its visibility says. */
  @Column('uuid', { name: 'shown_to', array: true, default: [] })
  shownTo: string[];

  @Column('integer', { default: 1 })
  version: number;

  @Column('bigint', { name: 'change_seq', default: () => 'tabletop.next_change()' })
  changeSeq: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
