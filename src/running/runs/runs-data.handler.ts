import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { decodeFixes, FIX_STEPS } from '../recordings/fix-codec.js';
import { RUN_COLUMN } from './run-columns.js';
import { decodeTrack } from './track-codec.js';

const RUNS: OwnedTable = { name: 'running.run', columns: Object.values(RUN_COLUMN) };
const TOMBSTONES: OwnedTable = {
  name: 'running.run_tombstone',
  columns: ['run_id', 'change_seq', 'deleted_at'],
};
const FIXES: OwnedTable = {
  name: 'running.fix',
  columns: [
    'run_id',
    'seq',
    'at_ms',
    'lat_deg',
    'lon_deg',
    'altitude_m',
    'accuracy_m',
    'speed_mps',
    'bearing_deg',
    'heart_rate_bpm',
    'cadence_spm',
    'received_at',
  ],
};
const EVENTS: OwnedTable = {
  name: 'running.run_event',
  columns: ['run_id', 'kind', 'seq', 'at_ms', 'received_at'],
};
/** Packed columns are given out as the numbers in them: nobody could read the bytes. */
const TRACKS: OwnedTable = {
  name: 'running.track',
  columns: ['run_id', 'version', 'pauses', 'laps', 'corrections', "encode(points, 'base64') AS points"],
};
const FOLDED: OwnedTable = {
  name: 'running.folded_fixes',
  columns: ['run_id', 'fix_count', "encode(fixes, 'base64') AS fixes"],
};

@Injectable()
@HandlesData('running-runs')
export class RunsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [RUNS, TOMBSTONES, FIXES, EVENTS])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
    await sink.rows(TRACKS.name, unpacked(this.rows.exportRows(tx, TRACKS, userId), 'points', pointsOf));
    await sink.rows(FOLDED.name, unpacked(this.rows.exportRows(tx, FOLDED, userId), 'fixes', fixesOf));
  }

  /** A run takes what hangs on it along; fixes know no run of theirs, so that they go on their own. */
  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of [RUNS, FIXES, TOMBSTONES]) await this.rows.deleteRows(tx, table, userId);
  }
}

async function* unpacked(
  portions: AsyncIterable<readonly string[]>,
  column: string,
  columnsOf: (bytes: Buffer) => object,
): AsyncGenerator<string[]> {
  for await (const portion of portions)
    for (const text of portion) {
      const row = JSON.parse(text) as Record<string, string>;
      yield [JSON.stringify({ ...row, [column]: columnsOf(Buffer.from(row[column]!, 'base64')) })];
    }
}

/** Columns as they are called in rows; NaN becomes null in JSON. */
function pointsOf(bytes: Buffer): object {
  const track = decodeTrack(bytes);
  return {
    t_ms: [...track.tMs],
    lat_deg: [...track.latDeg],
    lon_deg: [...track.lonDeg],
    altitude_m: track.altitudeM && [...track.altitudeM],
    accuracy_m: track.accuracyM && [...track.accuracyM],
    heart_rate_bpm: track.heartRateBpm && [...track.heartRateBpm],
    cadence_spm: track.cadenceSpm && [...track.cadenceSpm],
    device_distance_m: track.deviceDistanceM && [...track.deviceDistanceM],
  };
}

function fixesOf(bytes: Buffer): object {
  const fixes = decodeFixes(bytes);
  const columns = FIX_STEPS.map(([name]) => [snake(name), [...fixes[name]]]);
  return { seq: [...fixes.seq], ...(Object.fromEntries(columns) as object) };
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
