import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { ROLL_CONTEXTS, type RollContext, type Tier, TIERS } from '../weapons/roll-synergies.js';
import { LARGEST_HASH, WishRollDto } from './wish-lists.dto.js';

const MOST_WEAPONS = 25;
const MOST_PERKS = 60;
const MOST_NAME_LENGTH = 100;

/** By hashes, by names, or both: names are looked up where they are left out and the manifest knows them. */
export class RollToEvaluateDto {
  /** Needed for wish lists. */
  @ApiPropertyOptional({ minimum: 1, maximum: LARGEST_HASH })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LARGEST_HASH)
  itemHash?: number;

  /** Hashes of its perks, barrel to traits, one of each column; at most 60. */
  @ApiPropertyOptional({
    maxItems: MOST_PERKS,
    items: { type: 'integer', minimum: 1, maximum: LARGEST_HASH },
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PERKS)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(LARGEST_HASH, { each: true })
  perks?: number[];

  /** Type of weapon in English: "Hand Cannon". */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MOST_NAME_LENGTH)
  @Matches(STORABLE, SEEN_AND_STORED)
  archetype?: string;

  /** Name of the trait in the third column, in English. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MOST_NAME_LENGTH)
  @Matches(STORABLE, SEEN_AND_STORED)
  column3?: string;

  /** And in the fourth. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MOST_NAME_LENGTH)
  @Matches(STORABLE, SEEN_AND_STORED)
  column4?: string;
}

export class EvaluateRollsDto {
  @ApiPropertyOptional({ enum: ROLL_CONTEXTS, default: 'pve_group' })
  @IsIn(ROLL_CONTEXTS)
  context: RollContext = 'pve_group';

  /** 1 to 25. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_WEAPONS)
  @ValidateNested({ each: true })
  @Type(() => RollToEvaluateDto)
  weapons: RollToEvaluateDto[];
}

export class WishHitDto extends WishRollDto {
  /** All of its perks are plugged in, of those that are only choices none is needed. */
  isSelected: boolean;
}

export class WishVerdictDto {
  /** 0 to 1: columns that the nearest good roll names, of four; 1 where a good roll matches. */
  score: number;
  /** 0 to 4. */
  matchedColumns: number;
  hitCount: number;
  trashCount: number;
  /** Good rolls that match, those with the most perks first; the first twenty. */
  hits: WishHitDto[];
  /** Rolls to throw away that match, likewise. */
  trash: WishHitDto[];
}

export class RollEvaluationDto {
  @ApiProperty({ type: 'number', nullable: true })
  itemHash: number | null;
  /** Of the weapon; null where it is not known. */
  name: string | null;
  archetype: string | null;
  column3: string | null;
  column4: string | null;
  /** 0 to 15; null where none of the traits is known by name, so that nothing can be said. */
  score: number | null;
  /** S from a score of 9 on, A from 7, B from 5, else C. */
  @ApiProperty({ enum: TIERS, type: 'string', nullable: true })
  tier: Tier | null;
  explanation: string | null;
  /** What your lists say of it; null without an item. */
  @ApiProperty({ type: WishVerdictDto, nullable: true })
  wishList: WishVerdictDto | null;
}

export class RollEvaluationsDto {
  context: string;
  /** One for each of the request's, in its order. */
  items: RollEvaluationDto[];
}
