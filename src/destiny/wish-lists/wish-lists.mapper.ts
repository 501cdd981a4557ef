import type { WishHitDto } from './rolls.dto.js';
import type { WishListDto, WishRollDto } from './wish-lists.dto.js';
import type { WishListRow } from './wish-lists.repository.js';
import type { MatchedRollRow, WishRollRow } from './wish-rolls.repository.js';

export function toWishListDto(row: WishListRow): WishListDto {
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    sizeBytes: row.sizeBytes,
    rollCount: row.rollCount,
    faultCount: row.faultCount,
    faults: row.faults.map(({ line, code }) => ({ line, code })),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toWishRollDto(row: WishRollRow): WishRollDto {
  return {
    listId: row.listId,
    listTitle: row.listTitle,
    position: row.position,
    itemHash: row.itemHash,
    isTrash: row.isTrash,
    perks: row.perks,
    notes: row.notes || null,
    tags: row.tags,
  };
}

export function toWishHitDto(row: MatchedRollRow): WishHitDto {
  return { ...toWishRollDto(row), isSelected: row.isSelected };
}
