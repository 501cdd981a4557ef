import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';

const KEYS: OwnedTable = {
  name: 'platform.idempotency_key',
  columns: ['route', 'key', 'status', 'response', 'created_at'],
};

@Injectable()
@HandlesData('idempotency')
export class IdempotencyData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(KEYS.name, this.rows.exportRows(tx, KEYS, userId));
  }

  erase(tx: Tx, userId: string): Promise<void> {
    return this.rows.deleteRows(tx, KEYS, userId);
  }
}
