import { ApiProperty } from '@nestjs/swagger';
import { FoundObjectDto } from './search.dto.js';

export const MENTION_WAYS = ['text', 'mention', 'appearance'] as const;
export type MentionWay = (typeof MENTION_WAYS)[number];

export class MentionDto {
  object: FoundObjectDto;
  /** Its text names the object; or a link says that it speaks of it, or that it appeared there. */
  @ApiProperty({ enum: MENTION_WAYS, isArray: true })
  by: MentionWay[];
  /** Plain text around the name, the name between ⟦ and ⟧; null where no text names it. */
  @ApiProperty({ type: String, nullable: true })
  headline: string | null;
}

export class MentionPageDto {
  @ApiProperty({ type: [MentionDto] })
  items: MentionDto[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RelatedObjectDto {
  object: FoundObjectDto;
  /** Why, in the order of weight: sentences that name nothing but what the caller sees. */
  @ApiProperty({ type: [String] })
  reasons: string[];
}

export class RelatedObjectsDto {
  @ApiProperty({ type: [RelatedObjectDto] })
  items: RelatedObjectDto[];
}
