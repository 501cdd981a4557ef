import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type JobFigures, JobStatistics } from '../jobs/job-statistics.js';
import { JobsRepository } from '../jobs/jobs.repository.js';

type JobsInState = Awaited<ReturnType<JobsRepository['countByState']>>[number];

/** Background work at /metrics: what this process's workers did, and how many jobs of the installation stand where. */
@Injectable()
export class JobMetrics {
  private reading: Promise<JobsInState[]> | undefined;

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
    const read = this.readStates.bind(this);
    const labelNames = ['queue', 'state'] as const;
    new Gauge({
      name: 'jobs_count',
      help: 'Jobs that have not ended, and dead ones that wait to be driven again.',
      labelNames,
      registers: [this.registry],
      async collect() {
        const states = await read();
        this.reset();
        for (const { queue, state, count } of states) this.set({ queue, state }, count);
      },
    });
    new Gauge({
      name: 'jobs_oldest_seconds',
      help: 'Since when the oldest job in this state is due; grows when nobody works.',
      labelNames,
      registers: [this.registry],
      async collect() {
        const states = await read();
        this.reset();
        for (const { queue, state, oldestS } of states) this.set({ queue, state }, oldestS);
      },
    });
  }

  /** One statement for all gauges of a page; a failure of it must not fail the rest. */
  private readStates(): Promise<JobsInState[]> {
    this.reading ??= this.system
      .run(SYSTEM_SCOPE, (tx) => this.rows.countByState(tx))
      .catch(() => [])
      .finally(() => (this.reading = undefined));
    return this.reading;
  }
}
