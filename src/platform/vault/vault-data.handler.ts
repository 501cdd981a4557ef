import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';
import { Vault } from './vault.service.js';

/** That there is a key is told, the key is not. */
const DATA_KEYS: OwnedTable = { name: 'platform.data_key', columns: ['id', 'created_at'] };

@Injectable()
@HandlesData('vault')
export class VaultData implements DataHandler {
  constructor(
    private readonly rows: OwnedRowsRepository,
    private readonly vault: Vault,
  ) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(DATA_KEYS.name, this.rows.exportRows(tx, DATA_KEYS, userId));
  }

  erase(tx: Tx, userId: string): Promise<void> {
    return this.vault.forget(tx, userId);
  }
}
