import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { QueryInt } from '../../platform/http/query-int.js';

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

export class CategoryDto {
  id: number;
  name: string;
}

export class CategoriesDto {
  items: CategoryDto[];
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
}

export class ItemsQueryDto {
  /** Part of a name; accents and case do not matter. With it, and without a filter, the best matches come first. */
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
