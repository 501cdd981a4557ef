import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { ItemRemoval } from './item-removal.service.js';
import { SWEEP_ITEM } from './items.jobs.js';

/** Rows per transaction. */
const PORTION_ROWS = 5_000;

/** Every portion commits for itself; another try goes on with what is left. */
@Injectable()
@HandlesJob(SWEEP_ITEM)
export class SweepItemHandler implements JobHandler<z.output<typeof SWEEP_ITEM.payload>> {
  constructor(private readonly removal: ItemRemoval) {}

  async handle({ itemId, serverIds }: z.output<typeof SWEEP_ITEM.payload>, run: JobRun): Promise<void> {
    let done = 0;
    for (const serverId of serverIds) {
      let count: number;
      do {
        run.signal.throwIfAborted();
        count = await this.removal.sweep(itemId, serverId, PORTION_ROWS);
        done += count;
        run.progress({ done, total: null });
      } while (count === PORTION_ROWS);
    }
  }
}
