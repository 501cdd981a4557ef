import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type JobRow, JobsRepository } from '../jobs/jobs.repository.js';

// One statement per tick for all watched jobs of the process, and none while nobody watches. Whoever opened a stream has
// been shown the job before, under row-level security; from then on the platform reads it for them.

const POLL_MS = 300;
const ENDS = new Set(['done', 'dead', 'cancelled']);

interface Watch {
  id: string;
  /** Version that the client has seen. */
  seen: number;
  subscriber: Subscriber<JobRow>;
}

@Injectable()
export class JobWatcher implements BeforeApplicationShutdown {
  private readonly watches = new Set<Watch>();
  private timer: NodeJS.Timeout | undefined;
  private isReading = false;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
  ) {}

  /** Each change after version `seen`, newest state only; completes after the job's end. */
  watch(id: string, seen: number): Observable<JobRow> {
    return new Observable((subscriber) => {
      const watch = { id, seen, subscriber };
      this.watches.add(watch);
      this.timer ??= setInterval(() => void this.read(), POLL_MS);
      void this.read();
      return () => {
        this.watches.delete(watch);
        if (this.watches.size > 0) return;
        clearInterval(this.timer);
        this.timer = undefined;
      };
    });
  }

  beforeApplicationShutdown(): void {
    for (const { subscriber } of this.watches) subscriber.complete();
  }

  private async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      const ids = [...new Set([...this.watches].map((watch) => watch.id))];
      const rows = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listByIds(tx, ids));
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const watch of this.watches) this.tell(watch, byId.get(watch.id));
    } catch {
      // the database is away; the next tick reads again
    } finally {
      this.isReading = false;
    }
  }

  private tell(watch: Watch, row: JobRow | undefined): void {
    if (row && row.version > watch.seen) {
      watch.seen = row.version;
      watch.subscriber.next(row);
    }
    if (!row || ENDS.has(row.state)) watch.subscriber.complete();
  }
}
