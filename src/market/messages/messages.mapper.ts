import { isoOf } from '../profiles/profiles.mapper.js';
import type { MessageDto } from './messages.dto.js';
import type { MessageRow } from './messages.repository.js';

export function toMessageDto(row: MessageRow): MessageDto {
  return {
    id: row.id,
    author: { id: row.profileId, name: row.authorName },
    content: row.content,
    createdAt: isoOf(row.createdAtUtc),
    updatedAt: isoOf(row.updatedAtUtc),
    isOwn: row.isOwn,
    isRead: row.isRead,
  };
}
