import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { NotBelow } from '../../platform/http/not-below.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryFlag } from '../../platform/http/query-flag.js';
import { QueryInt } from '../../platform/http/query-int.js';
import { QueryNumber } from '../../platform/http/query-number.js';
import { QueryChoices } from '../../platform/http/query-words.js';
import { COMPONENT_STATES, type ComponentState } from '../bungie/profile-snapshot.js';
import { CATALYST_SORTS, type CatalystSort, type StateFilter } from './catalyst-list.js';
import { MOST_SEASON, STATE_FILTERS } from './catalysts-query.js';
import { CATALYST_STATES, type CatalystState } from './judge-catalyst.js';
import { ACTIVITIES, type Activity } from './objective-kind.js';
import { AMMO, type Ammo, type Element, ELEMENTS, type Slot, SLOTS, WEAPON_TYPES } from './weapon-terms.js';

const MOST_HASH = 2 ** 32 - 1;

/** Several values of one field mean any of them, separated by commas. It is read by `catalystsQuerySchema`. */
export class CatalystsQueryDto extends PageQueryDto {
  /** Of 1 to 200 (200). */
  @ApiPropertyOptional({ default: 200, minimum: 1, maximum: 200 })
  override limit: number = 200;

  /** `incomplete` is found and not done, `missing` not found. */
  @QueryChoices(STATE_FILTERS)
  state?: StateFilter[];

  @QueryChoices(WEAPON_TYPES)
  weaponType?: string[];

  @QueryChoices(ELEMENTS)
  element?: Element[];

  @QueryChoices(SLOTS)
  slot?: Slot[];

  /** Where or how progress is made. */
  @QueryChoices(ACTIVITIES)
  activity?: Activity[];

  /** Percent, inclusive. */
  @ApiPropertyOptional({ minimum: 0, maximum: 100 })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(100)
  minPct?: number;

  /** Percent, inclusive. */
  @ApiPropertyOptional({ minimum: 0, maximum: 100 })
  @IsOptional()
  @QueryNumber()
  @IsNumber()
  @Min(0)
  @Max(100)
  @NotBelow('minPct')
  maxPct?: number;

