import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { QueryFlag } from '../../http/query-flag.js';
import { PageQueryDto } from '../../http/page-query.dto.js';
import { SEEN_AND_STORED, STORABLE } from '../../http/storable.js';
import {
  CHANNEL_KINDS,
  type ChannelKind,
  HOOK_KINDS,
  type HookKind,
} from '../../notifications/channel-kinds.js';
import type { DeliveryState } from '../../notifications/delivery-retries.js';

const TOPIC_OR_ALL = /^(?:\*|[a-z][a-z-]*\.[a-z]+(?:-[a-z]+)*)$/;

export class NotificationsQueryDto extends PageQueryDto {
  /** Only those that have not been read. */
  @ApiPropertyOptional({ default: false })
  @QueryFlag()
  @IsBoolean()
  unread: boolean = false;

  /** Only those of this topic. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  topic?: string;
}

export class NotificationDto {
  id: string;
  /** Grows from one notification of the account to the next, with gaps; the event id of the stream, and in a webhook's body. */
  seq: number;
  /** `<domain>.<thing>`, such as `market.alert`. */
  topic: string;
  title: string;
  /** Plain text. */
  body: string;
  /** Path of this API that has more. */
  link: string | null;
  /** The same for programs; its fields are the topic's. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  payload: object;
  createdAt: string;
  readAt: string | null;
}

export class NotificationsDto {
  /** Newest first. */
  items: NotificationDto[];
  nextCursor: string | null;
}

export class UnreadCountDto {
  count: number;
}

export class ReadNotificationsDto {
  /** These, at most 200; or `upToSeq`. */
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsUUID('all', { each: true })
  ids?: string[];

  /** All up to the one of this number. */
  @ApiPropertyOptional({ minimum: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  upToSeq?: number;
}

export class ReadCountDto {
  /** How many were unread until now. */
  count: number;
}

export class PreferenceDto {
  /** A topic, or `*` for every topic without a preference of its own. */
  @IsString()
  @MaxLength(100)
  @Matches(TOPIC_OR_ALL, { message: 'takes a topic such as market.alert, or *' })
  topic: string;

  @ApiProperty({ enum: CHANNEL_KINDS })
  @IsIn(CHANNEL_KINDS)
  channel: ChannelKind;

  @IsBoolean()
  isEnabled: boolean;
}

export class PreferencesDto {
  /** One for a topic and channel. Without any: in the house, webhooks and Discord, no mail. */
  @ApiProperty({ type: [PreferenceDto] })
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique(({ topic, channel }: PreferenceDto) => `${topic} ${channel}`, {
    message: 'takes one preference for a topic and channel',
  })
  @ValidateNested({ each: true })
  @Type(() => PreferenceDto)
  items: PreferenceDto[];
}

export class NewChannelDto {
  @ApiProperty({ enum: HOOK_KINDS })
  @IsIn(HOOK_KINDS)
  kind: HookKind;

  /**
   * `webhook`: https on port 443 at a public address, without user name and password. `discord`: the webhook URL that Discord shows
   * in the settings of a channel. At most 2,048 characters; it is never shown again.
   */
  @IsString()
  @MaxLength(2_048)
  url: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(STORABLE, SEEN_AND_STORED)
  label?: string;
}

export class ChannelDto {
  id: string;
  @ApiProperty({ enum: HOOK_KINDS })
  kind: HookKind;
  label: string | null;
  /** Scheme and host of its URL. */
  origin: string;
  /** False after a day of failures, at least 20 in a row; a notification of the topic `platform.channel-disabled` says so. */
  isEnabled: boolean;
  failuresInRow: number;
  disabledAt: string | null;
  lastTriedAt: string | null;
  /** HTTP status of the last try; null where there was no answer. */
  lastStatus: number | null;
  /** Code of the last try's failure; null when it went well. */
  lastError: string | null;
  createdAt: string;
}

export class CreatedChannelDto extends ChannelDto {
  /** Signs what a webhook is sent; shown once. Null for Discord. */
  secret: string | null;
}

export class ChannelsDto {
  /** All there are, at most 10. */
  items: ChannelDto[];
}

export class DeliveriesQueryDto extends PageQueryDto {
  /** Only those to this channel. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsUUID()
  channelId?: string;
}

export class NotificationDeliveryDto {
  /** A webhook sees it as Guildhall-Delivery and as `id` of the body. */
  id: string;
  notificationId: string;
  topic: string;
  @ApiProperty({ enum: ['mail', 'webhook', 'discord'] })
  channel: 'mail' | 'webhook' | 'discord';
  /** Null for mail. */
  channelId: string | null;
  /** `pending` until it has arrived (`delivered`), is given up (`failed`), or has nowhere to go any more (`dropped`).
   * It also waits, up to a day, while its channel is disabled (`notifications/channel-disabled`). */
  @ApiProperty({ enum: ['pending', 'delivered', 'failed', 'dropped'] satisfies DeliveryState[] })
  state: DeliveryState;
  tries: number;
  status: number | null;
  error: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export class NotificationDeliveriesDto {
  /** Newest first; kept for two weeks. */
  items: NotificationDeliveryDto[];
  nextCursor: string | null;
}
