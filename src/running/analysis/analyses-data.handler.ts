import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const TABLES: readonly OwnedTable[] = [
  {
    name: 'running.run_analysis',
    columns: [
      'run_id',
      'rules_version',
      'track_version',
      'distance_basis',
      'active_time_s',
      'grade_adjusted_pace_s_per_km',
      'energy_adjusted_pace_s_per_km',
      'normalised_speed_mps',
      'steady_speed_mps',
      'steady_heart_rate_bpm',
      'decoupling_pct',
      'stride_length_m',
      'sustained_heart_rate_bpm',
      'heart_rate_from_bpm',
      'heart_rate_seconds',
      'splits_km',
      'splits_mi',
      'analysed_at',
    ],
  },
  {
    name: 'running.best_effort',
    columns: ['run_id', 'distance_m', 'elapsed_time_s', 'start_m', 'start_s'],
  },
];

/** They go with their runs, too; here by themselves, whichever handler comes first. */
@Injectable()
@HandlesData('running-analyses')
export class AnalysesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES) await this.rows.deleteRows(tx, table, userId);
  }
}
