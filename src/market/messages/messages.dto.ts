import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { STORABLE } from '../../platform/http/storable.js';

export const MAX_CONTENT = 2_000;
const MAX_MARKED = 10_000;

export class MessageChangeDto {
  /** 1 to 2,000 characters; spaces around it are cut off. */
  @ApiProperty({ minLength: 1, maxLength: MAX_CONTENT })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_CONTENT)
  @Matches(STORABLE, { message: 'must be text that can be seen and stored' })
  content: string;
}

export class NewMessageDto extends MessageChangeDto {
  /** The author: one of the caller's profiles. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  profileId: string;
}

export class MessagesQueryDto extends PageQueryDto {
  /** Messages of this author only. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  authorId?: string;

  /** One of the caller's profiles: `isRead` says what it has read. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  readerProfileId?: string;
}

export class UnreadQueryDto {
  /** One of the caller's profiles. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  profileId: string;
}

export class UnreadMessagesDto {
  /** Messages of others that the profile has not read. */
  count: number;
}

export class MarkReadDto {
  /** One of the caller's profiles. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  profileId: string;

  /** At most 10,000; absent for all messages. Ids that are no message's are passed over. */
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: MAX_MARKED })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_MARKED)
  @IsString({ each: true })
  messageIds?: string[];
}

export class MarkedDto {
  /** Messages that were unread before. */
  markedCount: number;
}

export class AuthorDto {
  /** Id of a profile. */
  id: string;
  name: string;
}

export class MessageDto {
  id: string;
  author: AuthorDto;
  content: string;
  createdAt: string;
  /** The same until it is changed. */
  updatedAt: string;
  /** The caller may change it. */
  isOwn: boolean;
  /** Written or read by `readerProfileId`; null where that was not given. */
  @ApiProperty({ type: Boolean, nullable: true })
  isRead: boolean | null;
}

export class MessagesDto {
  /** Newest first. */
  items: MessageDto[];
  nextCursor: string | null;
}
