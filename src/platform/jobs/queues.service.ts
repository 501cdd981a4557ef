import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { JOB_CATALOG, type JobCatalog } from './job-catalog.js';
import { QUEUE_BACKEND } from './jobs.tokens.js';
import type { QueueBackend, QueuedJob } from './queue-backend.js';

/** The queues of this process, by name. Each opens at its first use: an API that shows no board needs none. */
@Injectable()
export class Queues {
  private readonly open = new Map<string, Queue<QueuedJob>>();

  constructor(
    @Inject(JOB_CATALOG) private readonly catalog: JobCatalog,
    @Inject(QUEUE_BACKEND) readonly backend: QueueBackend,
  ) {}

  /** @param name of a declared queue */
  get(name: string): Queue<QueuedJob> {
    let queue = this.open.get(name);
    if (!queue) this.open.set(name, (queue = this.backend.queue(name)));
    return queue;
  }

  all(): Queue<QueuedJob>[] {
    return this.catalog.queues.map(({ name }) => this.get(name));
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.open.values()].map((queue) => queue.close()));
  }
}
