import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryInt } from '../../platform/http/query-int.js';
import {
  isStorableJson,
  SEEN_AND_STORED,
  STORABLE,
  STORABLE_OR_BLANK,
} from '../../platform/http/storable.js';
import { isGiven } from '../../platform/http/is-given.js';

const MAX_ID = 2_147_483_647;
/** Levels within a step. */
const MOST_DEPTH = 20;
const STORABLE_STEP = {
  name: 'isStorableJson',
  validator: {
    validate: (step: unknown) => isStorableJson(step, MOST_DEPTH),
    defaultMessage: () => `$property takes text that can be stored, and at most ${MOST_DEPTH} levels`,
  },
};

export class HarvestRoutesQueryDto extends PageQueryDto {
  /** `own` (the default), or everybody's `public` ones. */
  @ApiPropertyOptional({ enum: ['own', 'public'], default: 'own' })
  @IsIn(['own', 'public'])
  scope: 'own' | 'public' = 'own';

  /** Public ones for this job: the game's own id. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  job?: number;
}

export class NewHarvestRouteDto {
  /** 1 to 200 characters. */
  @IsString()
  @Length(1, 200)
  @Matches(STORABLE, SEEN_AND_STORED)
  name: string;

  /** At most 2,000 characters. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  @Matches(STORABLE_OR_BLANK, { message: 'must be text that can be stored' })
  description?: string | null;

  /** The game's own ids of the jobs that it is for, at most 100. */
  @IsArray()
  @ArrayMaxSize(100)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MAX_ID, { each: true })
  jobIds: number[];

  /** The game's own ids of what is gathered, at most 500. */
  @IsArray()
  @ArrayMaxSize(500)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MAX_ID, { each: true })
  resourceIds: number[];

  /** At most 1,000 objects of at most 20 levels, kept as they are, such as the steps of an optimised route. */
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsObject({ each: true })
  @ValidateBy(STORABLE_STEP, { each: true })
  steps: Record<string, unknown>[];

  /** Everybody may read it (false). */
  @ApiPropertyOptional({ default: false })
  @IsBoolean()
  isPublic: boolean = false;
}

export class HarvestRouteChangeDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsString()
  @Length(1, 200)
  @Matches(STORABLE, SEEN_AND_STORED)
  name?: string;

  /** At most 2,000 characters; null takes it away. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  @Matches(STORABLE_OR_BLANK, { message: 'must be text that can be stored' })
  description?: string | null;

  /** The game's own ids of the jobs that it is for, at most 100. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(100)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MAX_ID, { each: true })
  jobIds?: number[];

  /** The game's own ids of what is gathered, at most 500. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(500)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MAX_ID, { each: true })
  resourceIds?: number[];

  /** At most 1,000 objects of at most 20 levels, kept as they are. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsObject({ each: true })
  @ValidateBy(STORABLE_STEP, { each: true })
  steps?: Record<string, unknown>[];

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isPublic?: boolean;
}

export class HarvestRouteDto {
  id: string;
  /** The caller may change it. */
  isOwn: boolean;
  name: string;
  description: string | null;
  jobIds: number[];
  resourceIds: number[];
  /** As the client that made the route wrote them. */
  steps: Record<string, unknown>[];
  isPublic: boolean;
  createdAt: string;
  updatedAt: string;
}

export class HarvestRoutesDto {
  /** Newest first. */
  items: HarvestRouteDto[];
  nextCursor: string | null;
}
