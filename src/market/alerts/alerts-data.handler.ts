import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const ALERTS: OwnedTable = {
  name: 'market.alert',
  columns: [
    'id',
    'server_id',
    'name',
    'rule',
    'rearm_pct',
    'silence_h',
    'is_enabled',
    'evaluated_at',
    'matched_count',
    'fired_at',
    'created_at',
    'updated_at',
  ],
};
const STATES: OwnedTable = {
  name: 'market.alert_state',
  columns: ['alert_id', 'item_id', 'is_matching', 'fired_at'],
};

@Injectable()
@HandlesData('alerts')
export class AlertsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [ALERTS, STATES])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of [STATES, ALERTS]) await this.rows.deleteRows(tx, table, userId);
  }
}
