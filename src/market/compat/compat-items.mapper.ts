import type { ItemRow } from '../catalog/items.repository.js';
import type { CompatItemDetailsDto, CompatItemMatchDto, CompatItemOnServerDto } from './compat-data.dto.js';
import { formatInstant } from './compat-instant.js';
import type { ItemOnServerRow } from './compat-items.repository.js';

/** Icons come with their upload; until then no item has one. */
const NO_ICON = null;

export function toItemOnServerDto(row: ItemOnServerRow): CompatItemOnServerDto {
  return {
    id: row.id,
    item_name: row.label,
    ankama_id: row.externalId,
    server: row.server,
    last_observation_at: formatInstant(row.seenAtUtc),
    last_price: row.price,
    category: row.category,
    average_price: row.averagePrice,
    icon_url: NO_ICON,
    is_craftable: row.isCraftable,
    usage_count: row.usageCount,
  };
}

export function toItemMatchDto(row: ItemRow): CompatItemMatchDto {
  return {
    id: row.id,
    item_name: row.label,
    ankama_id: row.externalId,
    icon_url: NO_ICON,
    is_craftable: row.isCraftable,
  };
}

export function toItemDetailsDto(row: ItemRow & { categoryId: number | null }): CompatItemDetailsDto {
  return {
    id: row.id,
    name: row.label,
    level: row.level,
    icon_url: NO_ICON,
    ankama_id: row.externalId,
    category_id: row.categoryId,
    effects: [],
  };
}
