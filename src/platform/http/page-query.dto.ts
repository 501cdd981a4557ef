import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { QueryInt } from './query-int.js';

/** The query of a list; what it can be narrowed by is added by a class of its own. */
export class PageQueryDto {
  /** Page size, 1 to 200 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  cursor?: string;
}
