import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What a tab of a Google sheet held when it was last read, for everybody. Keyed by Google's id of the sheet and the title; the tab without
 * a title is the list of the sheet's tabs. Rows of sheets that are no longer in the settings stay and are not read.
 */
@Entity({ schema: 'destiny', name: 'sheet_tab', comment: 'owner=none; erase=none' })
@Check(
  'ck_sheet_tab_cells',
  '(cells IS NULL) = (fetched_at IS NULL) AND (cells IS NULL) = (content_hash IS NULL)',
)
export class SheetTabEntity {
  @PrimaryColumn('text', { name: 'spreadsheet_id', primaryKeyConstraintName: 'pk_sheet_tab' })
  spreadsheetId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sheet_tab' })
  title: string;

  /** Where it was read: `gid:<id>` of a public sheet, `api:<name as Google has it>`. */
  @Column('text')
  origin: string;

  /** Counts ends of fetches, good and bad: whoever claims the next one has seen this one. */
  @Column('integer')
  version: number;

  /** Clean: see `clean-cells.ts`; null = never read. */
  @Column('json', { nullable: true })
  cells: unknown;

  /** SHA-256 of the JSON of `cells`. */
  @Column('bytea', { name: 'content_hash', nullable: true })
  contentHash: Buffer | null;

  /** Without the heading. */
  @Column('integer', { name: 'row_count' })
  rowCount: number;

  @Column('boolean', { name: 'is_cut' })
  isCut: boolean;

  @Column('timestamptz', { name: 'fetched_at', nullable: true })
  fetchedAt: Date | null;

  /** Of the list of tabs: everything older is to be read anew. */
  @Column('timestamptz', { name: 'refreshed_at', nullable: true })
  refreshedAt: Date | null;

  /** null = the last fetch went well. */
  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt: Date | null;

  @Column('text', { nullable: true })
  failure: string | null;

  /** Not to be tried before. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt: Date | null;

  /** Of the one fetch that is under way, in whatever process. */
  @Column('uuid', { name: 'claim_id', nullable: true })
  claimId: string | null;

  /** After this the one who claimed it is taken for dead. */
  @Column('timestamptz', { name: 'claimed_until', nullable: true })
  claimedUntil: Date | null;
}
