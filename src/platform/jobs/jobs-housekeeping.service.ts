import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { DELETED_AT_ONCE, EndedJobsRepository } from './ended-jobs.repository.js';

const EVERY_MS = 300_000;
const KEPT_DAYS = 7;
const KEPT_DEAD_DAYS = 30;
/** Portions of one round; what is left has the next one. */
const MOST_PORTIONS = 200;

/** A worker's own tick, safe on any number of workers at once: forgets jobs that ended long ago. */
@Injectable()
export class JobsHousekeeping {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: EndedJobsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns the number of jobs that were forgotten */
  @Interval(EVERY_MS)
  async forgetFinished(): Promise<number> {
    let total = 0;
    try {
      for (let portion = 0; portion < MOST_PORTIONS; portion += 1) {
        const count = await this.system.run(SYSTEM_SCOPE, (tx) =>
          this.rows.deleteFinished(tx, KEPT_DAYS, KEPT_DEAD_DAYS),
        );
        total += count;
        if (count < DELETED_AT_ONCE) break;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'finished jobs could not be deleted; it runs again');
    }
    return total;
  }
}
