import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { ARBITRAGE_ORDERS, type ArbitrageOrder } from './arbitrage.repository.js';

const ITEM_IDS = /^[1-9]\d{0,8}(,[1-9]\d{0,8}){0,499}$/;
const KEYS = /^[^,]{1,100}(,[^,]{1,100}){0,99}$/u;

export class ArbitrageQueryDto {
  /** Least profit per unit after what selling costs, in the game's coin; above zero in any case (0). */
  @ApiPropertyOptional({ minimum: 0, maximum: 1e12, default: 0 })
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(1e12)
  minProfit: number = 0;

  /** Least profit as a share of the price to pay, percent (0). */
  @ApiPropertyOptional({ minimum: 0, maximum: 1e6, default: 0 })
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(1e6)
  minMarginPct: number = 0;

  /** Oldest that either price may be, hours, at most 720 (24). */
  @ApiPropertyOptional({ minimum: 1, maximum: 720, default: 24 })
  @QueryNumber()
  @IsNumber()
  @Min(1)
  @Max(720)
  maxAgeH: number = 24;

  /** Least confidence of either price, 0 to 1 (0). */
  @ApiPropertyOptional({ minimum: 0, maximum: 1, default: 0 })
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(1)
  minConfidence: number = 0;

  /** These items only: ids, comma-separated, at most 500. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(ITEM_IDS, { message: 'takes up to 500 ids separated by commas' })
  itemIds?: string;

  /** Buy on these servers only: keys, comma-separated, at most 100. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(KEYS, { message: 'takes up to 100 keys of servers separated by commas' })
  buyOn?: string;

  /** Sell on these servers only: keys, comma-separated, at most 100. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(KEYS, { message: 'takes up to 100 keys of servers separated by commas' })
  sellOn?: string;

  /** Largest profit first, or largest margin. */
  @ApiPropertyOptional({ enum: ARBITRAGE_ORDERS, default: 'profit' })
  @IsIn(ARBITRAGE_ORDERS)
  order: ArbitrageOrder = 'profit';

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

export class OfferDto {
  /** Key of the server. */
  server: string;
  /** Newest price of ONE unit there, in the game's coin. */
  unitPrice: number;
  /** When it was seen, ISO-8601 UTC. */
  capturedAt: string;
}

/** Where an item is bought cheapest and where most is left of its sale. */
export class ArbitrageDto {
  itemId: number;
  /** The game's own id. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
  buy: OfferDto;
  sell: OfferDto;
  /** What is left of the sale after tax and fee. */
  netPrice: number;
  /** Net price less the price to pay, per unit. */
  profit: number;
  /** Profit as a share of the price to pay, percent. */
  marginPct: number;
  /** Observations of the last 30 days, on the server that has fewer. */
  n: number;
  /** The smaller of both prices' confidence, 0 to 1. */
  confidence: number;
}

export class ArbitragesDto {
  /** Key of the game. */
  game: string;
  /** The best pair of servers of each item. */
  items: ArbitrageDto[];
  nextCursor: string | null;
}
