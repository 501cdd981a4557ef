import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const IMPORTS: OwnedTable = {
  name: 'running.run_import',
  columns: [
    'id',
    'job_id',
    'kind',
    'size_bytes',
    'entry_count',
    'next_entry',
    'imported_count',
    'duplicate_count',
    'refused_count',
    'refusal_code',
    'created_at',
    'finished_at',
  ],
};
const ITEMS: OwnedTable = {
  name: 'running.run_import_item',
  columns: ['import_id', 'entry', 'activity', 'name', 'outcome', 'code', 'detail', 'run_id', 'started_at'],
};

/** What was sent and what came of it; the files are the store's, the runs those of `running-runs`. */
@Injectable()
@HandlesData('running-imports')
export class RunImportsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [IMPORTS, ITEMS])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  /** Items go with their import. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, IMPORTS, userId);
  }
}
