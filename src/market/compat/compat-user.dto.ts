import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class CompatProfileDto {
  id: string;
  name: string;
  /** ISO-8601 with `+00:00`. */
  created_at: string;
}

export class CompatMessageTextDto {
  /** What was done. */
  message: string;
}

export class CompatStatusDto {
  /** `ok` */
  status: string;
}

export class CompatListRowDto {
  id: string;
  name: string;
  @ApiProperty({ enum: ['public', 'private'] })
  scope: 'public' | 'private';
  @ApiProperty({ type: String, nullable: true })
  profile_id: string | null;
  created_at: string;
}

export class CompatListItemDto {
  item_id: number;
  item_name: string;
  quantity: number;
  category: string | null;
  /** Of the prices; null, like all of them, where the item has not been seen. */
  server: string | null;
  /** Kamas for one unit. */
  last_price: number | null;
  /** The first one within the range; the newest one where there is none. */
  previous_price: number | null;
  last_observation_at: string | null;
  /** Mean of the observations of the last 30 days; the newest price where there are none. */
  average_price: number | null;
  icon_url: string | null;
  is_craftable: boolean;
}

export class CompatListDto extends CompatListRowDto {
  list_items: CompatListItemDto[];
}

export class CompatAuthorDto {
  id: string;
  name: string;
}

export class CompatMessageDto {
  id: string;
  content: string;
  createdAt: string;
  updatedAt: string;
  author: CompatAuthorDto;
  /** With `readerProfileId` only. */
  @ApiPropertyOptional()
  isRead?: boolean;
}

export class CompatCountDto {
  count: number;
}

export class CompatMarkedDto extends CompatMessageTextDto {
  /** Messages of others, all of which are read now; absent where there are none. */
  @ApiPropertyOptional()
  count?: number;
}

export class CompatBankItemDto {
  id: number;
  server: string;
  @ApiProperty({ type: String, nullable: true })
  profile_id: string | null;
  item_id: number;
  /** The game's own id. */
  gid: number;
  quantity: number;
  captured_at: string;
  item_name: string;
  icon_url: string | null;
  item_level: number | null;
  category_id: number | null;
  /** Kamas for one unit; null where it has not been seen on the server. */
  last_price: number | null;
}

export class CompatBankStatsDto {
  total_items: number;
  unique_items: number;
  total_value: number;
}

export class CompatBankDto {
  /** By name; things whose id the catalogue does not know are left out until it does. */
  items: CompatBankItemDto[];
  stats: CompatBankStatsDto;
}

export class CompatBankChangeDto {
  inserted: number;
  updated: number;
  deleted: number;
  unknown_gids: number[];
}

export class CompatBankSyncDto {
  success: boolean;
  message: string;
  stats: CompatBankChangeDto;
  /** Kept all the same, and shown once the catalogue knows them. */
  unknown_gids: number[];
}

export class CompatBankClearedDto {
  success: boolean;
  message: string;
  deleted_count: number;
}
