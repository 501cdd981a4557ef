import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, MaxLength, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { SEEN_AND_STORED, STORABLE_OR_BLANK } from '../../platform/http/storable.js';
import { VisibilityFieldsDto } from '../objects/visibility-fields.dto.js';

const MOST_NOTE = 2_000;

/** What may be said of most links. */
export class LinkFieldsDto extends VisibilityFieldsDto {
  /** What is to be known of it, up to 2,000 characters. */
  @ApiPropertyOptional({ maxLength: MOST_NOTE })
  @ValidateIf(isGiven)
  @Matches(STORABLE_OR_BLANK, SEEN_AND_STORED)
  @MaxLength(MOST_NOTE)
  note?: string;
}
