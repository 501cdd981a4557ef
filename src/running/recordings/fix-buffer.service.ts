import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DatabaseUnavailableError, sqlState } from '../../platform/database/database.errors.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { FixStore } from './fix-store.service.js';
import type { Fix } from './fix.js';
import type { OpenRun } from './open-run.js';

// Thousands of sockets send a fix a second each. They wait here for a fraction of one and go into the database together, in one statement for
// all runs; only what is committed is acknowledged. While the database is away they go on waiting, as many as there is room for, and beyond
// that nothing is taken: a client that gets no acknowledgement sends again.

/** From the first waiting fix to its statement. */
const WAIT_MS = 200;
const LONGEST_PAUSE_MS = 4_000;
/** Of one statement. */
const MOST_AT_ONCE = 20_000;
/** Twenty seconds of 5,000 runners. */
export const MOST_WAITING = 100_000;
const DEADLOCK = '40P01';

interface Waiting {
  readonly run: OpenRun;
  readonly fix: Fix;
}

/** Per process. Who may send to a run was asked when it was opened. */
@Injectable()
export class FixBuffer implements OnApplicationShutdown {
  private waiting: Waiting[] = [];
  /** On their way into the database: they need room until they are there. */
  private storing = 0;
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> | undefined;
  private pauseMs = WAIT_MS;
  private isEnding = false;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly store: FixStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** How many are here and not stored yet. */
  get size(): number {
    return this.waiting.length + this.storing;
  }

  /** @returns false when there is no room: none of them was taken, and the client has to send them again */
  take(run: OpenRun, fixes: readonly Fix[]): boolean {
    if (this.size + fixes.length > MOST_WAITING) return false;
    for (const fix of fixes) this.waiting.push({ run, fix });
    this.arm();
    return true;
  }

  /** What waits at this moment is stored, or was found to be impossible to store for now. */
  async flush(): Promise<void> {
    while (this.work !== undefined) await this.work;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.work = this.storeWaiting().finally(() => {
      this.work = undefined;
      this.arm();
    });
    await this.work;
  }

  async onApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    await this.flush();
  }

  private arm(): void {
    if (this.timer !== undefined || this.work !== undefined || this.isEnding) return;
    if (this.waiting.length > 0) this.timer = setTimeout(() => void this.flush(), this.pauseMs);
  }

  /** What comes meanwhile waits for the next time, so that it goes together again. */
  private async storeWaiting(): Promise<void> {
    const all = this.waiting;
    this.waiting = [];
    this.storing = all.length;
    try {
      for (let from = 0; from < all.length; from += MOST_AT_ONCE) {
        const left = await this.storeIfPossible(all.slice(from, from + MOST_AT_ONCE));
        if (left.length === 0) continue;
        this.waiting = [...left, ...all.slice(from + MOST_AT_ONCE), ...this.waiting];
        this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
        return;
      }
      this.pauseMs = WAIT_MS;
    } finally {
      this.storing = 0;
    }
  }

  /** @returns what waits on, since the database cannot be asked now */
  private async storeIfPossible(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      await this.storeBatch(batch);
      return [];
    } catch (error) {
      if (!isPassing(error)) return this.storeOneByOne(batch, error);
      this.logger.warn({ err: error, fixes: batch.length }, 'fixes wait for the database');
      return batch;
    }
  }

  private async storeBatch(batch: readonly Waiting[]): Promise<void> {
    const byRun = grouped(batch, ({ run }) => run.runId);
    const runs = [...byRun]
      .map(([runId, entries]) => ({
        runId,
        userId: entries[0]!.run.userId,
        fixes: entries.map(({ fix }) => fix),
      }))
      .sort((a, b) => (a.runId < b.runId ? -1 : 1));
    const stored = await this.system.run(SYSTEM_SCOPE, (tx) => this.store.store(tx, runs));
    for (const [runId, entries] of byRun) {
      const result = stored.get(runId);
      for (const [run, own] of grouped(entries, (entry) => entry.run)) {
        if (result === undefined) run.lost('gone');
        else run.stored(own.map(({ fix }) => fix.seq), result.duplicates, result.conflicts); // prettier-ignore
      }
    }
  }

  /** Something in the batch cannot be stored: whose it is loses it, and nobody else. */
  private async storeOneByOne(batch: readonly Waiting[], cause: unknown): Promise<Waiting[]> {
    this.logger.error({ err: cause, fixes: batch.length }, 'fixes are refused; each run is tried alone');
    const left: Waiting[] = [];
    for (const [run, entries] of grouped(batch, (entry) => entry.run)) {
      try {
        await this.storeBatch(entries);
      } catch (error) {
        if (isPassing(error)) {
          left.push(...entries);
          continue;
        }
        this.logger.error({ err: error, runId: run.runId }, 'the fixes of a run are refused');
        run.lost('refused');
      }
    }
    return left;
  }
}

function grouped<Key>(entries: readonly Waiting[], keyOf: (entry: Waiting) => Key): Map<Key, Waiting[]> {
  const groups = new Map<Key, Waiting[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** It may go well the next time. */
function isPassing(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || sqlState(error) === DEADLOCK;
}
