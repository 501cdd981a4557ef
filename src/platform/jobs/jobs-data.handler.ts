import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';
import { EndedJobsRepository } from './ended-jobs.repository.js';

const JOBS: OwnedTable = {
  name: 'platform.job',
  columns: [
    'id',
    'name',
    'queue',
    'payload',
    'state',
    'run_at',
    'attempts',
    'progress',
    'error',
    'request_id',
    'created_at',
    'started_at',
    'finished_at',
  ],
};

/** A job whose row is gone ends without an effect, wherever it is. */
@Injectable()
@HandlesData('jobs')
export class JobsData implements DataHandler {
  constructor(
    private readonly rows: OwnedRowsRepository,
    private readonly ended: EndedJobsRepository,
  ) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(JOBS.name, this.rows.exportRows(tx, JOBS, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, JOBS, userId);
    await this.ended.deleteEndedAbout(tx, userId);
  }
}
