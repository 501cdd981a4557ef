import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { MAX_JOB_LEVEL } from '../crafting/craft-xp.js';
import { PRICE_MODES, type PriceMode } from '../crafting/recipe-costs.js';
import { SCARCITY_PRESETS, type ScarcityPreset } from './scarcity.js';

export const LEVELING_METHODS = ['classic', 'exact'] as const;
export type LevelingMethod = (typeof LEVELING_METHODS)[number];

const MAX_INT4 = 2_147_483_647;

export class LevelingPlanQueryDto {
  /** Id of the job. */
  @IsInt()
  @Min(1)
  @Max(MAX_INT4)
  jobId: number;

  @IsInt()
  @Min(1)
  @Max(MAX_JOB_LEVEL - 1)
  fromLevel: number;

  /** Above `fromLevel`. */
  @IsInt()
  @Min(2)
  @Max(MAX_JOB_LEVEL)
  toLevel: number;

  /** `exact`: the cheapest plan at today's prices; `classic`: level by level the least cost for a point, within the limits below. */
  @ApiPropertyOptional({ enum: LEVELING_METHODS, default: 'exact' })
  @IsOptional()
  @IsIn(LEVELING_METHODS)
  method: LevelingMethod = 'exact';

  /** `market`: ingredients are bought, and crafted where nobody sells them; `min`: whichever is cheaper; `strict`: bought. */
  @ApiPropertyOptional({ enum: PRICE_MODES, default: 'market' })
  @IsOptional()
  @IsIn(PRICE_MODES)
  priceMode: PriceMode = 'market';

  /** By `classic` only: how fast prices rise with what is bought. */
  @ApiPropertyOptional({ enum: SCARCITY_PRESETS })
  @IsOptional()
  @IsIn(SCARCITY_PRESETS)
  scarcity?: ScarcityPreset;

  /** By `classic` only: crafts of one recipe in the whole plan. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  maxPerRecipe?: number;
}

export class LevelingIngredientDto {
  itemId: number;
  label: string;
  iconUrl: string | null;
  /** Pieces for one craft. */
  quantity: number;
  /** What one piece costs, bought or crafted, in the game's coin. */
  unitCost: number;
}

export class LevelingStepDto {
  /** Level of the job at the first craft. */
  startLevel: number;
  /** The level that the last craft reaches, or the next one when it ends on the way there. */
  endLevel: number;
  recipeId: number;
  recipeLevel: number;
  /** What is crafted. */
  itemId: number;
  label: string;
  iconUrl: string | null;
  /** Crafts. */
  quantity: number;
  /** Points of experience of the first craft; the further behind the recipe falls, the fewer. */
  xpPerCraft: number;
  costPerCraft: number;
  /** With what scarcity adds. */
  totalCost: number;
  totalXp: number;
  ingredients: LevelingIngredientDto[];
}

/** Costs in the game's coin. */
export class LevelingPlanDto {
  server: string;
  jobId: number;
  @ApiProperty({ enum: LEVELING_METHODS })
  method: LevelingMethod;
  @ApiProperty({ enum: PRICE_MODES })
  priceMode: PriceMode;
  fromLevel: number;
  toLevel: number;
  /** The level that was asked for, or the one from which no recipe with a price leads on. */
  reachedLevel: number;
  totalCost: number;
  /** Recipes of the job up to `toLevel`. */
  recipeCount: number;
  /** Those of them whose ingredients all have a price; no others are planned with. */
  pricedRecipeCount: number;
  steps: LevelingStepDto[];
}
