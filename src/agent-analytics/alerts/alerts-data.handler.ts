import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const ALERTS: OwnedTable = {
  name: 'agent_analytics.alert',
  columns: [
    'id',
    'project_id',
    'name',
    'rule',
    'rearm_pct',
    'silence_h',
    'is_enabled',
    'judged_end_at',
    'value',
    'is_fired',
    'is_matching',
    'fired_end_at',
    'created_at',
    'updated_at',
  ],
};

@Injectable()
@HandlesData('agent-alerts')
export class AgentAlertsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    await sink.rows(ALERTS.name, this.rows.exportRows(tx, ALERTS, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, ALERTS, userId);
  }
}
