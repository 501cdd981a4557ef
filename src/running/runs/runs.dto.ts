import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsISO8601,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { QueryChoices } from '../../platform/http/query-words.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { IsInstant } from '../is-instant.decorator.js';
import { IsTimeZone } from '../profiles/is-time-zone.decorator.js';
import { MOST_TIME_ZONE } from '../profiles/time-zone.js';
import { RUN_SOURCES, type RunSource, VISIBILITIES, type Visibility } from './run-terms.js';

const MOST_TITLE = 200;
const MOST_DESCRIPTION = 10_000;
const MOST_SPORT = 40;
const MOST_DISTANCE_M = 2_000_000;
const MOST_TIME_S = 2_000_000;
const SPORT = /^[a-z][a-z0-9-]*$/;
const SPORT_FORM = { message: 'takes small letters, digits and hyphens' };

/** What a runner says of a whole run that has no track. */
export class RunTotalsDto {
  /** Metres. */
  @IsNumber()
  @Min(1)
  @Max(MOST_DISTANCE_M)
  distanceM: number;

  /** Seconds, not more than `elapsedTimeS`. */
  @IsNumber()
  @Min(1)
  @Max(MOST_TIME_S)
  movingTimeS: number;

  /** Seconds from start to finish. */
  @IsNumber()
  @Min(1)
  @Max(MOST_TIME_S)
  elapsedTimeS: number;

  /** Beats per minute. */
  @IsOptional()
  @IsNumber()
  @Min(20)
  @Max(260)
  averageHeartRateBpm?: number;

  /** Beats per minute. */
  @IsOptional()
  @IsNumber()
  @Min(20)
  @Max(260)
  maxHeartRateBpm?: number;

  /** Steps of both feet per minute. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(400)
  averageCadenceSpm?: number;

  /** Metres. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(50_000)
  elevationGainM?: number;

  /** Metres, not negative. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(50_000)
  elevationLossM?: number;
}

/** A run that begins now, or with `totals` one that is over and has no track. */
export class NewRunDto {
  /** Made by the client, so that it may send again what got no answer: the run of this id is answered then. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('all')
  @Matches(/^[0-9a-f-]+$/, { message: 'must be written in small letters' })
  id?: string;

  /** 1 to 200 characters. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_TITLE })
  @ValidateIf(isSaid)
  @StorableText(MOST_TITLE)
  title?: string | null;

  /** 1 to 10,000 characters. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_DESCRIPTION })
  @ValidateIf(isSaid)
  @StorableText(MOST_DESCRIPTION)
  description?: string | null;

  /** `run` unless told; `walk`, `hike`, `ride` and whatever else a client calls it. */
  @ApiPropertyOptional({ default: 'run', minLength: 1, maxLength: MOST_SPORT })
  @IsString()
  @MaxLength(MOST_SPORT)
  @Matches(SPORT, SPORT_FORM)
  sport: string = 'run';

  /** For this run alone; without it, or null, as the profile says. */
  @ApiPropertyOptional({ enum: VISIBILITIES, nullable: true })
  @ValidateIf(isSaid)
  @IsIn(VISIBILITIES)
  privacy?: Visibility | null;

  /** By the device's clock. */
  @ApiProperty({ format: 'date-time' })
  @IsInstant(1970)
  startedAt: string;

  /** Where the runner is, a zone of the IANA database; the profile's unless told. */
  @ApiPropertyOptional({ maxLength: MOST_TIME_ZONE })
  @ValidateIf(isGiven)
  @IsString()
  @IsTimeZone()
  timeZone?: string;

  /** By the device's own formula. */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(100_000)
  caloriesKcal?: number;

  @ApiPropertyOptional({ type: RunTotalsDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => RunTotalsDto)
  totals?: RunTotalsDto;
}

/** What is left out stays as it is; null takes it away. */
export class RunChangeDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_TITLE })
  @ValidateIf(isSaid)
  @StorableText(MOST_TITLE)
  title?: string | null;

  /** 1 to 10,000 characters. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_DESCRIPTION })
  @ValidateIf(isSaid)
  @StorableText(MOST_DESCRIPTION)
  description?: string | null;

  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_SPORT })
  @ValidateIf(isGiven)
  @IsString()
  @MaxLength(MOST_SPORT)
  @Matches(SPORT, SPORT_FORM)
  sport?: string;

  /** For this run alone; null: as the profile says. */
  @ApiPropertyOptional({ enum: VISIBILITIES, nullable: true })
  @ValidateIf(isSaid)
  @IsIn(VISIBILITIES)
  privacy?: Visibility | null;

  @ApiPropertyOptional({ maxLength: MOST_TIME_ZONE })
  @ValidateIf(isGiven)
  @IsString()
  @IsTimeZone()
  timeZone?: string;

  @ApiPropertyOptional({ type: Number, nullable: true, minimum: 0, maximum: 100_000 })
  @ValidateIf(isSaid)
  @IsNumber()
  @Min(0)
  @Max(100_000)
  caloriesKcal?: number | null;
}

