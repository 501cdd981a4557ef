import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type JobRow, JobsRepository } from '../jobs/jobs.repository.js';
import { leaveContext } from '../profiling/span.js';

// One statement per tick for all watched jobs of the process, and none while nobody watches. Whoever opened a stream has
// been shown the job before, under row-level security; from then on the platform reads it for them, on nobody's behalf.

const POLL_MS = 300;
/** States that no job leaves by itself. */
export const ENDS: ReadonlySet<string> = new Set(['done', 'dead', 'cancelled']);

export interface JobListener {
  changed(job: JobRow): void;
  /** Told once, after the job's last change, or when there is no such job any more. */
  ended(): void;
}

interface Watch {
  id: string;
  /** Version that the listener has seen. */
  seen: number;
  listener: JobListener;
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
   * Tells each change after version `seen`, newest state only, from the next turn of the loop on.
   * @returns ends it
   */
  watch(id: string, seen: number, listener: JobListener): () => void {
    const watch = { id, seen, listener };
    this.watches.add(watch);
    leaveContext(() => {
      this.timer ??= setInterval(() => void this.read(), POLL_MS);
      void this.read();
    });
    return () => this.forget(watch);
  }

  beforeApplicationShutdown(): void {
    for (const watch of this.watches) this.forget(watch);
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
      for (const watch of asked) if (this.watches.has(watch)) this.tell(watch, byId.get(watch.id));
    } catch {
      // the database is away; the next tick reads again
    } finally {
      this.isReading = false;
    }
  }

  private tell(watch: Watch, row: JobRow | undefined): void {
    if (row && row.version > watch.seen) {
      watch.seen = row.version;
      watch.listener.changed(row);
    }
    if (row && !ENDS.has(row.state)) return;
    this.forget(watch);
    watch.listener.ended();
  }
}
