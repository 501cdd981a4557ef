import { iconUrl } from '../icons/market-icon.js';
import type { ListItemRow, ListRow } from '../lists/lists.repository.js';
import type { PricedList } from '../lists/priced-lists.service.js';
import type { MessageRow } from '../messages/messages.repository.js';
import type { ProfileRow } from '../profiles/profiles.repository.js';
import type { StockChange, StockRow } from '../stock/stock.repository.js';
import { formatInstant } from './compat-instant.js';
import type {
  CompatBankDto,
  CompatBankItemDto,
  CompatBankSyncDto,
  CompatListDto,
  CompatListItemDto,
  CompatListRowDto,
  CompatMessageDto,
  CompatProfileDto,
} from './compat-user.dto.js';

export function toCompatProfileDto(row: ProfileRow): CompatProfileDto {
  return { id: row.id, name: row.name, created_at: formatInstant(row.createdAtUtc) };
}

/** The profile of a list is known to its owner only. */
export function toCompatListRowDto(row: ListRow): CompatListRowDto {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    profile_id: row.isOwn ? row.profileId : null,
    created_at: formatInstant(row.createdAtUtc),
  };
}

export function toCompatListDto({ list, items }: PricedList, origin: string): CompatListDto {
  return { ...toCompatListRowDto(list), list_items: items.map((item) => toListItem(item, origin)) };
}

function toListItem(row: ListItemRow, origin: string): CompatListItemDto {
  return {
    item_id: row.itemId,
    item_name: row.label,
    quantity: row.quantity,
    category: row.category,
    server: row.server,
    last_price: row.price,
    previous_price: row.previousPrice,
    last_observation_at: row.seenAtUtc && formatInstant(row.seenAtUtc),
    average_price: row.mean30d ?? row.price,
    icon_url: iconUrl(row.iconId, origin),
    is_craftable: row.isCraftable,
  };
}

export function toCompatMessageDto(row: MessageRow): CompatMessageDto {
  return {
    id: row.id,
    content: row.content,
    createdAt: formatInstant(row.createdAtUtc),
    updatedAt: formatInstant(row.updatedAtUtc),
    author: { id: row.profileId, name: row.authorName },
    ...(row.isRead === null ? {} : { isRead: row.isRead }),
  };
}

/** @param rows of which each has its item */
export function toCompatBankDto(rows: readonly StockRow[], server: string, origin: string): CompatBankDto {
  const sum = (amount: (row: StockRow) => number): number =>
    rows.reduce((total, row) => total + amount(row), 0);
  return {
    items: rows.map((row) => toBankItem(row, server, origin)),
    stats: {
      total_items: sum(({ quantity }) => quantity),
      unique_items: rows.length,
      total_value: sum(({ price, quantity }) => (price ?? 0) * quantity),
    },
  };
}

function toBankItem(row: StockRow, server: string, origin: string): CompatBankItemDto {
  return {
    id: row.id,
    server,
    profile_id: row.profileId,
    item_id: row.itemId!,
    gid: row.externalId,
    quantity: row.quantity,
    captured_at: formatInstant(row.capturedAtUtc),
    item_name: row.label!,
    icon_url: iconUrl(row.iconId, origin),
    item_level: row.level,
    category_id: row.categoryId,
    last_price: row.price,
  };
}

export function toCompatBankSyncDto(change: StockChange): CompatBankSyncDto {
  const { insertedCount: inserted, updatedCount: updated, deletedCount: deleted, unknownIds } = change;
  return {
    success: true,
    message: `Bank synced: ${inserted} inserted, ${updated} updated, ${deleted} deleted`,
    stats: { inserted, updated, deleted, unknown_gids: unknownIds },
    unknown_gids: unknownIds,
  };
}
