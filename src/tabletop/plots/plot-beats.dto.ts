import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { MOST_SESSION_NUMBER } from '../sessions/game-sessions.dto.js';
import { MOST_DAY } from '../timeline/game-calendar.js';
import { BEAT_VISIBILITIES, type BeatVisibility } from './plot-kinds.js';

const MOST_TITLE = 200;
const MOST_NOTE = 5_000;
const MOST_DISCOVERERS = 100;

/** What milestones and hooks have in common but for their titles; what is left out stays, or is not said of a new one. */
class PlotBeatFieldsDto {
  /** Up to 5,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTE)
  note?: string;

  /** Number of the session in which it is planned to come. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SESSION_NUMBER, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(1)
  @Max(MOST_SESSION_NUMBER)
  dueSession?: number | null;

  /** Day of the campaign's calendar for which it is planned. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  dueDay?: number | null;

  /** Whether it has come: reached, or paid off. */
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  isDone?: boolean;

  /** The session in which it came; of one that has come. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  doneIn?: string | null;

  /** The day on which it came; of one that has come. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  doneDay?: number | null;
}

class MilestoneFieldsDto extends PlotBeatFieldsDto {
  /** Who sees it: `gm` nobody else (usual), `party` whoever sees the thread. */
  @ApiPropertyOptional({ enum: BEAT_VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(BEAT_VISIBILITIES)
  visibility?: BeatVisibility;
}

export class MilestoneChangeDto extends MilestoneFieldsDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_TITLE })
  @ValidateIf(isGiven)
  @StorableText(MOST_TITLE)
  title?: string;
}

export class NewMilestoneDto extends MilestoneFieldsDto {
  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_TITLE })
  @StorableText(MOST_TITLE)
  title: string;
}

class HookFieldsDto extends PlotBeatFieldsDto {
  /** The session in which it was planted; null = not yet. */
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true })
  @ValidateIf(isSaid)
  @IsUUID()
  plantedIn?: string | null;

  /** Day of the campaign's calendar on which it was planted. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  plantedDay?: number | null;

  /** Characters that have found it. */
  @ApiPropertyOptional({ type: [String], format: 'uuid', maxItems: MOST_DISCOVERERS })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_DISCOVERERS)
  @IsUUID(undefined, { each: true })
  discoveredBy?: string[];
}

export class HookChangeDto extends HookFieldsDto {
  /** 1 to 200 characters. */
  @ApiPropertyOptional({ minLength: 1, maxLength: MOST_TITLE })
  @ValidateIf(isGiven)
  @StorableText(MOST_TITLE)
  title?: string;
}

export class NewHookDto extends HookFieldsDto {
  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_TITLE })
  @StorableText(MOST_TITLE)
  title: string;
}

export class PlotBeatDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  plotId: string;
  title: string;
  note: string;
  @ApiProperty({ type: 'integer', nullable: true })
  dueSession: number | null;
  @ApiProperty({ type: 'integer', nullable: true })
  dueDay: number | null;
  isDone: boolean;
  /** The session in which it came, where the caller sees it. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  doneIn: string | null;
  @ApiProperty({ type: 'integer', nullable: true })
  doneDay: number | null;
  @ApiProperty({ type: 'integer' })
  version: number;
}

export class MilestoneDto extends PlotBeatDto {
  @ApiProperty({ enum: BEAT_VISIBILITIES })
  visibility: BeatVisibility;
}

export class HookDto extends PlotBeatDto {
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  plantedIn: string | null;
  @ApiProperty({ type: 'integer', nullable: true })
  plantedDay: number | null;
  @ApiProperty({ type: [String], format: 'uuid' })
  discoveredBy: string[];
}

export class MilestonePageDto {
  @ApiProperty({ type: [MilestoneDto] })
  items: MilestoneDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class HookPageDto {
  @ApiProperty({ type: [HookDto] })
  items: HookDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
