import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { BANK_CRAFT_SORTS, type BankCraftSort } from './bank-crafts.js';
import { RecipeFilterQueryDto, RecipeHeadDto } from './recipes.dto.js';

const MAX_INGREDIENTS = 64;

export class BankCraftsQueryDto extends RecipeFilterQueryDto {
  /** Key of the server on which the bank stands. */
  @ApiProperty()
  @IsString()
  @MaxLength(255)
  server: string;

  /** Order: the largest share of the ingredients `completeness`, the highest `margin` or `roi` first. What lacks a price comes last. */
  @ApiPropertyOptional({ enum: BANK_CRAFT_SORTS, default: 'completeness' })
  @IsIn(BANK_CRAFT_SORTS)
  sort: BankCraftSort = 'completeness';

  /** Kinds of ingredients of which the bank may have too few for one craft. */
  @ApiPropertyOptional({ minimum: 0, maximum: MAX_INGREDIENTS, default: 0, type: 'integer' })
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(MAX_INGREDIENTS)
  maxMissing: number = 0;
}

/** One craft, held against the bank. Money is the game's coin; prices are the newest that are not flagged. */
export class BankCraftDto extends RecipeHeadDto {
  ingredientCount: number;
  /** Kinds of which there is enough for one craft, and those of which there is not. */
  ownedCount: number;
  missingCount: number;
  /** Crafts for which the bank alone suffices. Each recipe counts the whole bank for itself. */
  maxCraftable: number;
  /** What the ingredients from the bank would bring if they were bought, without those that have no price. */
  ownedValue: number;
  /** What the missing ones cost, without those that have no price. */
  missingCost: number;
  /** Both together; null where an ingredient has no price. */
  cost: number | null;
  /** Both together, of the ingredients that have a price. */
  knownCost: number;
  /** Share of the ingredients, by their number, that have a price; 0 to 1. */
  pricedRatio: number;
  /** Newest price of the result that is not flagged; null where nobody has seen one. */
  sellPrice: number | null;
  /** What the game leaves of it after tax and fees. */
  netPrice: number | null;
  /** netPrice - cost; null unless both are known. */
  margin: number | null;
  /** The margin in percent of the cost. */
  roiPct: number | null;
}

export class BankCraftsDto {
  /** Key of the server. */
  server: string;
  items: BankCraftDto[];
  nextCursor: string | null;
}
