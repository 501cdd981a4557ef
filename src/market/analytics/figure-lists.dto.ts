import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { CATEGORY_IDS, FigureDto, ListQueryDto, METHODS, SpanDto } from './analytics.dto.js';
import type { Method } from './analytics.repository.js';
import { SIGNAL_SIDES, type SignalSide } from './signals.js';
import { TREND_TYPES, type TrendType } from './trends.js';

const ORDERS = ['desc', 'asc'] as const;

export class FigureListQueryDto extends ListQueryDto {
  /** Most days from the last one seen to the end of the span. */
  @ApiPropertyOptional({ minimum: 0, maximum: 731, type: 'integer' })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(731)
  maxAgeDays?: number;

  /** Items of these categories only: ids, comma-separated, at most 200. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CATEGORY_IDS, { message: 'takes up to 200 ids separated by commas' })
  categoryIds?: string;
}

export class VolatilityQueryDto extends FigureListQueryDto {
  /** Those that move most first, or least. */
  @ApiPropertyOptional({ enum: ORDERS, default: 'desc' })
  @IsIn(ORDERS)
  order: 'desc' | 'asc' = 'desc';
}

export class SignalsQueryDto extends FigureListQueryDto {
  /** `buy`: cheaper than usual. `sell`: dearer. */
  @ApiPropertyOptional({ enum: SIGNAL_SIDES, default: 'buy' })
  @IsIn(SIGNAL_SIDES)
  side: SignalSide = 'buy';
}

export class TrendsQueryDto extends FigureListQueryDto {
  @ApiPropertyOptional({ enum: TREND_TYPES, default: 'bullish' })
  @IsIn(TREND_TYPES)
  direction: TrendType = 'bullish';
}

export class VolatileItemDto extends FigureDto {
  /** Sample deviation of the day-over-day changes (classic), or per square root of a day by the MAD of logarithms (robust), percent. */
  volatilityPct: number;
  /** Mean (classic) or median (robust) of the last day seen. */
  lastPrice: number;
}

export class VolatilityDto extends SpanDto {
  @ApiProperty({ enum: METHODS })
  method: Method;
  /** Seen on 2 days (classic), or with a price on 4 (robust). */
  items: VolatileItemDto[];
  nextCursor: string | null;
}

export class SignalDto extends FigureDto {
  /** Mean (classic) or median (robust) of the last day seen. */
  currentPrice: number;
  /** Mean of the last 7 days seen (classic), or median of the 7 days before the last one (robust). */
  referencePrice: number;
  /** From here on it is a signal: one volatility (classic) or two (robust) off the reference. */
  targetPrice: number;
  /** How far the price lies beyond the target, in percent of the target; above zero. */
  beyondPct: number;
  /** Of the span (classic), or of its days before the last (robust); percent. */
  volatilityPct: number;
  /** Distance from the reference in volatilities; by the robust method only. */
  zScore: number | null;
}

export class SignalsDto extends SpanDto {
  @ApiProperty({ enum: METHODS })
  method: Method;
  @ApiProperty({ enum: SIGNAL_SIDES })
  side: SignalSide;
  items: SignalDto[];
  nextCursor: string | null;
}

export class TrendDto extends FigureDto {
  /** Mean (classic) or median (robust) of the last day seen. */
  currentPrice: number;
  /** From the first day's mean to the last's (classic), or by the slope over the days seen (robust); percent. */
  changePct: number;
  /** Days seen in a row that go with it: 1 to 3 (classic), or moves in a row, negative when down (robust). */
  runDays: number;
  /** Theil-Sen's slope; by the robust method only. */
  slopePctPerDay: number | null;
  /** Mann-Kendall: how often a series without a trend would look like this, 0 to 1; by the robust method only. */
  p: number | null;
}

export class TrendsDto extends SpanDto {
  @ApiProperty({ enum: METHODS })
  method: Method;
  @ApiProperty({ enum: TREND_TYPES })
  direction: TrendType;
  items: TrendDto[];
  nextCursor: string | null;
}
