import { describeEffect } from '../catalog/describe-effect.js';
import type { ConsumableRow, ItemEffectRow } from '../catalog/item-effects.repository.js';
import { iconUrl } from '../icons/market-icon.js';
import type {
  CompatConsumableDto,
  CompatConsumablesDto,
  CompatItemEffectDto,
  CompatKnownItemDto,
  CompatUsageStatsDto,
} from './compat-catalog.dto.js';
import type { ItemUses } from '../profiles/item-uses.repository.js';
import type { KnownItemRow, UsageRow } from './compat-catalog.repository.js';
import { formatInstant } from './compat-instant.js';

export function toUsageStatsDto(row: UsageRow, uses: ItemUses): CompatUsageStatsDto {
  return {
    recipes_created: row.recipesCreated,
    recipes_used_in: row.recipesUsedIn,
    lists: uses.lists,
    favorites: uses.favourites,
    observations: row.observations,
  };
}

export function toKnownItemDto(row: KnownItemRow): CompatKnownItemDto {
  return {
    gid: row.externalId,
    name: row.name,
    ...(row.category === null ? {} : { category: row.category }),
    has_image: row.hasIcon,
  };
}

export function toConsumableDto(row: ConsumableRow, origin: string): CompatConsumableDto {
  return {
    id: row.id,
    name: row.label,
    img: iconUrl(row.iconId, origin),
    level: row.level ?? 1,
    stats: { life: row.life, energy: row.energy },
    price: row.price,
  };
}

export function toConsumablesDto(rows: readonly ConsumableRow[], origin: string): CompatConsumablesDto {
  const oldest = rows.map(({ seenAtUtc }) => seenAtUtc).sort()[0];
  return {
    items: rows.map((row) => ({
      ...toConsumableDto(row, origin),
      captured_at: formatInstant(row.seenAtUtc),
    })),
    oldestObservation: oldest === undefined ? null : formatInstant(oldest),
  };
}

/** The original has pictures of effects; here there are none. */
export function toItemEffectDto(row: ItemEffectRow): CompatItemEffectDto {
  return {
    id: row.id,
    item_id: row.itemId,
    effect_id: row.effectId,
    min_value: row.minValue,
    max_value: row.maxValue,
    formatted_description: describeEffect(row.effectId, row.minValue, row.maxValue),
    order_index: row.position,
    created_at: formatInstant(row.createdAtUtc),
    icon_url: null,
  };
}
