import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { SESSION_STATES, type SessionState } from '../figures/session-state.js';
import { RangeQueryDto } from '../range-query.dto.js';

const MOST_USD = 1e9;
const MOST_SECONDS = 1e9;

/** What sessions are narrowed by, wherever they are listed; the range is of when Langfuse first heard of them. */
export class SessionFilterDto extends IntersectionType(RangeQueryDto, PageQueryDto) {
  @ApiPropertyOptional({ enum: SESSION_STATES })
  @IsOptional()
  @IsIn(SESSION_STATES)
  state?: SessionState;

  /** Either of the two characters, whatever its case. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  character?: string;

  /** USD, inclusive. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_USD })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_USD)
  minCostUsd?: number;

  /** USD, inclusive. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_USD })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_USD)
  maxCostUsd?: number;

  /** Of `meanLatencyS`, inclusive; leaves out where that is not known. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_SECONDS })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_SECONDS)
  minLatencyS?: number;

  /** Of `meanLatencyS`, inclusive; leaves out where that is not known. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_SECONDS })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_SECONDS)
  maxLatencyS?: number;
}
