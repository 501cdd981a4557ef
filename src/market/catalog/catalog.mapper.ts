import type { ItemDto, ItemEffectDto } from './catalog.dto.js';
import { describeEffect, effectKind } from './describe-effect.js';
import type { ItemEffectRow } from './item-effects.repository.js';
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

export function toItemEffectDto(row: ItemEffectRow): ItemEffectDto {
  return {
    effectId: row.effectId,
    kind: effectKind(row.effectId),
    minValue: row.minValue,
    maxValue: row.maxValue,
    description: describeEffect(row.effectId, row.minValue, row.maxValue),
  };
}
