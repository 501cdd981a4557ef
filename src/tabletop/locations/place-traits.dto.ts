import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { type Light, LIGHTS, type Wealth, WEALTHS } from './inherited-traits.js';

const MOST_WORDS = 200;
const MOST_ITEMS = 50;
const LEAST_C = -273;
const MOST_C = 10_000;
const MOST_PRICE_RATIO = 100;

export class TraitListDto {
  /** Up to 50 of up to 200 characters. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_ITEMS })
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @Matches(STORABLE, { ...SEEN_AND_STORED, each: true })
  @MaxLength(MOST_WORDS, { each: true })
  items: string[];

  /** Beside what the places around have (true), or instead of it (false). */
  @ApiPropertyOptional({ default: false })
  @IsBoolean()
  isAdded: boolean = false;
}

/**
 * What holds in a place and, unless they say otherwise, in all places within it. A field that is missing is inherited from the place around;
 * null says that there is none of it here.
 */
export class PlaceTraitsDto {
  @ApiPropertyOptional({ type: String, maxLength: MOST_WORDS, nullable: true })
  @ValidateIf(isSaid)
  @StorableText(MOST_WORDS)
  weather?: string | null;

  @ApiPropertyOptional({ enum: LIGHTS, nullable: true })
  @ValidateIf(isSaid)
  @IsIn(LIGHTS)
  light?: Light | null;

  /** Degrees Celsius. */
  @ApiPropertyOptional({ type: Number, minimum: LEAST_C, maximum: MOST_C, nullable: true })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(LEAST_C)
  @Max(MOST_C)
  temperatureC?: number | null;

  /** Who rules, and how. */
  @ApiPropertyOptional({ type: String, maxLength: MOST_WORDS, nullable: true })
  @ValidateIf(isSaid)
  @StorableText(MOST_WORDS)
  government?: string | null;

  /** How people live here; shops and loot follow it. */
  @ApiPropertyOptional({ enum: WEALTHS, nullable: true })
  @ValidateIf(isSaid)
  @IsIn(WEALTHS)
  wealth?: Wealth | null;

  /** What things cost, 1 = as everywhere, 0 to 100. */
  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: MOST_PRICE_RATIO, nullable: true })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(0)
  @Max(MOST_PRICE_RATIO)
  priceRatio?: number | null;

  @ApiPropertyOptional({ type: String, maxLength: MOST_WORDS, nullable: true })
  @ValidateIf(isSaid)
  @StorableText(MOST_WORDS)
  currency?: string | null;

  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  sounds?: TraitListDto | null;

  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  smells?: TraitListDto | null;

  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  hazards?: TraitListDto | null;

  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  peoples?: TraitListDto | null;

  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  languages?: TraitListDto | null;

  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  religions?: TraitListDto | null;

  /** What is made or sold here. */
  @ApiPropertyOptional({ type: TraitListDto, nullable: true })
  @ValidateIf(isSaid)
  @ValidateNested()
  @Type(() => TraitListDto)
  goods?: TraitListDto | null;
}
