import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
export const WANTED = { message: 'takes an instant with its zone, 2026-01-31T12:00:00Z' };

export class ProjectQueryDto {
  /** Name of a project in the settings; the first one without it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  project?: string;
}

class EndQueryDto extends ProjectQueryDto {
  /** Exclusive; until now without it. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @Matches(INSTANT, WANTED)
  @IsISO8601({ strict: true })
  to?: string;

  /** Langfuse's own, such as `default` or `production`; all without it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  environment?: string;
}

/** Of when a trace, a run or a session began. */
export class RangeQueryDto extends EndQueryDto {
  /** Inclusive; from the beginning without it. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @Matches(INSTANT, WANTED)
  @IsISO8601({ strict: true })
  from?: string;
}

/** Likewise, for figures that are made of every row of the range. */
export class RecentRangeQueryDto extends EndQueryDto {
  /** Inclusive; 30 days before `to` without it. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @Matches(INSTANT, WANTED)
  @IsISO8601({ strict: true })
  from?: string;
}
