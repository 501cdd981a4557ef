import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { decodeGapCurve } from './gap-curve-codec.js';

/** Without the digest of its invitation. */
const RACES: OwnedTable = {
  name: 'running.race',
  columns: [
    'id',
    'mode',
    'name',
    'clock',
    'status',
    'planned_at',
    'invite_expires_at',
    'version',
    'created_at',
    'updated_at',
  ],
};
const GHOSTS: OwnedTable = {
  name: 'running.race_ghost',
  columns: ['race_id', 'position', 'ghost_id', 'origin_ghost_id', 'curve_version', 'name', 'type'],
};
const PARTS: OwnedTable = {
  name: 'running.race_participant',
  columns: [
    'race_id',
    'number',
    'name',
    'run_id',
    'state',
    'joined_at',
    'ended_at',
    'official_time_s',
    'error_bar_s',
    'distance_completed_m',
    'completion_ratio',
    'plausibility',
    'result_version',
    "encode(progress, 'base64') AS progress",
  ],
};
const RESULTS: OwnedTable = {
  name: 'running.race_result',
  columns: [
    'id',
    'run_id',
    'ghost_id',
    'race_id',
    'ghost_name',
    'ghost_type',
    'status',
    'started_at',
    'user_time_s',
    'ghost_time_s',
    'time_difference_s',
    'error_bar_s',
    'is_too_close',
    'average_gap_s',
    'max_gap_s',
    'min_gap_s',
    'distance_completed_m',
    'completion_ratio',
    'splits',
    'heart_rates',
    'plausibility',
    'version',
    'settled_at',
    "encode(gap_curve, 'base64') AS gap_curve",
  ],
};

@Injectable()
@HandlesData('running-races')
export class RacesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [RACES, GHOSTS]) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
    for (const [table, column] of [
      [PARTS, 'progress'],
      [RESULTS, 'gap_curve'],
    ] as const)
      await sink.rows(table.name, unpacked(this.rows.exportRows(tx, table, userId), column));
  }

  /** Races that somebody made go with everybody's part in them; what others ran stays theirs. */
  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of [RESULTS, PARTS, RACES]) await this.rows.deleteRows(tx, table, userId);
  }
}

/** Columns are given out as the numbers in them: nobody could read the bytes. */
async function* unpacked(
  portions: AsyncIterable<readonly string[]>,
  column: 'progress' | 'gap_curve',
): AsyncGenerator<string[]> {
  for await (const portion of portions)
    for (const text of portion) {
      const row = JSON.parse(text) as Record<string, string | null>;
      const packed = row[column];
      yield [JSON.stringify({ ...row, [column]: packed ? numbersOf(Buffer.from(packed, 'base64')) : null })];
    }
}

function numbersOf(bytes: Buffer): object {
  const { timeS, alongM, gapS, sdS } = decodeGapCurve(bytes);
  return { time_s: [...timeS], along_m: [...alongM], gap_s: [...gapS], sd_s: [...sdS] };
}
