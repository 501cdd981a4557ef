import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const TABLES: readonly OwnedTable[] = [
  {
    name: 'running.profile',
    columns: ['username', 'display_name', 'picture_file_id', 'time_zone', 'created_at', 'updated_at'],
  },
  {
    name: 'running.preference',
    columns: [
      'units_distance',
      'units_temperature',
      'privacy_profile',
      'privacy_runs',
      'has_notifications',
      'has_auto_pause',
      'gps_accuracy',
      'max_heart_rate_bpm',
      'resting_heart_rate_bpm',
      'threshold_heart_rate_bpm',
      'sex',
      'threshold_pace_s_per_km',
    ],
  },
];

/** The picture is one of the account's files and goes with these. */
@Injectable()
@HandlesData('running-profiles')
export class RunnerProfilesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES) await this.rows.deleteRows(tx, table, userId);
  }
}
