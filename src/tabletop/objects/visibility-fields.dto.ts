import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsUUID, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { VISIBILITIES, type Visibility } from './object-kinds.js';

export const MOST_SHOWN_TO = 100;

/** Who sees an object, or what two of them are to each other. */
export class VisibilityFieldsDto {
  /**
   * Who sees it beside the game masters: `gm` nobody, `party` all members, `members` those of `shownTo`, `public` whoever has an account and its id;
   * what ties two objects always provided that they see both. A new one of a master's is `gm`, a player's `party`.
   */
  @ApiPropertyOptional({ enum: VISIBILITIES })
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  /** Members who see it whatever `visibility` says. */
  @ApiPropertyOptional({ type: [String], format: 'uuid', maxItems: MOST_SHOWN_TO })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MOST_SHOWN_TO)
  @IsUUID(undefined, { each: true })
  shownTo?: string[];
}
