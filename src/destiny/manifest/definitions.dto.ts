import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';

export class DefinitionQueryDto {
  /** `en`, `pt-br`: one that was imported; the settings' first one without it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Matches(/^[a-z]{2,3}(?:-[a-z]{2,4})?$/, { message: 'must be a language such as en or pt-br' })
  lang?: string;
}

export class SearchDefinitionsQueryDto extends DefinitionQueryDto {
  /** Part of a name in any case and with or without accents, 3 to 100 characters. */
  @IsString()
  @Matches(STORABLE, SEEN_AND_STORED)
  @MinLength(3)
  @MaxLength(100)
  q: string;

  /** Most answers, 1 to 100 (25). */
  @ApiPropertyOptional({ default: 25, minimum: 1, maximum: 100 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(100)
  limit: number = 25;
}

export class DefinitionDto {
  /** Table of the manifest, `DestinyInventoryItemDefinition`. */
  type: string;
  /** Unsigned, 32 bits. */
  hash: number;
  language: string;
  /** Of the manifest; `built-in` while none was imported. */
  version: string;
  /** As Bungie publishes it. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  definition: Record<string, unknown>;
}

export class FoundDefinitionDto {
  /** Unsigned, 32 bits. */
  hash: number;
  name: string;
  /** Path below https://www.bungie.net. */
  icon: string | null;
  /** Of an item, what the game calls its kind. */
  kind: string | null;
}

/** The best first: the very name, names that begin so, shorter ones. */
export class FoundDefinitionsDto {
  language: string;
  /** Of the manifest; `built-in` while none was imported, which has nothing to search. */
  version: string;
  items: FoundDefinitionDto[];
}
