import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CampaignEntity } from '../campaigns/campaign.entity.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import type { ImportCounts, ImportedThing } from './import-outcome.js';
import type { ImportSource, MappingReport } from './mapping-report.js';
import type { MergeConflict } from './three-way-merge.js';

export type CampaignImportState = 'waiting' | 'finished' | 'failed';

/**
 * A file that came into a campaign, and what became of it. Seen by masters and by whoever brought it, under row-level security; keyed by a UUIDv7;
 * goes with its campaign.
 */
@Entity({ schema: 'tabletop', name: 'import', comment: 'owner=none; erase=tabletop-campaigns' })
@ForeignKey(() => CampaignEntity, ['campaignId'], ['id'], { name: 'fk_import_campaign', onDelete: 'CASCADE' })
@Check(
  'ck_import_source',
  `source = ANY (ARRAY['dndbeyond'::text, 'foundry'::text, 'csv'::text, 'json'::text, 'obsidian'::text])`,
)
@Check('ck_import_state', `state = ANY (ARRAY['waiting'::text, 'finished'::text, 'failed'::text])`)
@Index('ix_import_campaign', ['campaignId', 'id'])
@Index('ix_import_person', ['importedBy'], { where: '(imported_by IS NOT NULL)' })
export class CampaignImportEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_import' })
  id: string;

  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;

  /** Null when the account has left for good. */
  @Column('uuid', { name: 'imported_by', nullable: true })
  importedBy: string | null;

  @Column('text')
  source: ImportSource;

  /** Of things that do not say what they are. */
  @Column('text')
  kind: ObjectKind;

  /** Sealed with the campaign's key; null once it is worked through. */
  @Column('bytea', { nullable: true })
  file: Buffer | null;

  @Column('text', { default: 'waiting' })
  state: CampaignImportState;

  /** Things of the file that are done. */
  @Column('integer', { default: 0 })
  position: number;

  @Column('integer', { nullable: true })
  total: number | null;

  @Column('jsonb', { default: {} })
  counts: ImportCounts;

  /** The first 200. */
  @Column('jsonb', { default: [] })
  objects: ImportedThing[];

  /** The first 200. */
  @Column('jsonb', { default: [] })
  conflicts: MergeConflict[];

  @Column('jsonb', { nullable: true })
  report: MappingReport | null;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
