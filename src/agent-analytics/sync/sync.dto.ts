import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { SYNC_KINDS, type SyncKind } from '../../platform/sync/sync-window.js';

const SOURCE_STATES = ['running', 'idle', 'rate_limited', 'error', 'unknown'] as const;
const RUN_STATES = ['queued', 'running', 'rate_limited', 'succeeded', 'failed', 'cancelled'] as const;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const WANTED = { message: 'takes an instant with its zone, 2026-01-31T12:00:00Z' };

export class SyncSourceDto {
  /** `langfuse:<project>`. */
  id: string;
  @ApiProperty({ enum: SOURCE_STATES })
  state: string;
  /** Of `rate_limited`: when it goes on. */
  retryAt: string | null;
  /** Of `error`: what the last run said. */
  error: string | null;
  /** End of the last run that copied everything. */
  lastSuccessAt: string | null;
  /** When the next one begins by itself; null while one is active. */
  nextAt: string | null;
  /** Up to here everything has been read. */
  completeThrough: string | null;
}

export class SyncSourcesDto {
  /** In the order of the settings. */
  items: SyncSourceDto[];
}

export class SyncCheckDto {
  isOk: boolean;
  /** What answered, or what is wrong. */
  detail: string;
}

export class SyncRunsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: SYNC_KINDS })
  @IsOptional()
  @IsIn(SYNC_KINDS)
  kind?: SyncKind;

  @ApiPropertyOptional({ enum: RUN_STATES })
  @IsOptional()
  @IsIn(RUN_STATES)
  state?: (typeof RUN_STATES)[number];
}

export class NewSyncRunDto {
  /** `langfuse:<project>`. */
  @IsString()
  @MaxLength(100)
  sourceId: string;

  /** `incremental` reads what is new, `backfill` everything or a range, `reconcile` finds what is gone, `verify` compares counts. */
  @ApiProperty({ enum: SYNC_KINDS })
  @IsIn(SYNC_KINDS)
  kind: SyncKind;

  /** Inclusive; both ends or neither, and not with `incremental`. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @Matches(INSTANT, WANTED)
  @IsISO8601({ strict: true })
  from?: string;

  /** Exclusive. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @Matches(INSTANT, WANTED)
  @IsISO8601({ strict: true })
  to?: string;
}

export class SyncRunDto {
  id: string;
  sourceId: string;
  @ApiProperty({ enum: SYNC_KINDS })
  kind: SyncKind;
  @ApiProperty({ enum: ['schedule', 'request'] })
  trigger: string;
  @ApiProperty({ enum: RUN_STATES })
  state: string;
  /** The range that was asked for. */
  from: string | null;
  to: string | null;
  isCancelRequested: boolean;
  createdAt: string;
  startedAt: string | null;
  /** Of `rate_limited`: when it goes on. */
  retryAt: string | null;
  finishedAt: string | null;
  /** Why it has failed, in one word and in a sentence. */
  errorKind: string | null;
  error: string | null;
}

export class SyncRunsDto {
  /** Newest first. */
  items: SyncRunDto[];
  nextCursor: string | null;
}

export class SyncRefusalDto {
  /** Langfuse's id; null where not even that could be read. */
  key: string | null;
  reason: string;
}

export class SyncRunStreamDto {
  stream: string;
  from: string;
  to: string;
  /** Rows that Langfuse announced; null where it does not say. */
  total: number | null;
  pages: number;
  fetched: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows that could not be read; the first of them are in `refusals`. */
  refused: number;
  removed: number;
  refusals: SyncRefusalDto[];
  fetchMs: number;
  storeMs: number;
  startedAt: string | null;
  finishedAt: string | null;
}

export class SyncRunDetailDto extends SyncRunDto {
  /** In the order in which they are read. */
  streams: SyncRunStreamDto[];
}

export class SyncRunStartedDto extends SyncRunDto {
  /** Such a run was active already, and serves this request too. */
  isJoined: boolean;
}

export class SyncWatermarkDto {
  sourceId: string;
  stream: string;
  /** The next run begins a little before; null = nothing was ever seen. */
  watermarkAt: string | null;
  completeThrough: string;
}

export class SyncWatermarksDto {
  items: SyncWatermarkDto[];
}

export class SyncGapsQueryDto extends PageQueryDto {
  /** Those that are not repaired, or those that are. */
  @ApiPropertyOptional({ type: Boolean })
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isOpen?: boolean;
}

export class SyncGapDto {
  sourceId: string;
  stream: string;
  from: string;
  to: string;
  upstreamCount: number;
  storedCount: number;
  foundAt: string;
  checkedAt: string;
  repairedAt: string | null;
}

export class SyncGapsDto {
  /** Newest window first. */
  items: SyncGapDto[];
  nextCursor: string | null;
}
