import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { SessionState } from '../figures/session-state.js';
import { FreshnessDto } from '../sync/freshness.dto.js';
import { SESSION_SORTS, type SessionSort, SORT_ORDERS, type SortOrder } from './session-filter.js';
import { SessionFilterDto } from './session-filter.dto.js';

export class SessionsQueryDto extends SessionFilterDto {
  /** Part of an id or of a character, whatever its case; words that were said are found by `search`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  /** What is not known is the least. */
  @ApiPropertyOptional({ enum: SESSION_SORTS, default: 'createdAt' })
  @IsIn(SESSION_SORTS)
  sort: SessionSort = 'createdAt';

  @ApiPropertyOptional({ enum: SORT_ORDERS, default: 'desc' })
  @IsIn(SORT_ORDERS)
  order: SortOrder = 'desc';
}

export class AgentSessionDto {
  id: string;
  environment: string;
  release: string | null;
  /** When Langfuse first heard of it. */
  createdAt: string;
  /** `active` while something happened in the last 30 minutes, `complete` once the evaluation has begun or the end was told, else `abandoned`. */
  state: SessionState;
  stateReason: string;
  mortal: string | null;
  match: string | null;
  /** Of the story, from 0; null = none. */
  maxChapter: number | null;
  maxChapterName: string | null;
  traceCount: number;
  /** Traces in which something failed. */
  errorCount: number;
  costUsd: number;
  totalTokens: number;
  /** Of its traces whose latency is known; null where none is. */
  meanLatencyS: number | null;
  firstTraceAt: string | null;
  lastTraceAt: string | null;
  /** From the start of the first trace to the start of the last. */
  durationS: number | null;
  /** From the start of the first trace to the end of the last. */
  wallS: number | null;
  /** The same with pauses of five minutes at most. */
  engagedS: number | null;
}

export class AgentSessionsDto extends FreshnessDto {
  /** Newest first, unless another order was asked for. */
  items: AgentSessionDto[];
  nextCursor: string | null;
}

export class SessionTraceDto {
  id: string;
  at: string;
  /** The tag. */
  chapter: string | null;
  latencyS: number | null;
  costUsd: number;
  totalTokens: number;
  isError: boolean;
}

export class SessionDetailDto extends AgentSessionDto {
  asOf: string | null;
  completeThrough: string | null;
  /** In the order of time; the first 1,000. */
  traces: SessionTraceDto[];
}

export class ChoiceDto {
  /** `A`, `B`, ... */
  key: string;
  title: string;
}

export class TurnLineDto {
  agent: string;
  at: string;
  text: string;
  /** Said to the game, not to the player. */
  isInternal: boolean;
  latencyMs: number;
  costUsd: number;
  totalTokens: number;
  model: string | null;
}

export class TurnDto {
  /** From 1. */
  ordinal: number;
  /** The tag. */
  chapter: string | null;
  startedAt: string;
  /** From the player's act to the last answer. */
  latencyMs: number;
  /** What the player did; null where that is not known, or its text is not kept any more. */
  player: string | null;
  picked: ChoiceDto | null;
  lines: TurnLineDto[];
  offered: ChoiceDto[];
  costUsd: number;
  totalTokens: number;
}

/** A session as a file. */
export class SessionExportDto extends AgentSessionDto {
  asOf: string | null;
  completeThrough: string | null;
  turns: TurnDto[];
}

export class TranscriptDto extends FreshnessDto {
  sessionId: string;
  mortal: string | null;
  match: string | null;
  turns: TurnDto[];
}
