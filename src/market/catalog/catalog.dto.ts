import {
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { NotBelow } from '../../platform/http/not-below.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import type { EffectKind } from './describe-effect.js';

export class GameDto {
  /** How the game is named in paths. */
  key: string;
  name: string;
}

export class GamesDto {
  items: GameDto[];
}

export class ServerDto {
  /** How the server is named in paths. */
  key: string;
  name: string;
}

export class ServersDto {
  items: ServerDto[];
}

export class GameDetailsDto extends GameDto {
  /** All of them, in order of their names. */
  servers: ServerDto[];
}

export class CategoryDto {
  id: number;
  name: string;
}

export class CategoriesDto {
  items: CategoryDto[];
}

export class ItemTypeDto {
  /** The game's own id, by which items are filtered. */
  id: number;
  /** French name; null when no source knows it. */
  name: string | null;
  nameEn: string | null;
  category: string | null;
  /** Per cent of the usual crafting experience; null: the type has no ratio of its own. */
  craftXpRatio: number | null;
}

export class ItemTypesDto {
  items: ItemTypeDto[];
}

export class ItemDto {
  id: number;
  /** The game's own id; null for an item seen by name only. */
  externalId: number | null;
  /** French name; null when no source knows it. Names repeat, labels do not. */
  name: string | null;
  nameEn: string | null;
  /** Name, made unique within the game. */
  label: string;
  level: number | null;
  category: string | null;
  /** Item type, such as "Amulette". */
  type: string | null;
  /** Where its picture is, within this server; null = none was sent yet. */
  iconUrl: string | null;
  /** Some recipe makes it. */
  isCraftable: boolean;
  /** Number of recipes that use it. */
  usageCount: number;
}

export class ItemsDto {
  items: ItemDto[];
  nextCursor: string | null;
}

export class IngredientDto {
  itemId: number;
  label: string;
  quantity: number;
}

export class RecipeDto {
  /** Level of the craft, 1 to 200. */
  level: number | null;
  /** Name of the craft. */
  job: string | null;
  ingredients: IngredientDto[];
}

export class ItemDetailsDto extends ItemDto {
  /** How it is made; null when it cannot be made. */
  recipe: RecipeDto | null;
  /** Counts changes of the item itself; `If-Match: "<version>"` keeps a change from overwriting another one. */
  version: number;
}

export class ItemEffectDto {
  /** The game's own id of the effect. */
  effectId: number;
  /** What it gives back; null for an effect that is not known. */
  @ApiProperty({ enum: ['life', 'energy'], nullable: true })
  kind: EffectKind | null;
  minValue: number;
  /** Null for an effect of one value. */
  maxValue: number | null;
  /** In words, in French; null for an effect that is not known. */
  description: string | null;
}

export class ItemEffectsDto {
  /** In the game's own order. */
  items: ItemEffectDto[];
}

/** No blanks around it, no control characters. */
const NAME = /^[^\s\p{Cc}\p{Cs}](?:[^\p{Cc}\p{Cs}]*[^\s\p{Cc}\p{Cs}])?$/u;

/** What of an item is corrected; at least one of these. A seed leaves alone what was corrected. */
export class ItemChangeDto {
  /** As the game shows it. The label follows: the name, or where another item has it, the name with the game's id. */
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @Matches(NAME)
  name?: string;

  /** English name; null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 255, pattern: NAME.source })
  @ValidateIf(isSaid)
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @Matches(NAME)
  nameEn?: string | null;

  /** Name of its category, which may be a new one; null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: 255, pattern: NAME.source })
  @ValidateIf(isSaid)
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @Matches(NAME)
  category?: string | null;

  /** 0 to 1,000; null when it is not known. */
  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 0, maximum: 1_000 })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(0)
  @Max(1_000)
  level?: number | null;
}

export class ItemsQueryDto {
  /**
   * Part of a name; accents and case do not matter. With it, and without a filter, the best matches come first; where no name holds
   * it, a page of the names most like it.
   */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(255)
  q?: string;

  /** Id of a category. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  category?: number;

  /** The game's own id of an item type. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  type?: number;

  /** Lowest level. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(32_767)
  levelMin?: number;

  /** Highest level. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(0)
  @Max(32_767)
  @NotBelow('levelMin')
  levelMax?: number;

  /** Page size, 1 to 200 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  /** `nextCursor` of the page before. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  cursor?: string;
}
