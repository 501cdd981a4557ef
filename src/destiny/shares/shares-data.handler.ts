import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const SHARES: OwnedTable = {
  name: 'destiny.share',
  columns: ['id', 'slug', 'shows', 'record_hash', 'display_name', 'created_at', 'expires_at'],
};

@Injectable()
@HandlesData('destiny-shares')
export class SharesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    await sink.rows(SHARES.name, this.rows.exportRows(tx, SHARES, userId));
  }

  /** The links are dead with it. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, SHARES, userId);
  }
}
