import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RunImportEntity } from './run-import.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_run_import_item' };

/** What came of one activity of one file of an import. Owned as its import is, and goes with it. */
@Entity({ schema: 'running', name: 'run_import_item', comment: 'owner=user; erase=running-imports' })
@Check(
  'ck_run_import_item_outcome',
  `outcome = ANY (ARRAY['imported'::text, 'duplicate'::text, 'refused'::text])`,
)
@ForeignKey(() => RunImportEntity, ['userId', 'importId'], ['userId', 'id'], {
  name: 'fk_run_import_item_import',
  onDelete: 'CASCADE',
})
export class RunImportItemEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'import_id' })
  importId: string;

  /** 0-based place of its file in the archive; 0 of a file alone. */
  @PrimaryColumn('integer', PRIMARY_KEY)
  entry: number;

  /** 0-based place among what the file holds. */
  @PrimaryColumn('integer', PRIMARY_KEY)
  activity: number;

  /** Of the file within its archive; null of a file alone. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('text')
  outcome: 'imported' | 'duplicate' | 'refused';

  /** Why it was refused (import-refusal.ts), or how it is known: `same-file` or `same-run`. */
  @Column('text', { nullable: true })
  code: string | null;

  @Column('text', { nullable: true })
  detail: string | null;

  /** The run that it became, or that was there; it may be deleted since. */
  @Column('uuid', { name: 'run_id', nullable: true })
  runId: string | null;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;
}
