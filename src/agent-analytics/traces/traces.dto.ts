import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBoolean, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { RangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';
import { PLACES } from './observation-order.js';

const MOST_SECONDS = 1e9;
const SCALARS = [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] as const;
const OBJECT = { type: 'object', additionalProperties: true } as const;
const LIST = { type: 'array' as const, items: { nullable: true, oneOf: [...SCALARS, OBJECT] } };
/** Whatever an application gave Langfuse. */
const ANY_JSON = { nullable: true, oneOf: [...SCALARS, OBJECT, LIST] };

export class TracesQueryDto extends IntersectionType(RangeQueryDto, PageQueryDto) {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  sessionId?: string;

  /** The tag, `chapter_4`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  chapter?: string;

  /** Those in which something failed, or those in which nothing did. */
  @ApiPropertyOptional({ type: Boolean })
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isError?: boolean;

  /** Inclusive; leaves out where latency is not known. */
  @ApiPropertyOptional({ minimum: 0, maximum: MOST_SECONDS })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MOST_SECONDS)
  minLatencyS?: number;
}

export class ObservationsQueryDto extends IntersectionType(RangeQueryDto, PageQueryDto) {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  traceId?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  sessionId?: string;

  /** Langfuse's own: `GENERATION`, `AGENT`, `SPAN`, ... */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  type?: string;

  /** Langfuse's own: `DEBUG`, `DEFAULT`, `WARNING`, `ERROR`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  level?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  name?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  model?: string;
}

export class ScoresQueryDto extends IntersectionType(RangeQueryDto, PageQueryDto) {
  /** Of it and of its observations. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  traceId?: string;

  /** Of it, its traces and their observations. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  sessionId?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  name?: string;

  /** Langfuse's own: `API`, `EVAL`, `ANNOTATION`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  source?: string;
}

export class TraceDto {
  id: string;
  sessionId: string | null;
  at: string;
  environment: string;
  release: string | null;
  /** The tag. */
  chapter: string | null;
  latencyS: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
}

export class TracesDto extends FreshnessDto {
  /** Newest first. */
  items: TraceDto[];
  nextCursor: string | null;
}

export class AgentObservationDto {
  id: string;
  traceId: string | null;
  parentId: string | null;
  /** Langfuse's own: `GENERATION`, `AGENT`, `SPAN`, ... */
  type: string;
  name: string | null;
  at: string;
  endAt: string | null;
  latencyMs: number | null;
  environment: string;
  level: string;
  statusMessage: string | null;
  model: string | null;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** null = Langfuse knows no price. */
  costUsd: number | null;
  promptName: string | null;
  promptVersion: number | null;
}

export class ObservationsDto extends FreshnessDto {
  /** Newest first. */
  items: AgentObservationDto[];
  nextCursor: string | null;
}

export class ObservationDetailDto extends AgentObservationDto {
  asOf: string | null;
  completeThrough: string | null;
  /** Texts are null once they are not kept any more. */
  @ApiProperty(ANY_JSON)
  input: unknown;
  @ApiProperty(ANY_JSON)
  output: unknown;
  @ApiProperty(ANY_JSON)
  metadata: unknown;
}

export class ScoreDto {
  id: string;
  name: string;
  /** Langfuse's own: `NUMERIC`, `BOOLEAN`, `CATEGORICAL`, ... */
  dataType: string;
  /** Of numbers, and 0 or 1 of booleans. */
  numberValue: number | null;
  textValue: string | null;
  source: string;
  at: string;
  environment: string;
  comment: string | null;
  /** `trace`, `observation`, `session`, ... */
  subjectKind: string | null;
  subjectId: string | null;
  traceId: string | null;
}

export class ScoresDto extends FreshnessDto {
  /** Newest first. */
  items: ScoreDto[];
  nextCursor: string | null;
}

export class PlacedObservationDto extends AgentObservationDto {
  /** Below the last one before it that has one less; 0 = at the top. */
  depth: number;
  /** `orphan`: its parent is not in this trace; `loop`: its parents run in a circle, of which this is the first. */
  @ApiProperty({ enum: PLACES })
  place: string;
}

export class TraceDetailDto extends TraceDto {
  asOf: string | null;
  completeThrough: string | null;
  /** The name that the application gave it. */
  name: string | null;
  tags: string[];
  /** Texts are null once they are not kept any more, and where only observations tell of the trace. */
  @ApiProperty(ANY_JSON)
  input: unknown;
  @ApiProperty(ANY_JSON)
  output: unknown;
  @ApiProperty(ANY_JSON)
  metadata: unknown;
  /** All there are; the list has the first 1,000 of them. */
  observationCount: number;
  /** From the top down, each right below its parent; siblings in the order of time. */
  observations: PlacedObservationDto[];
  /** Of it and its observations, newest first; the first 200. */
  scores: ScoreDto[];
}
