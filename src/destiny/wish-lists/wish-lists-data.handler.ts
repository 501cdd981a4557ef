import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const LISTS: OwnedTable = {
  name: 'destiny.wish_list',
  columns: [
    'id',
    'title',
    'description',
    'size_bytes',
    'roll_count',
    'fault_count',
    'faults',
    'version',
    'created_at',
    'updated_at',
  ],
};
const NOTES: OwnedTable = {
  name: 'destiny.wish_list_note',
  columns: ['list_id', 'position', 'notes', 'tags'],
};
const ROLLS: OwnedTable = {
  name: 'destiny.wish_list_roll',
  columns: ['list_id', 'position', 'item_hash', 'is_trash', 'perks', 'note_position'],
};

@Injectable()
@HandlesData('destiny-wish-lists')
export class WishListsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [LISTS, NOTES, ROLLS])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of [ROLLS, NOTES, LISTS]) await this.rows.deleteRows(tx, table, userId);
  }
}
