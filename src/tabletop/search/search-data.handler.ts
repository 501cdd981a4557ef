import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const TABLES: readonly OwnedTable[] = [
  {
    name: 'tabletop.saved_search',
    columns: ['id', 'campaign_id', 'name', 'query', 'created_at', 'updated_at'],
  },
  { name: 'tabletop.recent_search', columns: ['campaign_id', 'query', 'searched_at'] },
];

/** What somebody has searched for. */
@Injectable()
@HandlesData('tabletop-search')
export class SearchData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES) await this.rows.deleteRows(tx, table, userId);
  }
}
