import type { ItemDto } from './catalog.dto.js';
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
    isCraftable: row.isCraftable,
    usageCount: row.usageCount,
  };
}
