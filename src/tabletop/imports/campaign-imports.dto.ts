import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsUUID, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { OBJECT_KINDS, type ObjectKind } from '../objects/object-kinds.js';
import type { CampaignImportState } from './campaign-import.entity.js';
import { IMPORT_OUTCOMES, type ImportOutcome } from './import-outcome.js';
import { IMPORT_SOURCES, type ImportSource } from './mapping-report.js';

export class CampaignImportQueryDto {
  /** What things are that do not say it themselves, of `csv`, `json` and `obsidian` (note). */
  @ApiPropertyOptional({ enum: OBJECT_KINDS, default: 'note' })
  @ValidateIf(isGiven)
  @IsIn(OBJECT_KINDS)
  kind: ObjectKind = 'note';
}

export class CharacterImportDto {
  /** The campaign that it comes into. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  campaignId: string;

  /** The sheet as the other side gives it out, at most a megabyte here. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  sheet: object;
}

export class ImportedThingDto {
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  id: string | null;
  name: string;
  /** `proposed`: a master has the last word; `refused`: the caller may not make or change it. */
  @ApiProperty({ enum: IMPORT_OUTCOMES })
  outcome: ImportOutcome;
}

export class ImportConflictDto {
  /** Of the field: `/sheet/hitPoints/value`; a thing of a list is named by its id or name. */
  path: string;
  /** What the last import said; left out where it said nothing. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  before?: unknown;
  /** What it is here, which stays. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  ours?: unknown;
  /** What this import says. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  theirs?: unknown;
}

export class MappedFieldDto {
  /** JSON pointer into the file. */
  from: string;
  to: string;
}

export class NotedFieldDto {
  /** JSON pointer into the file. */
  at: string;
  reason: string;
}

export class MappingCountsDto {
  @ApiProperty({ type: 'integer' })
  mapped: number;
  @ApiProperty({ type: 'integer' })
  kept: number;
  @ApiProperty({ type: 'integer' })
  ignored: number;
  @ApiProperty({ type: 'integer' })
  odd: number;
}

/** What became of each field of the file; of each list the first 500. */
export class MappingReportDto {
  @ApiProperty({ type: [MappedFieldDto] })
  mapped: MappedFieldDto[];
  /** Not understood, but kept with the original. */
  @ApiProperty({ type: [String] })
  kept: string[];
  /** Left out on purpose. */
  @ApiProperty({ type: [NotedFieldDto] })
  ignored: NotedFieldDto[];
  /** Taken for something else than what stands there. */
  @ApiProperty({ type: [NotedFieldDto] })
  odd: NotedFieldDto[];
  @ApiProperty({ type: MappingCountsDto })
  counts: MappingCountsDto;
}

export class CampaignImportDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  campaignId: string;
  @ApiProperty({ enum: IMPORT_SOURCES })
  source: ImportSource;
  @ApiProperty({ enum: ['waiting', 'finished', 'failed'] })
  state: CampaignImportState;
  /** Why it has failed. */
  @ApiProperty({ type: String, nullable: true })
  error: string | null;
  /** Things of the file that are done. */
  @ApiProperty({ type: 'integer' })
  done: number;
  /** Null while nobody has counted them. */
  @ApiProperty({ type: 'integer', nullable: true })
  total: number | null;
  /** Things by what became of them. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  counts: Record<string, number>;
  /** The first 200. */
  @ApiProperty({ type: [ImportedThingDto] })
  objects: ImportedThingDto[];
  /** Fields that were changed here and over there; the first 200. */
  @ApiProperty({ type: [ImportConflictDto] })
  conflicts: ImportConflictDto[];
  @ApiProperty({ type: MappingReportDto, nullable: true })
  report: MappingReportDto | null;
  /** The job that works on it, of a list or a folder. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  jobId: string | null;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt: string | null;
}

export class CampaignImportPageDto {
  @ApiProperty({ type: [CampaignImportDto] })
  items: CampaignImportDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
