import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { decodeShape } from './route-shape-codec.js';

const ROUTES: OwnedTable = {
  name: 'running.route',
  columns: [
    'id',
    'name',
    'shape_version',
    'kind',
    'lap_count',
    'lap_distance_m',
    'retraced',
    'distance_m',
    'climb_m',
    'descent_m',
    'forward_level_m',
    'backward_level_m',
    'south_deg',
    'west_deg',
    'north_deg',
    'east_deg',
    'loops',
    'version',
    'created_at',
    'updated_at',
  ],
};
const SHAPES: OwnedTable = {
  name: 'running.route_shape',
  columns: [
    'route_id',
    'version',
    'run_id',
    'distance_m',
    "encode(places, 'base64') AS places",
    'created_at',
  ],
};
const CELLS: OwnedTable = { name: 'running.route_cell', columns: ['cell', 'route_id'] };
const RUN_ROUTES: OwnedTable = {
  name: 'running.run_route',
  columns: [
    'run_id',
    'route_id',
    'relation',
    'direction',
    'is_main',
    'is_pinned',
    'coverage',
    'route_coverage',
    'rotation_m',
    'passage_count',
    'time_s',
    'moving_time_s',
    'from_ms',
    'to_ms',
    'track_version',
    'shape_version',
    'matched_at',
  ],
};

@Injectable()
@HandlesData('running-routes')
export class RoutesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [ROUTES, CELLS, RUN_ROUTES])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
    await sink.rows(SHAPES.name, unpacked(this.rows.exportRows(tx, SHAPES, userId)));
  }

  /** A route takes along what hangs on it. */
  erase(tx: Tx, userId: string): Promise<void> {
    return this.rows.deleteRows(tx, ROUTES, userId);
  }
}

/** Nobody could read the bytes: they are given out as the numbers in them. */
async function* unpacked(portions: AsyncIterable<readonly string[]>): AsyncGenerator<string[]> {
  for await (const portion of portions)
    for (const text of portion) {
      const row = JSON.parse(text) as { places: string };
      const { latDeg, lonDeg, altitudeM } = decodeShape(Buffer.from(row.places, 'base64'));
      yield [JSON.stringify({ ...row, places: { lat_deg: latDeg, lon_deg: lonDeg, altitude_m: altitudeM } })];
    }
}
