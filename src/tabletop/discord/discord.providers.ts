import type { Provider, Type } from '@nestjs/common';
import { DiscordChannels } from './discord-channels.service.js';
import { DiscordController } from './discord.controller.js';
import { DiscordPostsRepository } from './discord-posts.repository.js';
import { DiscordWebhooks } from './discord-webhooks.client.js';
import { PostToDiscordHandler } from './post-to-discord.handler.js';
import { SessionPosts } from './session-posts.service.js';
import { DiscordPostsPart } from './discord-posts.part.js';

export const DISCORD_CONTROLLERS: Type[] = [DiscordController];
export const DISCORD_PROVIDERS: Provider[] = [
  DiscordPostsRepository,
  DiscordChannels,
  SessionPosts,
  DiscordWebhooks,
  PostToDiscordHandler,
  DiscordPostsPart,
];
