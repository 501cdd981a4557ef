import { ApiProperty } from '@nestjs/swagger';
import { CampaignObjectDto, NewObjectDto, ObjectChangeDto } from '../objects/objects.dto.js';

export class LoreNoteChangeDto extends ObjectChangeDto {}

export class NewLoreNoteDto extends NewObjectDto {}

export class LoreNoteDto extends CampaignObjectDto {}

export class LoreNotePageDto {
  @ApiProperty({ type: [LoreNoteDto] })
  items: LoreNoteDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
