import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { MAX_INT4 } from '../ingest/observation.js';
import { STORABLE } from '../../platform/http/storable.js';
import { isGiven, isSaid } from '../../platform/http/is-given.js';
import type { ListScope } from './list.entity.js';
import { LIST_RANGES, type ListRange } from './list-range.js';

const SCOPES = ['public', 'private'] as const;
const NAME = { message: 'must be text that can be seen and stored' };

export class NewListDto {
  /** 1 to 100 characters; spaces around it are cut off. */
  @ApiProperty({ minLength: 1, maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, NAME)
  name: string;

  /** `public` lists are read by all who read the market; only their owner writes them. */
  @ApiProperty({ enum: SCOPES })
  @IsIn(SCOPES)
  scope: ListScope;

  /** One of the caller's profiles, whose list it is; null or absent for the account's. */
  @ApiPropertyOptional({ type: String, nullable: true, format: 'uuid' })
  @ValidateIf(isSaid)
  @IsUUID()
  profileId?: string | null;
}

export class ListChangeDto {
  /** 1 to 100 characters; spaces around it are cut off. */
  @ApiPropertyOptional({ minLength: 1, maxLength: 100 })
  @ValidateIf(isGiven)
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, NAME)
  name?: string;

  @ApiPropertyOptional({ enum: SCOPES })
  @ValidateIf(isGiven)
  @IsIn(SCOPES)
  scope?: ListScope;

  /** One of the caller's profiles; null for none. */
  @ApiPropertyOptional({ type: String, nullable: true, format: 'uuid' })
  @ValidateIf(isSaid)
  @IsUUID()
  profileId?: string | null;
}

export class ListQuantityDto {
  /** 1 to 2,147,483,647 (1). */
  @ApiPropertyOptional({ type: 'integer', default: 1, minimum: 1, maximum: MAX_INT4 })
  @IsInt()
  @Min(1)
  @Max(MAX_INT4)
  quantity: number = 1;
}

export class ListsQueryDto extends PageQueryDto {
  /** The caller's own lists only; without it also the public ones of others. */
  @ApiPropertyOptional({ type: Boolean, default: false })
  @IsOptional()
  @IsIn(['true', 'false'])
  own?: 'true' | 'false';

  /** One of the caller's profiles: of private lists its own only, and with `own` of all lists. */
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  profileId?: string;
}

export class ItemListQueryDto {
  /** Key of the server whose prices are shown; without it each item has those of the server where it was seen last. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(255)
  server?: string;

  /** How far back `previousPrice` lies. */
  @ApiPropertyOptional({ enum: LIST_RANGES, default: '24h' })
  @IsIn(LIST_RANGES)
  range: ListRange = '24h';
}

export class ListDto {
  id: string;
  name: string;
  @ApiProperty({ enum: SCOPES })
  scope: ListScope;
  /** The caller's profile whose list it is; null also in lists of others. */
  @ApiProperty({ type: String, nullable: true })
  profileId: string | null;
  /** The caller may change it. */
  isOwn: boolean;
  itemCount: number;
  /** Counts changes of the list and its items; `If-Match: "<version>"` keeps a change from overwriting another one. */
  version: number;
  createdAt: string;
}

export class ListsDto {
  /** Newest first. */
  items: ListDto[];
  nextCursor: string | null;
}

export class ListItemDto {
  itemId: number;
  /** The game's own id; null for an item seen by name only. */
  externalId: number | null;
  /** Name, made unique within the game. */
  label: string;
  quantity: number;
  category: string | null;
  iconUrl: string | null;
  /** Some recipe makes it. */
  isCraftable: boolean;
  /** Key of the server that the prices are of; null, like all prices, where the item has not been seen. */
  server: string | null;
  /** Newest price of one unit. */
  lastPrice: number | null;
  lastSeenAt: string | null;
  /** First price within the range; the newest one where there is none. */
  previousPrice: number | null;
  /** Percent from `previousPrice` to `lastPrice`; null from zero. */
  changePct: number | null;
  /** Means of the observations of the last 7, 30, 90 and 365 days; null without any. */
  mean7d: number | null;
  mean30d: number | null;
  mean90d: number | null;
  mean365d: number | null;
}

export class ListWithItemsDto extends ListDto {
  /** By name. */
  items: ListItemDto[];
  /** Sum of newest price times quantity over the items that have a price. */
  totalValue: number;
  /** Items that have one. */
  pricedCount: number;
}
