import type { InventoryEntryDto } from './inventory.dto.js';
import type { InventoryRow } from './inventory.repository.js';

export function toInventoryEntryDto(row: InventoryRow): InventoryEntryDto {
  return {
    id: row.id,
    characterId: row.characterId,
    itemId: row.itemId,
    name: row.name,
    quantity: row.quantity,
    isEquipped: row.isEquipped,
    weightLb: row.weightLb,
    valueCp: row.valueCp === null ? null : Number(row.valueCp),
    notes: row.notes,
    version: row.version,
  };
}
