import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { isGiven } from '../../platform/http/is-given.js';
import { StorableText } from '../../platform/http/storable-text.decorator.js';
import type { DiscordPartState } from './discord-part.entity.js';
import type { DiscordPostState } from './discord-post.entity.js';

export class DiscordChannelChangeDto {
  /** As Discord shows it: https://discord.com/api/webhooks/... It is a secret, is kept sealed and never shown again. */
  @ApiProperty({ maxLength: 300 })
  @StorableText(300)
  url: string;

  /** What the master calls the channel, up to 100 characters. */
  @ApiPropertyOptional({ maxLength: 100 })
  @ValidateIf(isGiven)
  @StorableText(100)
  label?: string;
}

export class DiscordChannelDto {
  /** The last four characters of its address. */
  lastFour: string;
  label: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class DiscordPartDto {
  /** From 1. */
  @ApiProperty({ type: 'integer' })
  part: number;
  /** `sent`: Discord has it; `unsure`: nobody answered; `sending`: under way. */
  @ApiProperty({ enum: ['waiting', 'sending', 'sent', 'unsure'] })
  state: DiscordPartState;
  content: string;
  /** As Discord calls the message. */
  @ApiProperty({ type: String, nullable: true })
  messageId: string | null;
}

export class DiscordPostDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ enum: ['waiting', 'sent', 'failed'] })
  state: DiscordPostState;
  /** Why it has failed: `refused`, `unanswered`, `unavailable`, `no-channel`, or `not-for-party`, where the session was hidden meanwhile. */
  @ApiProperty({ type: String, nullable: true })
  error: string | null;
  @ApiProperty({ format: 'date-time' })
  createdAt: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  finishedAt: string | null;
  @ApiProperty({ type: [DiscordPartDto] })
  parts: DiscordPartDto[];
}

export class DiscordPostsDto {
  @ApiProperty({ type: [DiscordPostDto] })
  items: DiscordPostDto[];
}

export class OutboundHostDto {
  /** Name of the host, with its port where it is no usual one. */
  host: string;
  /** What it is called for. */
  purpose: string;
  /** Whether this campaign makes the server call it as it is set now. */
  isEnabled: boolean;
  /** By what it is switched on and off. */
  setBy: string;
}

export class OutboundHostsDto {
  @ApiProperty({ type: [OutboundHostDto] })
  items: OutboundHostDto[];
}
