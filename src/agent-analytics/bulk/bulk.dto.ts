import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { INSTANT, ProjectQueryDto, WANTED } from '../range-query.dto.js';

export class ImportQueryDto extends ProjectQueryDto {
  /** When Langfuse wrote the file: of two versions of a row that changed at the same time, the later read one stays. Now without it. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @Matches(INSTANT, WANTED)
  @IsISO8601({ strict: true })
  writtenAt?: string;
}

export class RebuildDto {
  /** Name of a project in the settings; the first one without it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  project?: string;
}

export class BulkJobDto {
  project: string;
  /** Progress and cancelling are at `/api/v1/jobs/{jobId}`. */
  jobId: string;
}
