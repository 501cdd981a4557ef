import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** What refers to others comes after them, so rows are deleted from the end. */
const TABLES: readonly OwnedTable[] = [
  { name: 'market.profile', columns: ['id', 'game_id', 'name', 'created_at'] },
  { name: 'market.favourite', columns: ['profile_id', 'item_id', 'added_at'] },
  {
    name: 'market.list',
    columns: ['id', 'game_id', 'profile_id', 'name', 'scope', 'created_at'],
  },
  { name: 'market.list_item', columns: ['list_id', 'item_id', 'quantity', 'added_at'] },
  {
    name: 'market.stock',
    columns: ['id', 'server_id', 'profile_id', 'external_id', 'item_id', 'quantity', 'captured_at'],
  },
  {
    name: 'market.message',
    columns: ['id', 'game_id', 'profile_id', 'author_name', 'content', 'created_at', 'updated_at'],
  },
  { name: 'market.message_read', columns: ['profile_id', 'message_id', 'read_at'] },
];

/** What somebody keeps in the market and has said there. Public lists and messages go too: they were theirs. */
@Injectable()
@HandlesData('market-personal')
export class PersonalData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES.toReversed()) await this.rows.deleteRows(tx, table, userId);
  }
}