export const RUN_STATES = ['recording', 'suspended', 'finished'] as const;

/** Figures are null where nobody told them or the track is not made yet. */
export class RunnerRunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  /** Whose run it is. */
  @ApiProperty({ format: 'uuid' })
  userId: string;

  /** Whether it is the caller's. Of others' runs heart rates, calories and `externalId` are not shown. */
  isOwn: boolean;

  /** `app`: recorded here; `imported`: from a file; `strava`: its owner's alone. */
  @ApiProperty({ enum: RUN_SOURCES })
  source: RunSource;

  /** What it is called where it came from. */
  @ApiProperty({ type: String, nullable: true })
  externalId: string | null;

  /** `suspended`: nothing has come for half an hour; it goes on as soon as something does. */
  @ApiProperty({ enum: RUN_STATES })
  status: (typeof RUN_STATES)[number];

  @ApiProperty({ type: String, nullable: true })
  title: string | null;

  @ApiProperty({ type: String, nullable: true })
  description: string | null;

  sport: string;

  /** The owner's choice for this run; null: none, or not the caller's to know. */
  @ApiProperty({ enum: VISIBILITIES, nullable: true })
  privacy: Visibility | null;

  /** Who may see it. */
  @ApiProperty({ enum: VISIBILITIES })
  visibility: Visibility;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  finishedAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  timeZone: string | null;

  @ApiProperty({ type: Number, nullable: true })
  distanceM: number | null;

  @ApiProperty({ type: Number, nullable: true })
  movingTimeS: number | null;

  @ApiProperty({ type: Number, nullable: true })
  elapsedTimeS: number | null;

  /** Moving seconds per kilometre. */
  @ApiProperty({ type: Number, nullable: true })
  averagePaceSPerKm: number | null;

  @ApiProperty({ type: Number, nullable: true })
  averageSpeedMps: number | null;

  @ApiProperty({ type: Number, nullable: true })
  averageHeartRateBpm: number | null;

  @ApiProperty({ type: Number, nullable: true })
  maxHeartRateBpm: number | null;

  /** Steps of both feet per minute. */
  @ApiProperty({ type: Number, nullable: true })
  averageCadenceSpm: number | null;

  @ApiProperty({ type: Number, nullable: true })
  caloriesKcal: number | null;

  @ApiProperty({ type: Number, nullable: true })
  elevationGainM: number | null;

  @ApiProperty({ type: Number, nullable: true })
  elevationLossM: number | null;

  @ApiProperty({ type: Number, nullable: true })
  maxElevationM: number | null;

  @ApiProperty({ type: Number, nullable: true })
  minElevationM: number | null;

  @ApiProperty({ type: Number, nullable: true })
  startLatDeg: number | null;

  @ApiProperty({ type: Number, nullable: true })
  startLonDeg: number | null;

  @ApiProperty({ type: Number, nullable: true })
  endLatDeg: number | null;

  @ApiProperty({ type: Number, nullable: true })
  endLonDeg: number | null;

  hasTrack: boolean;

  /** Moves whenever the track is made anew; 0 = there is none. */
  @ApiProperty({ type: 'integer' })
  trackVersion: number;

  /** The ETag's number. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class RunPageDto {
  @ApiProperty({ type: [RunnerRunDto] })
  items: RunnerRunDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RunsQueryDto extends PageQueryDto {
  /** Only of these sources, with commas between them. */
  @QueryChoices(RUN_SOURCES)
  source?: RunSource[];

  /** Started then or later. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  /** Started before. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({ enum: ['date', 'distance'], default: 'date' })
  @IsIn(['date', 'distance'])
  sort: 'date' | 'distance' = 'date';

  @ApiPropertyOptional({ enum: ['asc', 'desc'], default: 'desc' })
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'desc';
}

export class RunChangesQueryDto {
  /** `nextSince` of the answer before; without it everything is told. Older than 30 days: 410, and everything has to be read anew. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  since?: string;
  /** Page size, 1 to 200 (50). */
  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200, type: 'integer' })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

/** A run as it is now, or that it was deleted. */
export class ChangedRunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  isDeleted: boolean;

  @ApiProperty({ type: RunnerRunDto, nullable: true })
  run: RunnerRunDto | null;
}

export class RunChangesDto {
  /** In the order of their last change; each run once. */
  @ApiProperty({ type: [ChangedRunDto] })
  items: ChangedRunDto[];

  /** For the next call, also when nothing has changed. */
  nextSince: string;

  /** There is more to be read at once. */
  hasMore: boolean;
}
