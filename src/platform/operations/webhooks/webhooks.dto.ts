import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import type { DeliveryState } from '../../notifications/delivery-retries.js';
import { ORDERED_EVENTS, type OrderedEvent } from './webhook-events.js';

export class NewWebhookDto {
  /** https on port 443 at a public address, without user name and password; at most 2,048 characters. */
  @IsString()
  @MaxLength(2_048)
  url: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  description?: string;

  @ApiProperty({ enum: ORDERED_EVENTS, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ORDERED_EVENTS.length)
  @ArrayUnique()
  @IsIn(ORDERED_EVENTS, { each: true })
  events: OrderedEvent[];
}

export class WebhookDto {
  id: string;
  url: string;
  description: string | null;
  events: string[];
  /** False after a day of tries that all failed, at least 20 of them, until somebody enables it again. */
  isEnabled: boolean;
  /** Tries that failed since the last that went well. */
  failuresInRow: number;
  /** When the first of them failed; null while none has. */
  failingSince: string | null;
  disabledAt: string | null;
  lastTriedAt: string | null;
  /** HTTP status of the last try; null where there was no answer. */
  lastStatus: number | null;
  /** Code of the last try's failure, such as `outbound/timeout`. */
  lastError: string | null;
  createdAt: string;
}

export class CreatedWebhookDto extends WebhookDto {
  /**
   * Shown this once. Each delivery has `Guildhall-Signature: t=<Unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256 of `<t>.<body>`
   * under this secret; refuse what is older than five minutes.
   */
  secret: string;
}

export class WebhooksDto {
  items: WebhookDto[];
  nextCursor: string | null;
}

export class WebhookDeliveryDto {
  /** The receiver sees it as Guildhall-Delivery and as `id` of the body. */
  id: string;
  event: string;
  /** `pending` until it has arrived (`delivered`), is given up (`failed`), or its hook is disabled (`dropped`). */
  @ApiProperty({ enum: ['pending', 'delivered', 'failed', 'dropped'] satisfies DeliveryState[] })
  state: DeliveryState;
  tries: number;
  status: number | null;
  error: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export class WebhookDeliveriesDto {
  items: WebhookDeliveryDto[];
  nextCursor: string | null;
}
