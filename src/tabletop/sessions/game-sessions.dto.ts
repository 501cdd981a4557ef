import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { CampaignObjectDto, MOST_OBJECT_NAME, ObjectChangeDto } from '../objects/objects.dto.js';
import { MOST_DAY } from '../timeline/game-calendar.js';
import { IsRealDate } from '../timeline/is-real-date.decorator.js';

export const MOST_SESSION_NUMBER = 100_000;
const MOST_SCENES = 200;
const MOST_SCENE_TEXT = 20_000;

export class SessionSceneDto {
  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @StorableText(MOST_OBJECT_NAME)
  title: string;

  /** Markdown, up to 20,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_SCENE_TEXT, default: '' })
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_SCENE_TEXT)
  text: string = '';
}

export class GameSessionDetailsChangeDto {
  /** 1 = the first; a new one without it gets the next after the last. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SESSION_NUMBER })
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MOST_SESSION_NUMBER)
  number?: number;

  /** Day on which the group met. */
  @ApiPropertyOptional({ type: String, format: 'date', nullable: true })
  @ValidateIf(isSaid)
  @IsRealDate()
  heldOn?: string | null;

  /** Day of the campaign's calendar on which it began, as a number. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  day?: number | null;

  /** Day on which it ended, not before that. */
  @ApiPropertyOptional({ type: 'integer', minimum: -MOST_DAY, maximum: MOST_DAY, nullable: true })
  @ValidateIf(isSaid)
  @IsInt()
  @Min(-MOST_DAY)
  @Max(MOST_DAY)
  endDay?: number | null;

  /** In their order, up to 200; replaces all that were there. */
  @ApiPropertyOptional({ type: [SessionSceneDto], maxItems: MOST_SCENES })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_SCENES)
  @ValidateNested({ each: true })
  @Type(() => SessionSceneDto)
  scenes?: SessionSceneDto[];
}

export class GameSessionChangeDto extends ObjectChangeDto {
  @ApiPropertyOptional({ type: GameSessionDetailsChangeDto })
  @ValidateIf(isGiven)
  @ValidateNested()
  @Type(() => GameSessionDetailsChangeDto)
  details?: GameSessionDetailsChangeDto;
}

export class NewGameSessionDto extends GameSessionChangeDto {
  /** Made by the client, so that a repetition finds it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  id?: string;
}

export class GameSessionDetailsDto {
  @ApiProperty({ type: 'integer' })
  number: number;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  heldOn: string | null;
  /** Day of the campaign's calendar. */
  @ApiProperty({ type: 'integer', nullable: true })
  day: number | null;
  @ApiProperty({ type: 'integer', nullable: true })
  endDay: number | null;
  /** The first day in the words of the calendar. */
  @ApiProperty({ type: String, nullable: true })
  dayText: string | null;
  @ApiProperty({ type: [SessionSceneDto] })
  scenes: SessionSceneDto[];
}

export class GameSessionDto extends CampaignObjectDto {
  @ApiProperty({ type: GameSessionDetailsDto })
  details: GameSessionDetailsDto;
}

export class GameSessionPageDto {
  @ApiProperty({ type: [GameSessionDto] })
  items: GameSessionDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
