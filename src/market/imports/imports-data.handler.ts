import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const IMPORTS: OwnedTable = {
  name: 'market.history_import',
  columns: [
    'id',
    'server_id',
    'format',
    'job_id',
    'next_part',
    'next_row',
    'accepted_count',
    'duplicate_count',
    'displaced_count',
    'rejected_count',
    'faults',
    'created_at',
    'finished_at',
    'touched_at',
  ],
};
const PARTS: OwnedTable = {
  name: 'market.history_import_part',
  columns: ['import_id', 'part', 'size_bytes', 'body'],
};

/** The prices themselves are everybody's and say nothing of who sent them. */
@Injectable()
@HandlesData('history-imports')
export class ImportsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    await sink.rows(IMPORTS.name, this.rows.exportRows(tx, IMPORTS, userId));
    await sink.rows(PARTS.name, this.rows.exportRows(tx, PARTS, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, PARTS, userId);
    await this.rows.deleteRows(tx, IMPORTS, userId);
  }
}
