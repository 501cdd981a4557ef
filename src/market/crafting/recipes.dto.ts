import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { NotBelow } from '../../platform/http/not-below.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { PRICE_MODES, type PriceMode } from './recipe-costs.js';
import { RECIPE_SORTS, type RecipeSort } from './recipe-ranking.js';

const MAX_INT4 = 2_147_483_647;
const MAX_LEVEL = 1_000;
/** Units of one ingredient, crafts of a tree. */
const MAX_QUANTITY = 1_000_000;
const MAX_INGREDIENTS = 64;
const MAX_STOCK = 2_000;

export class CraftJobDto {
  id: number;
  /** The game's own id. */
  externalId: number;
  /** Null when no source knows it. */
  name: string | null;
  /** The game's own id of its picture. */
  iconId: number | null;
}

export class CraftJobsDto {
  items: CraftJobDto[];
}

export class RecipeIngredientDto {
  itemId: number;
  label: string;
  /** Where its picture is, within this server; null = none was sent yet. */
  iconUrl: string | null;
  /** Units for one craft. */
  quantity: number;
  /** How it is crafted itself; null = it cannot be. */
  recipeId: number | null;
}

export class RecipeHeadDto {
  id: number;
  /** What it makes one unit of. */
  itemId: number;
  label: string;
  /** Where its picture is, within this server; null = none was sent yet. */
  iconUrl: string | null;
  /** Id of the job that crafts it; null = any. */
  jobId: number | null;
  /** Level of the job that it takes; null = any. */
  level: number | null;
  /** Made or changed here, rather than as shipped with the facts of the game. */
  isCustom: boolean;
  /** Its result is needed to make one of its ingredients: it is priced from the market alone. */
  isCyclic: boolean;
}

export class RecipeWithIngredientsDto extends RecipeHeadDto {
  /** Experience of a craft in percent of the usual. */
  xpRatioPct: number;
  ingredients: RecipeIngredientDto[];
}

export class RecipeUseDto extends RecipeHeadDto {
  /** Units of the item for one craft. */
  quantity: number;
}

export class RecipeUsesDto {
  items: RecipeUseDto[];
  nextCursor: string | null;
}

/** Money is the game's coin, for one unit of the result. Prices are the newest that are not flagged. */
export class PricedRecipeDto extends RecipeHeadDto {
  /** Of all ingredients; null where one has no price. */
  cost: number | null;
  /** Of the ingredients that have a price. */
  knownCost: number;
  ingredientCount: number;
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
  /** When the result's price was seen. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  sellPriceAt: string | null;
  /** When the oldest of the ingredients' prices was seen. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  oldestPriceAt: string | null;
}

export class PricedRecipesDto {
  server: string;
  /** How ingredients are had. */
  @ApiProperty({ enum: PRICE_MODES })
  priceMode: PriceMode;
  items: PricedRecipeDto[];
  nextCursor: string | null;
}

/** Which recipes are meant, and of which of them a page. */
export class RecipeFilterQueryDto extends PageQueryDto {
  /** Lowest level of the job; recipes without a level are left out. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(MAX_LEVEL)
  minLevel?: number;

  /** Highest level of the job; recipes without a level are left out. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(MAX_LEVEL)
  @NotBelow('minLevel')
  maxLevel?: number;

  /** Id of a job. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MAX_INT4)
  job?: number;

  /** Least return in percent of the cost, after tax; recipes without a known return are left out. */
  @ApiPropertyOptional({ minimum: -100, maximum: 1e9 })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(-100)
  @Max(1e9)
  minRoi?: number;

  /** Part of the result's name; accents and case do not matter. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(255)
  search?: string;
}

export class PricedRecipesQueryDto extends RecipeFilterQueryDto {
  /** Order: highest `margin`, `roi` or `level` first, or lowest `cost`. What lacks a price comes last. */
  @ApiPropertyOptional({ enum: RECIPE_SORTS, default: 'margin' })
  @IsIn(RECIPE_SORTS)
  sort: RecipeSort = 'margin';

