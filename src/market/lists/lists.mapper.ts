import { iconUrl } from '../icons/market-icon.js';
import { isoOf } from '../profiles/profiles.mapper.js';
import { changePct } from './list-range.js';
import type { ListDto, ListItemDto, ListsQueryDto, ListWithItemsDto } from './lists.dto.js';
import type { ListFilter, ListItemRow, ListRow } from './lists.repository.js';
import type { PricedList } from './priced-lists.service.js';

export function listFilterOf({ own, profileId }: ListsQueryDto): Omit<ListFilter, 'id'> {
  if (own === 'true') return { kind: 'own', profileId: profileId ?? null };
  return profileId === undefined
    ? { kind: 'visible', profileId: null }
    : { kind: 'public-and-profile', profileId };
}

export function toListDto(row: ListRow): ListDto {
  return {
    id: row.id,
    name: row.name,
    scope: row.scope,
    profileId: row.isOwn ? row.profileId : null,
    isOwn: row.isOwn,
    itemCount: row.itemCount,
    version: row.version,
    createdAt: isoOf(row.createdAtUtc),
  };
}

export function toListItemDto(row: ListItemRow): ListItemDto {
  return {
    itemId: row.itemId,
    externalId: row.externalId,
    label: row.label,
    quantity: row.quantity,
    category: row.category,
    iconUrl: iconUrl(row.iconId),
    isCraftable: row.isCraftable,
    server: row.serverKey,
    lastPrice: row.price,
    lastSeenAt: row.seenAtUtc && isoOf(row.seenAtUtc),
    previousPrice: row.previousPrice,
    changePct: changePct(row.price, row.previousPrice),
    mean7d: row.mean7d,
    mean30d: row.mean30d,
    mean90d: row.mean90d,
    mean365d: row.mean365d,
  };
}

export function toListWithItemsDto({ list, items }: PricedList): ListWithItemsDto {
  const priced = items.filter(({ price }) => price !== null);
  return {
    ...toListDto(list),
    items: items.map(toListItemDto),
    totalValue: priced.reduce((sum, { price, quantity }) => sum + price! * quantity, 0),
    pricedCount: priced.length,
  };
}
