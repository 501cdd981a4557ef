import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type JobFigures, JobStatistics } from '../jobs/job-statistics.js';
import { JobsRepository } from '../jobs/jobs.repository.js';

/** Background work at /metrics: what this process's workers did, and how many jobs of the installation stand where. */
@Injectable()
export class JobMetrics {
  constructor(
    private readonly registry: Registry,
    private readonly statistics: JobStatistics,
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
  ) {
    this.count('tries_done', 'Tries that ended well.', (figures) => figures.done);
    this.count('tries_failed', 'Tries that failed.', (figures) => figures.failed);
    this.count('dead', 'Jobs that failed for good.', (figures) => figures.dead);
    this.count('seconds', 'Time that tries took altogether.', (figures) => figures.durationMs / 1_000);
    this.gaugeStates();
  }

  private count(what: string, help: string, figureOf: (figures: Readonly<JobFigures>) => number): void {
    const { statistics } = this;
    new Counter({
      name: `jobs_${what}_total`,
      help,
      labelNames: ['job'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [job, figures] of statistics.all()) this.inc({ job }, figureOf(figures));
      },
    });
  }

  private gaugeStates(): void {
    const oldest = new Gauge({
      name: 'jobs_oldest_seconds',
      help: 'Since when the oldest job in this state is due; grows when nobody works.',
      labelNames: ['queue', 'state'],
      registers: [this.registry],
    });
    const { system, rows } = this;
    new Gauge({
      name: 'jobs_count',
      help: 'Jobs that have not ended, and dead ones that wait to be driven again.',
      labelNames: ['queue', 'state'],
      registers: [this.registry],
      async collect() {
        // Reading them must not fail the rest of the page.
        const states = await system.run(SYSTEM_SCOPE, (tx) => rows.countByState(tx)).catch(() => []);
        this.reset();
        oldest.reset();
        for (const { queue, state, count, oldestS } of states) {
          this.set({ queue, state }, count);
          oldest.set({ queue, state }, oldestS);
        }
      },
    });
  }
}
