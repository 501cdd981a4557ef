import type { ItemEffectRow } from '../catalog/item-effects.repository.js';
import type { ItemRow } from '../catalog/items.repository.js';
import { iconUrl } from '../icons/market-icon.js';
import { toItemEffectDto } from './compat-catalog.mapper.js';
import type { CompatItemDetailsDto, CompatItemMatchDto, CompatItemOnServerDto } from './compat-data.dto.js';
import { formatInstant } from './compat-instant.js';
import type { ItemOnServerRow } from './compat-items.repository.js';

export function toItemOnServerDto(row: ItemOnServerRow, origin: string): CompatItemOnServerDto {
  return {
    id: row.id,
    item_name: row.label,
    ankama_id: row.externalId,
    server: row.server,
    last_observation_at: formatInstant(row.seenAtUtc),
    last_price: row.price,
    category: row.category,
    average_price: row.averagePrice,
    icon_url: iconUrl(row.iconId, origin),
    is_craftable: row.isCraftable,
    usage_count: row.usageCount,
  };
}

export function toItemMatchDto(row: ItemRow, origin: string): CompatItemMatchDto {
  return {
    id: row.id,
    item_name: row.label,
    ankama_id: row.externalId,
    icon_url: iconUrl(row.iconId, origin),
    is_craftable: row.isCraftable,
  };
}

export function toItemDetailsDto(
  row: ItemRow & { categoryId: number | null },
  effects: readonly ItemEffectRow[],
  origin: string,
): CompatItemDetailsDto {
  return {
    id: row.id,
    name: row.label,
    level: row.level,
    icon_url: iconUrl(row.iconId, origin),
    ankama_id: row.externalId,
    category_id: row.categoryId,
    effects: effects.map(toItemEffectDto),
  };
}
