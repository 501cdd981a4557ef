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
import { CATEGORY_IDS, DAY, FigureDto, ITEM_IDS, MAX_PRICE, SpanDto } from './analytics.dto.js';
import { WINDOW_DAYS, type WindowDays } from './analytics-span.js';
import { SCANNER_METHODS, type ScannerMethod } from './scanner-rule.js';

const Bound = (minimum: number, maximum: number): PropertyDecorator => {
  const decorators = [
    ApiPropertyOptional({ minimum, maximum }),
    IsOptional(),
    QueryNumber(),
    IsNumber(),
    Min(minimum),
    Max(maximum),
  ];
  return (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };
};

export class ScannerPageDto {
  /** The day on which the window ends, UTC, included: what would have been found at its end. Today without it. */
  @ApiPropertyOptional({ format: 'date', example: '2026-01-31' })
  @IsOptional()
  @Matches(DAY, { message: 'takes a date' })
  @IsISO8601({ strict: true })
  asOf?: string;

  /** Page size, 1 to 200 (50). */
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50, type: 'integer' })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `nextCursor` of the page before; rows that change in between may be missed or seen twice. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}

/** A rule and a page of what it finds. */
export class ScannerQueryDto extends ScannerPageDto {
  /**
   * `robust`: newest price against the median of the daily medians, after tax and fees. `classic`: against the mean of the daily
   * means. `document`: mean of the last `maxAgeH` hours (24) against that of all observations of the window.
   */
  @ApiPropertyOptional({ enum: SCANNER_METHODS, default: 'robust' })
  @IsIn(SCANNER_METHODS)
  method: ScannerMethod = 'robust';

  /** Days back from the end: 7, 30, 90 or 365. */
  @ApiPropertyOptional({ enum: WINDOW_DAYS, type: 'integer', default: 30 })
  @QueryInt()
  @IsIn(WINDOW_DAYS)
  windowDays: WindowDays = 30;

  /** Least current price, in the game's coin. */
  @Bound(0, MAX_PRICE)
  minPrice?: number;

  /** Highest current price. */
  @Bound(0, MAX_PRICE)
  @NotBelow('minPrice')
  maxPrice?: number;

  /** Least profit, in the game's coin. */
  @Bound(-MAX_PRICE, MAX_PRICE)
  minProfit?: number;

  /** Least profit in percent of the current price. */
  @Bound(-100, 1e6)
  minMarginOnCostPct?: number;

  /** Least profit in percent of the average price. */
  @Bound(-100, 1e6)
  minMarginOnAveragePct?: number;

  @Bound(-100, 1e6)
  minVolatilityPct?: number;

  @Bound(-100, 1e6)
  @NotBelow('minVolatilityPct')
  maxVolatilityPct?: number;

  /** Highest age of the newest observation in hours, above 0; judged by the minute. */
  @Bound(0.001, 87_600)
  maxAgeH?: number;

  /** Least number of observations. */
  @ApiPropertyOptional({ minimum: 1, maximum: 1_000_000, type: 'integer' })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  minN?: number;

  /** Least confidence, 0 to 1. */
  @Bound(0, 1)
  minConfidence?: number;

  /** Items of these categories only: ids, comma-separated, at most 200. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CATEGORY_IDS, { message: 'takes up to 200 ids separated by commas' })
  categoryIds?: string;

  /** These items only: ids, comma-separated, at most 500. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(ITEM_IDS, { message: 'takes up to 500 ids separated by commas' })
  itemIds?: string;
}

export class ScannedItemDto extends FigureDto {
  category: string | null;
  /** In the game's coin for one unit: the newest price; by `robust` the newest that is not flagged, of which `lastSeenAt` speaks too. */
  currentPrice: number;
  averagePrice: number;
  /** Average less current price; by the robust method after tax and fees. */
  profit: number;
  /** Profit in percent of the current price; null at a price of zero. */
  marginOnCostPct: number | null;
  /** Profit in percent of the average price; null at a price of zero. */
  marginOnAveragePct: number | null;
  /** Null where there are too few days. */
  volatilityPct: number | null;
}

export class ScannerDto extends SpanDto {
  @ApiProperty({ enum: SCANNER_METHODS })
  method: ScannerMethod;
  /** Percent of the price that a sale costs, by the robust method. */
  saleTaxPct: number;
  /** Percent of the asked price that listing costs, by the robust method. */
  listingFeePct: number;
  /** Best profit first. */
  items: ScannedItemDto[];
  nextCursor: string | null;
}
