import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import { IsTimeZone } from './is-time-zone.decorator.js';
import { MOST_TIME_ZONE } from './time-zone.js';
import { LEAST_USERNAME, MOST_USERNAME, USERNAME } from './username.js';

const MOST_DISPLAY_NAME = 100;
const NAME_FORM = {
  message: 'takes letters, digits and . _ -, begins and ends with a letter or a digit, and is no id',
};

/** What is left out stays as it is. */
export class RunnerProfileChangeDto {
  /** 3 to 50 of the letters a to z, digits and `. _ -`; unique without regard to case. */
  @ApiPropertyOptional({ minLength: LEAST_USERNAME, maxLength: MOST_USERNAME })
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(LEAST_USERNAME)
  @MaxLength(MOST_USERNAME)
  @Matches(USERNAME, NAME_FORM)
  username?: string;

  /** 1 to 100 characters; null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 1, maxLength: MOST_DISPLAY_NAME })
  @ValidateIf(isSaid)
  @StorableText(MOST_DISPLAY_NAME)
  displayName?: string | null;

  /** A zone of the IANA database, such as `Europe/Berlin`: days, weeks and months are its. */
  @ApiPropertyOptional({ maxLength: MOST_TIME_ZONE })
  @ValidateIf(isGiven)
  @IsString()
  @IsTimeZone()
  timeZone?: string;
}

/** The caller's own. */
export class RunnerProfileDto {
  /** The account's. */
  @ApiProperty({ format: 'uuid' })
  id: string;

  username: string;

  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  /** A link of this server to the picture, without a token, until `pictureUrlExpiresAt`; null where there is none. */
  @ApiProperty({ type: String, nullable: true })
  pictureUrl: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  pictureUrlExpiresAt: string | null;

  timeZone: string;

  /** The ETag's number. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

/** What others see. */
export class PublicRunnerDto {
  /** The account's. */
  @ApiProperty({ format: 'uuid' })
  id: string;

  username: string;

  @ApiProperty({ type: String, nullable: true })
  displayName: string | null;

  /** As of one's own profile. */
  @ApiProperty({ type: String, nullable: true })
  pictureUrl: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  pictureUrlExpiresAt: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}
