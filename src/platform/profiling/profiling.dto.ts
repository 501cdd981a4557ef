import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { INSTANT, NO_NUL } from '../database/text-forms.js';
import { NotBelow } from '../http/not-below.js';
import { ERROR_CURSOR, LOG_CURSOR } from './log-cursor.js';

/** A number of a query string: digits with an optional fraction. `Number()` would also take '', '1e3' and '0x1'. */
const QueryNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,10}(\.\d{1,6})?$/.test(value) ? Number(value) : value,
  );

export class PeriodQueryDto {
  /** Start, ISO-8601 (24 hours before the end). */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(INSTANT)
  from?: string;

  /** End, not included (now). */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(INSTANT)
  @NotBelow('from')
  to?: string;

  /** Rows at most, 1 to 200 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @QueryNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

export class LogsQueryDto extends PeriodQueryDto {
  /** `GET /api/v1/...` with its pattern, or `job:<name>`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(NO_NUL)
  endpoint?: string;

  /** `request`, `job`, `slow_request_alert`, or an operation inside of one, such as `sql:<statement>`. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(NO_NUL)
  operation?: string;

  /** Account. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('loose')
  userId?: string;

  /** The `X-Request-Id` of the answer. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(NO_NUL)
  requestId?: string;

  /** Only rows that took at least so many milliseconds. */
  @ApiPropertyOptional({ minimum: 0 })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  minDurationMs?: number;

  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Matches(LOG_CURSOR)
  cursor?: string;
}

export class SummaryQueryDto extends PeriodQueryDto {
  /** One endpoint only. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(NO_NUL)
  endpoint?: string;
}

export class UsageQueryDto extends PeriodQueryDto {
  /** What requests are counted by: `route` (the default), `key` (the name of the key or token) or `account`. */
  @ApiPropertyOptional({ enum: ['route', 'key', 'account'], default: 'route' })
  @IsIn(['route', 'key', 'account'])
  by: 'route' | 'key' | 'account' = 'route';
}

export class ErrorsQueryDto extends PeriodQueryDto {
  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Matches(ERROR_CURSOR)
  cursor?: string;
}

export class PerformanceLogDto {
  id: number;
  /** When it ended, ISO-8601. */
  timestamp: string;
  endpoint: string;
  /** `request`, `job` or `slow_request_alert`. */
  operation: string;
  durationMs: number;
  /** Account; null for strangers. */
  userId: string | null;
  conversationId: string | null;
  messageId: string | null;
  requestId: string;
  /** Status, the name of the `key` it came with, and `spans` as `[operation, startMs, durationMs, parent, isError, details]`; an alert has its timing `tree` instead. */
  extraData: Record<string, unknown> | null;
}

export class PerformanceLogsDto {
  items: PerformanceLogDto[];
  nextCursor: string | null;
}

export class SlowestDto {
  /** Longest first. */
  items: PerformanceLogDto[];
}

export class OperationSummaryDto {
  endpoint: string;
  /** `request` or `job` for the whole, else an operation inside of it. */
  operation: string;
  count: number;
  /** Answers of 500 and more, failed jobs, operations that threw. */
  errorCount: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /** All of them together. */
  totalMs: number;
}

export class SummaryDto {
  /** The highest 95th percentile first. */
  items: OperationSummaryDto[];
}

export class UsageItemDto {
  /** Endpoint, name of a key, or account; null for requests without one. */
  key: string | null;
  count: number;
  /** Answers of 400 to 499. */
  clientErrorCount: number;
  /** Answers of 500 and more. */
  serverErrorCount: number;
  totalMs: number;
  meanMs: number;
  /** ISO-8601. */
  lastAt: string;
}

export class UsageDto {
  /** The most requests first. */
  items: UsageItemDto[];
}

export class ErrorGroupDto {
  /** The same for errors that are one fault. */
  fingerprint: string;
  /** Class of the error. */
  name: string;
  code: string | null;
  /** Without numbers and ids. */
  message: string;
  /** The innermost line of our own code. */
  frame: string | null;
  /** ISO-8601. */
  firstSeenAt: string;
  /** ISO-8601. */
  lastSeenAt: string;
  count: number;
  /** The newest five requests that met it. */
  sampleRequestIds: string[];
}

export class ErrorGroupsDto {
  /** Last seen first. */
  items: ErrorGroupDto[];
  nextCursor: string | null;
}