  @ApiPropertyOptional({ minimum: 1, maximum: MOST_SEASON })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_SEASON)
  season?: number;

  /** In progress and at 75 % or more. */
  @ApiPropertyOptional()
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isNearCompletion?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @QueryFlag()
  @IsBoolean()
  isTracked?: boolean;

  /** Words of the weapon's or the catalyst's name, accents and case aside. */
  @ApiPropertyOptional({ maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;

  /** `pct` furthest first, `remaining` least left first, `season` newest first. */
  @ApiPropertyOptional({ enum: CATALYST_SORTS, default: 'pct' })
  @IsOptional()
  @IsIn(CATALYST_SORTS)
  sort: CatalystSort = 'pct';
}

export class ObjectiveDto {
  @ApiProperty({ minimum: 1, maximum: MOST_HASH, type: 'integer' })
  objectiveHash: number;
  /** As the game writes it; null where it is not known. */
  text: string | null;
  /** As Bungie counts: may stand above the target; null where it does not say. */
  @ApiProperty({ nullable: true, type: 'integer' })
  progress: number | null;
  /** Of the player's own record. */
  @ApiProperty({ nullable: true, type: 'integer' })
  target: number | null;
  /** 0 to 1. */
  ratio: number;
  isComplete: boolean;
  isVisible: boolean;
}

/** What is the same for everybody. */
export class CatalystFactsDto {
  /** Bungie's hash of the record, unsigned. */
  @ApiProperty({ minimum: 1, maximum: MOST_HASH, type: 'integer' })
  recordHash: number;
  @ApiProperty({ minimum: 1, maximum: MOST_HASH, type: 'integer' })
  weaponHash: number;
  weaponName: string;
  name: string;
  /** URL of a picture at Bungie. */
  icon: string | null;
  @ApiProperty({ enum: WEAPON_TYPES, nullable: true })
  weaponType: string | null;
  @ApiProperty({ enum: ELEMENTS, nullable: true })
  element: Element | null;
  @ApiProperty({ enum: SLOTS, nullable: true })
  slot: Slot | null;
  @ApiProperty({ enum: AMMO, nullable: true })
  ammo: Ammo | null;
  /** In which the weapon came. */
  @ApiProperty({ nullable: true, type: 'integer' })
  season: number | null;
  /** Where the weapon comes from. */
  source: string | null;
  @ApiProperty({ enum: ACTIVITIES })
  activity: Activity;
}

export class CatalystDto extends CatalystFactsDto {
  @ApiProperty({ enum: CATALYST_STATES })
  state: CatalystState;
  /** 0 to 100; 100 exactly when it is complete, 0 while it is unknown. */
  pct: number;
  /** What is left to do in the units of its objectives, nearly always kills; null where it is complete or not known. */
  @ApiProperty({ nullable: true, type: 'integer' })
  remaining: number | null;
  objectives: ObjectiveDto[];
  isTracked: boolean;
  /** When it was first seen found; null for what was found before anybody looked. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  foundAt: string | null;
  @ApiProperty({ nullable: true, format: 'date-time' })
  completedAt: string | null;
  /** When an objective last moved. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  progressedAt: string | null;
}

/** How old what is shown is. */
export class DestinyAgeDto {
  /** When Bungie made it; null = nothing was read yet. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  asOf: string | null;
  /** Older than it should be, for example while Bungie is down. */
  isStale: boolean;
  /** `private`: the player hides it; `absent`: nothing has come yet. */
  @ApiProperty({ enum: COMPONENT_STATES })
  recordsState: ComponentState;
}

export class CatalystsDto extends DestinyAgeDto {
  @ApiProperty({ type: [CatalystDto] })
  items: CatalystDto[];
  /** Of all that the filters leave. */
  @ApiProperty({ type: 'integer' })
  total: number;
  nextCursor: string | null;
}

export class CatalystDetailDto extends IntersectionType(CatalystDto, DestinyAgeDto) {}

export class CatalystCountsDto {
  @ApiProperty({ type: 'integer' })
  total: number;
  /** Complete or in progress. */
  @ApiProperty({ type: 'integer' })
  found: number;
  @ApiProperty({ type: 'integer' })
  complete: number;
}

const GROUPS = {
  type: 'object',
  additionalProperties: { $ref: '#/components/schemas/CatalystCountsDto' },
} as const;

export class CatalystSummaryDto extends IntersectionType(DestinyAgeDto, CatalystCountsDto) {
  @ApiProperty({ type: 'integer' })
  inProgress: number;
  @ApiProperty({ type: 'integer' })
  notFound: number;
  @ApiProperty({ type: 'integer' })
  unavailable: number;
  @ApiProperty({ type: 'integer' })
  hidden: number;
  @ApiProperty({ type: 'integer' })
  unknown: number;
  /** In progress and at 75 % or more. */
  @ApiProperty({ type: 'integer' })
  nearCompletion: number;
  /** Of all that are judged; null where none is. */
  @ApiProperty({ nullable: true, type: 'number' })
  meanPct: number | null;
  @ApiProperty(GROUPS)
  bySlot: Record<string, CatalystCountsDto>;
  @ApiProperty(GROUPS)
  byElement: Record<string, CatalystCountsDto>;
  @ApiProperty(GROUPS)
  byWeaponType: Record<string, CatalystCountsDto>;
}

export class CatalystFactsListDto {
  @ApiProperty({ type: [CatalystFactsDto] })
  items: CatalystFactsDto[];
}

export class TrackingDto {
  @ApiProperty({ minimum: 1, maximum: MOST_HASH, type: 'integer' })
  recordHash: number;
  isTracked: boolean;
}
