import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const ROUTES: OwnedTable = {
  name: 'market.harvest_route',
  columns: [
    'id',
    'game_id',
    'name',
    'description',
    'job_ids',
    'resource_ids',
    'steps',
    'is_public',
    'created_at',
    'updated_at',
  ],
};

/** Ways round that somebody has kept, public ones too. */
@Injectable()
@HandlesData('harvest-routes')
export class HarvestRoutesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(ROUTES.name, this.rows.exportRows(tx, ROUTES, userId));
  }

  erase(tx: Tx, userId: string): Promise<void> {
    return this.rows.deleteRows(tx, ROUTES, userId);
  }
}
