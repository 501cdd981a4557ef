import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../auth/principal.js';
import { DatabaseUnavailableError } from '../database/database.errors.js';
import { DatabaseLifetime, SystemUnitOfWork } from '../database/database.module.js';
import type { Tx } from '../database/unit-of-work.js';
import { ErrorCounts } from './error-counts.js';
import { describeError } from './error-fingerprint.js';
import {
  type ErrorCount,
  PerformanceLogRepository,
  type PerformanceRow,
  SLOW_ALERT,
} from './performance-log.repository.js';
import { PROFILING_LOG, type ProfilingLog } from './profiling-log.js';
import { leaveContext } from './span.js';

// Rows wait here and leave in batches, one statement each. Handing one over is a push onto an array: it never waits and never
// fails. A database that is slow or away costs rows, which are counted, and nothing else: the queue has an end, one batch is
// under way at a time, and a batch that could not be written goes back to the head of the queue while there is room.

const FLUSH_EVERY_MS = 1_000;
/** As many rows are written at once without waiting for the tick. */
const BATCH_ROWS = 500;
/** One statement's share when more have come meanwhile. */
const MOST_ROWS_PER_BATCH = 1_000;
const MOST_WAITING_ROWS = 20_000;
const DAY_MS = 86_400_000;
const ENSURE_EVERY_MS = 3_600_000;
const DAYS_AHEAD = 3;
const WARN_EVERY_MS = 60_000;
/** How long a shutdown waits for the last rows. */
const LAST_FLUSH_MS = 3_000;

/** What a batch holds that somebody may want to be told. */
export interface SinkNews {
  readonly alerts: readonly PerformanceRow[];
  /** Errors of a kind that was not known before. */
  readonly openedErrors: readonly ErrorCount[];
}

export type NewsListener = (tx: Tx, news: SinkNews) => Promise<void>;

@Injectable()
export class PerformanceSink implements OnModuleDestroy {
  /** Rows in the database. */
  storedRows = 0;
  /** Rows that were thrown away: the queue was full, or the database refused them. */
  droppedRows = 0;
  private waiting: PerformanceRow[] = [];
  private readonly errors = new ErrorCounts();
  private flushing: Promise<void> | undefined;
  private hasFailed = false;
  private isEnding = false;
  private ensuredMs = 0;
  private warnedMs = 0;
  private readonly timer: NodeJS.Timeout;
  private listener: NewsListener | undefined;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly repository: PerformanceLogRepository,
    @Inject(PROFILING_LOG) private readonly log: ProfilingLog,
    lifetime: DatabaseLifetime,
  ) {
    this.timer = setInterval(() => this.tick(), FLUSH_EVERY_MS).unref();
    lifetime.beforeClose(() => this.end());
  }

  /** Rows that wait for their batch. */
  get waitingRows(): number {
    return this.waiting.length;
  }

  record(row: PerformanceRow): void {
    if (this.waiting.length >= MOST_WAITING_ROWS) {
      this.droppedRows += 1;
      return;
    }
    this.waiting.push(row);
    // After a failure the tick tries again, not every row.
    if (this.waiting.length >= BATCH_ROWS && this.flushing === undefined && !this.hasFailed)
      void this.flush();
  }

  /** Counts an unknown error under its fingerprint. */
  recordError(error: unknown, requestId: string | undefined): void {
    this.errors.add(describeError(error), requestId, Date.now());
  }

  /** Who turns news into messages: called in the transaction that writes the batch, which its failure does not undo. */
  tellNews(listener: NewsListener): void {
    this.listener = listener;
  }

  /** Writes what waits, as far as the database takes it. Never throws. */
  flush(): Promise<void> {
    this.flushing ??= leaveContext(() => this.drain()).finally(() => (this.flushing = undefined));
    return this.flushing;
  }

  /** The clock stops; what still comes in is written when the connections close. */
  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async end(): Promise<void> {
    clearInterval(this.timer);
    this.isEnding = true;
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (limit = setTimeout(resolve, LAST_FLUSH_MS)));
    const last = async (): Promise<void> => {
      await this.flushing; // began before the last rows came
      await this.flush();
    };
    await Promise.race([last(), late]);
    clearTimeout(limit);
    this.droppedRows += this.waiting.length;
    this.waiting = [];
    if (this.droppedRows > 0) this.log.warn({ dropped: this.droppedRows }, 'performance rows were lost');
  }

  private tick(): void {
    this.hasFailed = false;
    if (this.waiting.length > 0 || this.errors.size > 0) void this.flush();
  }

  private async drain(): Promise<void> {
    do {
      const rows = this.waiting.splice(0, MOST_ROWS_PER_BATCH);
      const errors = this.errors.take();
      if (rows.length === 0 && errors.length === 0) return;
      try {
        await this.write(rows, errors);
        this.storedRows += rows.length;
      } catch (error) {
        this.hasFailed = true;
        this.putBack(rows, errors, error);
        return;
      }
    } while (this.waiting.length >= BATCH_ROWS || (this.isEnding && this.waiting.length > 0));
  }

  private async write(rows: readonly PerformanceRow[], errors: readonly ErrorCount[]): Promise<void> {
    const nowMs = Date.now();
    if (nowMs - this.ensuredMs > ENSURE_EVERY_MS) {
      const [first, last] = [dayOf(nowMs - DAY_MS), dayOf(nowMs + DAYS_AHEAD * DAY_MS)];
      await this.system.run(SYSTEM_PRINCIPAL, (tx) => this.repository.ensurePartitions(tx, first, last));
      this.ensuredMs = nowMs;
    }
    await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await this.repository.relaxDurability(tx);
      if (rows.length > 0) await this.repository.insertRows(tx, rows);
      const opened = errors.length > 0 ? await this.repository.upsertErrors(tx, errors) : undefined;
      const alerts = rows.filter(({ operation }) => operation === SLOW_ALERT);
      const openedErrors = errors.filter(({ fingerprint }) => opened?.has(fingerprint));
      if (alerts.length + openedErrors.length > 0) await this.tell(tx, { alerts, openedErrors });
    });
  }

  private async tell(tx: Tx, news: SinkNews): Promise<void> {
    if (this.listener === undefined) return;
    await tx.query('SAVEPOINT news');
    try {
      await this.listener(tx, news);
    } catch (error) {
      this.log.warn({ err: error }, 'nobody could be told of alerts or errors');
      await tx.query('ROLLBACK TO SAVEPOINT news');
    }
  }

  /** A database that is away may take the batch later; one that refuses it would refuse it for ever. */
  private putBack(rows: PerformanceRow[], errors: readonly ErrorCount[], error: unknown): void {
    if (error instanceof DatabaseUnavailableError) {
      const room = MOST_WAITING_ROWS - this.waiting.length;
      this.droppedRows += Math.max(0, rows.length - room);
      this.waiting = [...rows.slice(0, room), ...this.waiting];
      this.errors.giveBack(errors);
    } else {
      this.droppedRows += rows.length;
      this.ensuredMs = 0; // the partition may be gone
    }
    if (Date.now() - this.warnedMs < WARN_EVERY_MS) return;
    this.warnedMs = Date.now();
    this.log.warn({ err: error, dropped: this.droppedRows }, 'performance rows could not be written');
  }
}

/** The UTC day, as PostgreSQL reads it. */
function dayOf(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}
