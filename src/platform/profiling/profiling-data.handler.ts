import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';
import { PerformanceLogRepository } from './performance-log.repository.js';

const LOGS: OwnedTable = {
  name: 'platform.api_performance_logs',
  columns: [
    'id',
    '"timestamp"',
    'endpoint',
    'operation',
    'duration_ms',
    'conversation_id',
    'message_id',
    'request_id',
    'extra_data',
  ],
};

@Injectable()
@HandlesData('profiling')
export class ProfilingData implements DataHandler {
  constructor(
    private readonly rows: OwnedRowsRepository,
    private readonly logs: PerformanceLogRepository,
  ) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(LOGS.name, this.rows.exportRows(tx, LOGS, userId));
  }

  /** Groups of errors that the user's requests met go first, while it can still be told which those are. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.logs.deleteErrorsMetBy(tx, userId);
    await this.rows.deleteRows(tx, LOGS, userId);
  }
}
