import type { ItemDto } from './catalog.dto.js';
import { iconUrl } from '../icons/market-icon.js';
import type { ItemRow } from './items.repository.js';

export function toItemDto(row: ItemRow): ItemDto {
  return {
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    nameEn: row.nameEn,
    label: row.label,
    level: row.level,
    category: row.category,
    type: row.type,
    iconUrl: iconUrl(row.iconId),
    isCraftable: row.isCraftable,
    usageCount: row.usageCount,
  };
}