  /**
   * How ingredients are had. `market`: bought, and crafted where nobody sells them; `min`: bought or crafted, whichever is cheaper, down
   * to the bottom; `strict`: bought, all of them.
   */
  @ApiPropertyOptional({ enum: PRICE_MODES, default: 'market' })
  @IsIn(PRICE_MODES)
  priceMode: PriceMode = 'market';
}

export class TreeQueryDto {
  /** Crafts of the recipe, 1 to 1,000,000 (1). */
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_QUANTITY, default: 1, type: 'integer' })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MAX_QUANTITY)
  quantity: number = 1;

  /** How ingredients are had, as in the list of recipes. */
  @ApiPropertyOptional({ enum: PRICE_MODES, default: 'min' })
  @IsIn(PRICE_MODES)
  mode: PriceMode = 'min';
}

export class ItemQuantityDto {
  @IsInt()
  @Min(1)
  @Max(MAX_INT4)
  itemId: number;

  /** Units, 1 to 1,000,000. */
  @IsInt()
  @Min(1)
  @Max(MAX_QUANTITY)
  quantity: number;
}

export class TreeOrderDto {
  /** Crafts of the recipe, 1 to 1,000,000 (1). */
  @ApiPropertyOptional({ minimum: 1, maximum: MAX_QUANTITY, default: 1, type: 'integer' })
  @IsInt()
  @Min(1)
  @Max(MAX_QUANTITY)
  quantity: number = 1;

  /** How what is not in stock is had, as in the list of recipes. */
  @ApiPropertyOptional({ enum: PRICE_MODES, default: 'min' })
  @IsIn(PRICE_MODES)
  mode: PriceMode = 'min';

  /** What is at hand; of an item that comes twice the quantities are added. At most 2,000. */
  @IsArray()
  @ArrayMaxSize(MAX_STOCK)
  @ValidateNested({ each: true })
  @Type(() => ItemQuantityDto)
  stock: ItemQuantityDto[];
}

/** needed = fromStock + bought + crafted + missing, in units. */
export class TreeItemDto {
  itemId: number;
  label: string;
  iconUrl: string | null;
  needed: number;
  fromStock: number;
  bought: number;
  crafted: number;
  /** Neither sold nor to be crafted from what is. */
  missing: number;
  /** Newest price of one unit that is not flagged; null where nobody has seen one. */
  unitPrice: number | null;
  /** Recipe that it is crafted by; null where it is not. */
  recipeId: number | null;
  /** What one craft takes, where it is crafted. */
  ingredients: ItemQuantityDto[];
}

export class CraftTreeDto {
  server: string;
  recipeId: number;
  quantity: number;
  @ApiProperty({ enum: PRICE_MODES })
  mode: PriceMode;
  /** All that is bought, in the game's coin; null where something is missing. */
  cost: number | null;
  /** The same whether something is missing or not. */
  knownCost: number;
  /** Share of the items, by their number, that have a price among those that have to be bought; 0 to 1. */
  pricedRatio: number;
  /** What selling all results leaves after tax and fees; null where nobody has seen a price. */
  netProceeds: number | null;
  /** netProceeds - cost; null unless both are known. */
  margin: number | null;
  /** Every item once: the result first, each after what needs it. */
  items: TreeItemDto[];
  /** Stock that is left. */
  leftovers: ItemQuantityDto[];
}

export class RecipeChangeDto {
  /** Id of the job that crafts it; null or absent = any. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: MAX_INT4 })
  @ValidateIf((change: RecipeChangeDto) => change.jobId !== null && change.jobId !== undefined)
  @IsInt()
  @Min(1)
  @Max(MAX_INT4)
  jobId?: number | null;

  /** Level of the job that it takes; null or absent = any. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: MAX_LEVEL })
  @ValidateIf((change: RecipeChangeDto) => change.level !== null && change.level !== undefined)
  @IsInt()
  @Min(1)
  @Max(MAX_LEVEL)
  level?: number | null;

  /** Each item once, at most 64. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_INGREDIENTS)
  @ValidateNested({ each: true })
  @Type(() => ItemQuantityDto)
  ingredients: ItemQuantityDto[];
}
