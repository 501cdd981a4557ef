import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import type { ImportState } from './import-state.js';

const OUTCOMES = ['imported', 'duplicate', 'refused'] as const;
type Outcome = (typeof OUTCOMES)[number];
const STATES = ['running', 'finished', 'stopped'] as const satisfies readonly ImportState[];

export class RunImportDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** A `file` alone, or the files of an `archive` (ZIP). */
  @ApiProperty({ enum: ['file', 'archive'] })
  kind: 'file' | 'archive';

  /** `stopped`: its job was cancelled or has failed for good; it can be started again and goes on where it was, or be discarded. */
  @ApiProperty({ enum: STATES })
  state: ImportState;

  /** Its progress, cancellation and end are at `/api/v1/jobs/{id}`. */
  @ApiProperty({ format: 'uuid' })
  jobId: string;

  /** As it was sent. */
  @ApiProperty({ type: 'integer' })
  sizeBytes: number;

  /** Files in it; null until the job has looked. */
  @ApiProperty({ type: 'integer', nullable: true })
  fileCount: number | null;

  /** Files that have been worked through. */
  @ApiProperty({ type: 'integer' })
  doneCount: number;

  /** Runs that came in. */
  @ApiProperty({ type: 'integer' })
  importedCount: number;

  /** Runs that were there already. */
  @ApiProperty({ type: 'integer' })
  duplicateCount: number;

  /** Files, and activities of files, that are no runs. */
  @ApiProperty({ type: 'integer' })
  refusedCount: number;

  /** Why it was refused as a whole, for example `archive-too-large`; null = it was not. */
  @ApiProperty({ type: String, nullable: true })
  refusalCode: string | null;

  @ApiProperty({ type: String, nullable: true })
  refusalDetail: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export class RunImportsDto {
  /** Newest first. */
  @ApiProperty({ type: [RunImportDto] })
  items: RunImportDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RunImportItemsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: OUTCOMES })
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: Outcome;
}

export class RunImportItemDto {
  /** 0-based place of its file within the archive. */
  @ApiProperty({ type: 'integer' })
  file: number;

  /** 0-based place among what the file holds. */
  @ApiProperty({ type: 'integer' })
  activity: number;

  /** Of the file within its archive; null of a file alone. */
  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ enum: OUTCOMES })
  outcome: Outcome;

  /** Why it was refused, for example `no-times`; of a duplicate `same-file` or `same-run` (same start and distance). */
  @ApiProperty({ type: String, nullable: true })
  code: string | null;

  /** The reason in a sentence. */
  @ApiProperty({ type: String, nullable: true })
  detail: string | null;

  /** The run that it became, or that was there already. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  runId: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  startedAt: string | null;
}

export class RunImportItemsDto {
  /** In the order of the archive. */
  @ApiProperty({ type: [RunImportItemDto] })
  items: RunImportItemDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
