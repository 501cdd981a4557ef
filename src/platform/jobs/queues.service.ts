import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { JOB_CATALOG, type JobCatalog } from './job-catalog.js';
import { QUEUE_BACKEND } from './jobs.tokens.js';
import type { QueueBackend, QueuedJob } from './queue-backend.js';

/** The open queues of this process, by name. */
@Injectable()
export class Queues {
  private readonly queues: ReadonlyMap<string, Queue<QueuedJob>>;

  constructor(
    @Inject(JOB_CATALOG) catalog: JobCatalog,
    @Inject(QUEUE_BACKEND) readonly backend: QueueBackend,
  ) {
    this.queues = new Map(catalog.queues.map(({ name }) => [name, backend.queue(name)]));
  }

  /** @param name of a declared queue */
  get(name: string): Queue<QueuedJob> {
    return this.queues.get(name)!;
  }

  all(): Queue<QueuedJob>[] {
    return [...this.queues.values()];
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.all().map((queue) => queue.close()));
  }
}
