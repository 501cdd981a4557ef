import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsUUID, ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import { CampaignObjectDto, MOST_OBJECT_NAME, ObjectChangeDto } from '../objects/objects.dto.js';

export class LoreNoteChangeDto extends ObjectChangeDto {}

export class NewLoreNoteDto extends ObjectChangeDto {
  /** 1 to 200 characters. */
  @ApiProperty({ minLength: 1, maxLength: MOST_OBJECT_NAME })
  @StorableText(MOST_OBJECT_NAME)
  declare name: string;

  /** Made by the client, so that a repetition finds it. */
  @ApiPropertyOptional({ format: 'uuid' })
  @ValidateIf(isGiven)
  @IsUUID()
  id?: string;
}

export class LoreNoteDto extends CampaignObjectDto {}

export class LoreNotePageDto {
  @ApiProperty({ type: [LoreNoteDto] })
  items: LoreNoteDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
