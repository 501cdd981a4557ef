import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SYSTEM_PRINCIPAL } from '../auth/principal.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { PerformanceLogRepository } from './performance-log.repository.js';
import { PROFILING_LOG, type ProfilingLog } from './profiling-log.js';

const EVERY_MS = 1_800_000;

/** A worker's own tick, safe on any number of workers at once: forgets what is older than PROFILING_RETENTION_DAYS. */
@Injectable()
export class ProfilingHousekeeping {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly repository: PerformanceLogRepository,
    @Inject(ENV) private readonly env: Env,
    @Inject(PROFILING_LOG) private readonly log: ProfilingLog,
  ) {}

  /** @returns the number of days that were dropped */
  @Interval(EVERY_MS)
  async forgetOldRows(): Promise<number> {
    const keptDays = this.env.profilingRetentionDays;
    try {
      return await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
        await this.repository.deleteErrorsBefore(tx, keptDays);
        return this.repository.deletePartitionsBefore(tx, keptDays);
      });
    } catch (error) {
      this.log.warn({ err: error }, 'old performance rows could not be dropped; it runs again');
      return 0;
    }
  }
}
