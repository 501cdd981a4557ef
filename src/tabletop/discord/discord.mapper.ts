import type { DiscordChannelDto, DiscordPostDto } from './discord.dto.js';
import type { DiscordChannelRow, DiscordPartRow, DiscordPostRow } from './discord-posts.repository.js';

export function toDiscordChannelDto({ lastFour, label, updatedAt }: DiscordChannelRow): DiscordChannelDto {
  return { lastFour, label, updatedAt: updatedAt.toISOString() };
}

export function toDiscordPostDto(post: DiscordPostRow, parts: readonly DiscordPartRow[]): DiscordPostDto {
  return {
    id: post.id,
    state: post.state,
    error: post.error,
    createdAt: post.createdAt.toISOString(),
    finishedAt: post.finishedAt?.toISOString() ?? null,
    parts: parts
      .filter(({ postId }) => postId === post.id)
      .map(({ part, state, content, messageId }) => ({ part: part + 1, state, content, messageId })),
  };
}
