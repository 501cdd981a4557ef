import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { InventoryEntryEntity } from './inventory-entry.entity.js';

export type InventoryRow = Omit<InventoryEntryEntity, 'handedBy' | 'sourceId'>;
/** One that an import has brought. */
export type ImportedRow = InventoryRow & { readonly sourceId: string };

/** What may be written of one. */
export type InventoryContent = Pick<
  InventoryRow,
  'name' | 'quantity' | 'isEquipped' | 'weightLb' | 'valueCp' | 'notes' | 'itemId'
>;

/** The item is told to those alone who see it. */
const COLUMNS = `
  e.id, e.campaign_id AS "campaignId", e.character_id AS "characterId",
  (SELECT o.id FROM tabletop.object o WHERE o.id = e.item_id AND o.deleted_at IS NULL) AS "itemId",
  e.name, e.quantity, e.is_equipped AS "isEquipped", e.weight_lb AS "weightLb", e.value_cp AS "valueCp", e.notes, e.version,
  e.created_at AS "createdAt", e.updated_at AS "updatedAt"`;

/** What characters carry, in the scope of whoever asks. */
@Injectable()
export class InventoryRepository {
  async insertEntry(
    tx: Tx,
    row: InventoryContent & Pick<InventoryRow, 'id' | 'campaignId' | 'characterId'>,
    handedBy: string | null = null,
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.inventory.insert-entry',
      text: `INSERT INTO tabletop.inventory_entry (id, campaign_id, character_id, item_id, name, quantity, is_equipped, weight_lb, value_cp, notes,
               handed_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      values: [
        row.id,
        row.campaignId,
        row.characterId,
        row.itemId,
        row.name,
        row.quantity,
        row.isEquipped,
        row.weightLb,
        row.valueCp,
        row.notes,
        handedBy,
      ],
    });
  }

  async findEntry(tx: Tx, id: string): Promise<InventoryRow | null> {
    const [row] = await tx.query<InventoryRow>({
      name: 'tabletop.inventory.find-entry',
      text: `SELECT ${COLUMNS} FROM tabletop.inventory_entry e WHERE e.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  async insertImported(
    tx: Tx,
    { id, campaignId }: { id: string; campaignId: string },
    rows: readonly Pick<
      ImportedRow,
      'id' | 'sourceId' | 'name' | 'quantity' | 'isEquipped' | 'weightLb' | 'notes'
    >[],
  ): Promise<void> {
    await tx.query({
      name: 'tabletop.inventory.insert-imported',
      text: `INSERT INTO tabletop.inventory_entry (id, campaign_id, character_id, source_id, name, quantity, is_equipped, weight_lb, notes)
             SELECT (row->>'id')::uuid, $2, $1, row->>'sourceId', row->>'name', (row->>'quantity')::int, (row->>'isEquipped')::bool,
               (row->>'weightLb')::float8, row->>'notes'
             FROM jsonb_array_elements($3::jsonb) AS row`,
      values: [id, campaignId, JSON.stringify(rows)],
    });
  }

  /** What imports have brought of a character and it still has. */
  listImported(tx: Tx, campaignId: string, characterId: string): Promise<ImportedRow[]> {
    return tx.query<ImportedRow>({
      name: 'tabletop.inventory.list-imported',
      text: `SELECT ${COLUMNS}, e.source_id AS "sourceId" FROM tabletop.inventory_entry e
             WHERE e.campaign_id = $1 AND e.character_id = $2 AND e.source_id IS NOT NULL ORDER BY e.id`,
      values: [campaignId, characterId],
    });
  }

  /** By id, which is by time. */
  listOf(campaignId: string, characterId: string, after: string | null, limit: number): Statement {
    return {
      name: 'tabletop.inventory.list-of',
      text: `SELECT ${COLUMNS} FROM tabletop.inventory_entry e
             WHERE e.campaign_id = $1 AND e.character_id = $2 AND ($3::uuid IS NULL OR e.id > $3) ORDER BY e.id LIMIT $4`,
      values: [campaignId, characterId, after, limit],
      isPlannedAnew: true,
    };
  }

  async countOf(tx: Tx, characterId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.inventory.count-of',
      text: `SELECT count(*)::int AS count FROM tabletop.inventory_entry
             WHERE character_id = $1 AND campaign_id = (SELECT o.campaign_id FROM tabletop.object o WHERE o.id = $1)`,
      values: [characterId],
    });
    return row!.count;
  }

  /** @returns false when it has another version by now, or may not be written */
  async updateEntry(
    tx: Tx,
    id: string,
    version: number,
    row: Omit<InventoryContent, 'itemId'>,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.inventory.update-entry',
      text: `UPDATE tabletop.inventory_entry SET name = $3, quantity = $4, is_equipped = $5, weight_lb = $6, value_cp = $7, notes = $8,
               version = version + 1, updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING 1`,
      values: [id, version, row.name, row.quantity, row.isEquipped, row.weightLb, row.valueCp, row.notes],
    });
    return rows.length === 1;
  }

  /** All of it to another character. @returns false when it has another version by now, or may not be written */
  async updateCarrier(
    tx: Tx,
    id: string,
    version: number,
    characterId: string,
    handedBy: string,
  ): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.inventory.update-carrier',
      text: `UPDATE tabletop.inventory_entry SET character_id = $3, handed_by = $4, source_id = NULL, is_equipped = false, version = version + 1, updated_at = now()
             WHERE id = $1 AND version = $2 RETURNING 1`,
      values: [id, version, characterId, handedBy],
    });
    return rows.length === 1;
  }

  /** @returns false when it has another version by now, or may not be written */
  async deleteEntry(tx: Tx, id: string, version: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'tabletop.inventory.delete-entry',
      text: 'DELETE FROM tabletop.inventory_entry WHERE id = $1 AND version = $2 RETURNING 1',
      values: [id, version],
    });
    return rows.length === 1;
  }

  /** Of all characters that the caller sees, by id, for taking a campaign along. */
  listCampaign(campaignId: string, after: string, limit: number): Statement {
    return {
      name: 'tabletop.inventory.list-campaign',
      text: `SELECT ${COLUMNS} FROM tabletop.inventory_entry e
             WHERE e.campaign_id = $1 AND e.id > $2 AND EXISTS (SELECT FROM tabletop.object p WHERE p.id = e.character_id AND p.deleted_at IS NULL)
             ORDER BY e.id LIMIT $3`,
      values: [campaignId, after, limit],
    };
  }
}
