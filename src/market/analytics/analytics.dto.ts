import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { NotBelow } from '../../platform/http/not-below.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { WINDOW_DAYS, type WindowDays } from './analytics-span.js';
import type { Method, MoverOrder } from './analytics.repository.js';
import type { Signal } from './item-stats.js';

export const METHODS = ['classic', 'robust'] as const;
const ORDERS = ['desc', 'asc', 'abs'] as const;
const SIGNALS = ['buy', 'sell', 'neutral'] as const;
export const DAY = /^\d{4}-\d\d-\d\d$/;
export const MAX_PRICE = 1e12;

/** Up to 500 item ids, comma-separated. */
export const ITEM_IDS = /^[1-9]\d{0,8}(,[1-9]\d{0,8}){0,499}$/;

/** Up to 200 ids of categories, comma-separated. */
export const CATEGORY_IDS = /^[1-9]\d{0,8}(,[1-9]\d{0,8}){0,199}$/;

/** Either `window`, with or without `asOf`, or both dates; 30 days until today when there is nothing. */
export class SpanQueryDto {
  /** Days back from today (UTC), which is included: 7, 30, 90 or 365. */
  @ApiPropertyOptional({ enum: WINDOW_DAYS, type: 'integer' })
  @IsOptional()
  @QueryInt()
  @IsIn(WINDOW_DAYS)
  window?: WindowDays;

  /** The day on which the window ends, UTC, included: what would have been answered at its end. Today without it. */
  @ApiPropertyOptional({ format: 'date', example: '2026-01-31' })
  @IsOptional()
  @Matches(DAY, { message: 'takes a date' })
  @IsISO8601({ strict: true })
  asOf?: string;

  /** First day, UTC. */
  @ApiPropertyOptional({ format: 'date', example: '2026-01-01' })
  @IsOptional()
  @Matches(DAY, { message: 'takes a date' })
  @IsISO8601({ strict: true })
  from?: string;

  /** Last day, UTC, included; at most 731 days after the first. */
  @ApiPropertyOptional({ format: 'date', example: '2026-01-31' })
  @IsOptional()
  @Matches(DAY, { message: 'takes a date' })
  @IsISO8601({ strict: true })
  to?: string;
}

export class IndexQueryDto extends SpanQueryDto {
  /** `robust`: medians, logarithms; the index a chain of days. `classic`: means, as the original computes it. */
  @ApiPropertyOptional({ enum: METHODS, default: 'robust' })
  @IsIn(METHODS)
  method: Method = 'robust';

  /** These items only: ids, comma-separated, at most 500. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(ITEM_IDS, { message: 'takes up to 500 ids separated by commas' })
  itemIds?: string;
}

export class ListQueryDto extends IndexQueryDto {
  /** Least last price, in the game's coin. */
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_PRICE })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MAX_PRICE)
  minPrice?: number;

  /** Highest last price, in the game's coin. */
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_PRICE })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(MAX_PRICE)
  @NotBelow('minPrice')
  maxPrice?: number;

  /** Least number of observations within the span. */
  @ApiPropertyOptional({ minimum: 1, maximum: 1_000_000, default: 1, type: 'integer' })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  minN: number = 1;

  /** Page size, 1 to 200 (20). */
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 20, type: 'integer' })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 20;

  /** `nextCursor` of the page before; rows that change in between may be missed or seen twice. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}

export class MoversQueryDto extends ListQueryDto {
  /** Risers first, fallers first, or the largest change either way. */
  @ApiPropertyOptional({ enum: ORDERS, default: 'desc' })
  @IsIn(ORDERS)
  order: MoverOrder = 'desc';
}

export class SpanDto {
  /** Key of the server. */
  server: string;
  /** First day, UTC. */
  from: string;
  /** Last day, UTC, included. */
  to: string;
}

export class IndexDto extends SpanDto {
  @ApiProperty({ enum: METHODS })
  method: Method;
  /** Change of the market over the span in percent; null when no item counts. */
  changePct: number | null;
  /** How far the items differ, in percentage points: weighted deviation (classic), or 1.4826 MAD on an average day (robust). */
  dispersionPct: number | null;
  /** Items that count: seen on 2 days, from a price above zero. */
  itemCount: number;
  /** Share of the items seen within the span that count (classic), or of those seen on one of two days in a row that were seen on both (robust); 0 to 1. */
  coverage: number;
  /** Observations of those items. */
  n: number;
  /** Days on which those items were seen, on average. */
  days: number;
  /** First observation of one of them within the span, ISO-8601 UTC. */
  firstSeenAt: string | null;
  lastSeenAt: string | null;
  /** 0 to 1: that of the average item, times the coverage. */
  confidence: number;
}

/** An item, and how far what is said of it may be trusted. */
export class FigureDto {
  itemId: number;
  /** The game's own id. */
  externalId: number | null;
  label: string;
  /** Observations within the span. */
  n: number;
  /** Days with an observation. */
  days: number;
  /** First observation within the span, ISO-8601 UTC. */
  firstSeenAt: string;
  lastSeenAt: string;
  /** 0 to 1, from evidence and freshness. */
  confidence: number;
}

export class MoverDto extends FigureDto {
  /** Change over the span in percent. */
  changePct: number;
  /** Mean of the first day seen (classic), or median of the medians of the first three days seen (robust). */
  firstPrice: number;
  /** The same of the last day or days. */
  lastPrice: number;
}

export class MoversDto extends SpanDto {
  @ApiProperty({ enum: METHODS })
  method: Method;
  items: MoverDto[];
  nextCursor: string | null;
}

export class ClassicStatsDto {
  /** From the mean of the first day to that of the last, in percent. */
  changePct: number;
  /** Sample deviation of the day-over-day changes in percent; null for a single day. */
  volatilityPct: number | null;
  /** Median of the daily means. */
  medianPrice: number;
  /** Mean of the daily means within 6 calendar days of the last day. */
  movingAverage: number;
  @ApiProperty({ enum: SIGNALS })
  signal: Signal;
}

export class RobustStatsDto {
  /** From the median of the first three days to that of the last three, in percent; null from or to a price of zero. */
  changePct: number | null;
  /** Percent per square root of a day, by the MAD of logarithms; null for fewer than four days. */
  volatilityPct: number | null;
  /** Median of the daily medians. */
  medianPrice: number;
  /** Median of the 7 days before the last day; null without any. */
  baselinePrice: number | null;
  /** Distance of the last day from the baseline in volatilities. */
  zScore: number | null;
  /** Beyond two volatilities. */
  @ApiProperty({ enum: SIGNALS })
  signal: Signal;
}

export class ItemStatsDto extends SpanDto {
  itemId: number;
  /** Observations within the span. */
  n: number;
  /** Days with an observation. */
  days: number;
  firstSeenAt: string | null;
  lastSeenAt: string | null;
  /** 0 to 1, from evidence and freshness. */
  confidence: number;
  /** Mean of the last day seen; null without an observation. */
  lastPrice: number | null;
  /** Null without an observation. */
  classic: ClassicStatsDto | null;
  /** Null without an observation. */
  robust: RobustStatsDto | null;
}
