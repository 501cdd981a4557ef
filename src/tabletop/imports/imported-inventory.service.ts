import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type ImportedRow, InventoryRepository } from '../characters/inventory.repository.js';
import { MOST_ENTRIES } from '../characters/inventory.service.js';
import { type ImportedThingFields, thingsOf } from './imported-things.js';
import { isSame, type Json, type JsonObject, type MergeConflict, mergeThreeWays } from './three-way-merge.js';

export interface BroughtThings {
  readonly isChanged: boolean;
  readonly conflicts: readonly MergeConflict[];
  /** Things for which the character has no room. */
  readonly leftOut: number;
}

/**
 * What an imported character carries becomes its inventory. The next import changes a thing where the sheet has changed since the last one, field by
 * field: what was changed here stays, what was thrown away or handed over here stays away, and what was added here is left alone.
 */
@Injectable()
export class ImportedInventory {
  constructor(private readonly entries: InventoryRepository) {}

  /**
   * @param character locked, and the caller may write what it carries
   * @param before as the last import mapped it; undefined = this is the first
   */
  async bring(
    tx: Tx,
    character: { readonly id: string; readonly campaignId: string },
    before: JsonObject | undefined,
    state: JsonObject,
  ): Promise<BroughtThings> {
    const rows = await this.entries.listImported(tx, character.campaignId, character.id);
    const theirs = thingsOf(state);
    const former = before === undefined ? [] : thingsOf(before);
    const { merged, conflicts } = mergeThreeWays(former, rows.map(fieldsOf), theirs);
    const wanted = merged as unknown as readonly ImportedThingFields[];
    const bySource = new Map(rows.map((row) => [row.sourceId, row]));
    const kept = new Set(wanted.map(({ id }) => id));
    let isChanged = false;
    for (const row of rows)
      if (!kept.has(row.sourceId))
        isChanged = (await this.entries.deleteEntry(tx, row.id, row.version)) || isChanged;
    for (const { id, ...fields } of wanted) {
      const row = bySource.get(id);
      if (row === undefined || isSame(fields, withoutId(fieldsOf(row)))) continue;
      isChanged =
        (await this.entries.updateEntry(tx, row.id, row.version, { ...row, ...fields })) || isChanged;
    }
    const fresh = wanted.filter(({ id }) => !bySource.has(id));
    const room = fresh.length === 0 ? 0 : MOST_ENTRIES - (await this.entries.countOf(tx, character.id));
    const added = fresh.slice(0, Math.max(0, room));
    if (added.length > 0)
      await this.entries.insertImported(
        tx,
        character,
        added.map(({ id, ...fields }) => ({ ...fields, id: uuidv7(), sourceId: id })),
      );
    return {
      isChanged: isChanged || added.length > 0,
      conflicts: conflicts.map((conflict) => ({ ...conflict, path: `/inventory${conflict.path}` })),
      leftOut: fresh.length - added.length,
    };
  }
}

function fieldsOf({
  sourceId,
  name,
  quantity,
  isEquipped,
  weightLb,
  notes,
}: ImportedRow): ImportedThingFields {
  return { id: sourceId, name, quantity, isEquipped, weightLb, notes };
}

function withoutId({ id: _, ...fields }: ImportedThingFields): Json {
  return fields;
}
