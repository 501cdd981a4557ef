import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { decodeCurve } from './ghost-curve-codec.js';
import { toGhostCurveDto } from './ghosts.mapper.js';

/** Without the digest of its link. */
const GHOSTS: OwnedTable = {
  name: 'running.ghost',
  columns: [
    'id',
    'type',
    'name',
    'description',
    'category',
    'difficulty',
    'basis',
    'is_active',
    'is_public',
    'distance_m',
    'duration_s',
    'record_distance_m',
    'section_m',
    'route_id',
    'splits',
    'source_ghost_id',
    'share_expires_at',
    'curve_state',
    'curve_version',
    'usage_count',
    'beaten_count',
    'version',
    'created_at',
    'updated_at',
  ],
};
const SOURCES: OwnedTable = {
  name: 'running.ghost_source',
  columns: ['ghost_id', 'position', 'run_id', 'from_ms', 'to_ms', 'track_version'],
};
/** Given out as the numbers in it: nobody could read the bytes. */
const CURVES: OwnedTable = {
  name: 'running.ghost_curve',
  columns: ['ghost_id', 'version', 'rules_version', 'built_at', "encode(curve, 'base64') AS curve"],
};

@Injectable()
@HandlesData('running-ghosts')
export class GhostsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [GHOSTS, SOURCES])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
    await sink.rows(CURVES.name, readable(this.rows.exportRows(tx, CURVES, userId)));
  }

  /** Sources and curves go with their ghost; what others took over of it has no curve any more. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, GHOSTS, userId);
  }
}

async function* readable(portions: AsyncIterable<readonly string[]>): AsyncGenerator<string[]> {
  for await (const portion of portions)
    for (const text of portion) {
      const row = JSON.parse(text) as { version: number; curve: string };
      const curve = decodeCurve(Buffer.from(row.curve, 'base64'));
      yield [JSON.stringify({ ...row, curve: toGhostCurveDto(curve, row.version, curve.distanceM.length) })];
    }
}
