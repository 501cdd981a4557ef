import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { DomainError } from '../http/domain-error.js';
import { type JobRow, JobsRepository } from '../jobs/jobs.repository.js';
import { beginStream, leaveContext } from '../profiling/span.js';
import { OPERATIONS_ERROR } from './operations.errors.js';

// One statement per tick for all watched jobs of the process, and none while nobody watches. Whoever opened a stream has
// been shown the job before, under row-level security; from then on the platform reads it for them, on nobody's behalf.

const POLL_MS = 300;
/** Streams that one account may have open at this process. */
export const MOST_STREAMS = 8;
/** States that no job leaves by itself. */
export const ENDS: ReadonlySet<string> = new Set(['done', 'dead', 'cancelled']);

interface Watch {
  id: string;
  watcherId: string;
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

  /**
   * Each change after version `seen`, newest state only; completes after the job's end. To be subscribed to at once: the
   * time of the current request ends here.
   * @throws DomainError when the watcher has MOST_STREAMS open already
   */
  watch(watcherId: string, id: string, seen: number): Observable<JobRow> {
    const open = [...this.watches].filter((watch) => watch.watcherId === watcherId);
    if (open.length >= MOST_STREAMS) throw tooManyStreams();
    beginStream();
    return new Observable((subscriber) => {
      const watch = { id, watcherId, seen, subscriber };
      this.watches.add(watch);
      leaveContext(() => {
        this.timer ??= setInterval(() => void this.read(), POLL_MS);
        void this.read();
      });
      return () => this.forget(watch);
    });
  }

  beforeApplicationShutdown(): void {
    for (const { subscriber } of this.watches) subscriber.complete();
  }

  private forget(watch: Watch): void {
    this.watches.delete(watch);
    if (this.watches.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      // Those that come while it reads were not asked about: they are told by the next tick.
      const asked = [...this.watches];
      const ids = [...new Set(asked.map((watch) => watch.id))];
      const rows = await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.listByIds(tx, ids));
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const watch of asked) this.tell(watch, byId.get(watch.id));
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

function tooManyStreams(): DomainError {
  return new DomainError(
    'tooMany',
    OPERATIONS_ERROR.tooManyStreams,
    `At most ${MOST_STREAMS} streams may be open at once; close one.`,
  );
}
