import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { REFRESH_ROLLUPS } from '../../src/market/rollups/rollups.jobs.js';
import { MARKET_FIGURES_QUEUE, MARKET_QUEUE } from '../../src/market/market.queues.js';

// What the worker of the server under test does about rollups, as its own tables tell. Asked in the system role: jobs are rows
// of their owners, and row-level security hides them from the owner of the database too.

const DONE_WITHIN_MS = 120_000;
const PAUSE_MS = 10;

/** How far the worker is at one moment. */
export interface Backlog {
  /** Batches whose days are marked and not derived yet. */
  markedCount: number;
  /** Jobs of the market's queue that wait or run. */
  openCount: number;
}

export class RollupJobs {
  constructor(private readonly system: Client) {}

  /** PostgreSQL's time, to compare with that of jobs. */
  async now(): Promise<Date> {
    const { rows } = await this.system.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    return rows[0]!.now;
  }

  async backlog(): Promise<Backlog> {
    const { rows } = await this.system.query<Backlog>({
      name: 'bench.rollup-jobs.count-backlog',
      text: `SELECT (SELECT count(*) FROM market.dirty_batch)::int AS "markedCount",
               (SELECT count(*) FROM platform.job WHERE queue = $1 AND state IN ('open', 'relayed'))::int AS "openCount"`,
      values: [MARKET_QUEUE.name],
    });
    return rows[0]!;
  }

  /** Resolves when nothing is marked and the worker rests. @returns milliseconds waited @throws after two minutes */
  async drained(): Promise<number> {
    const startedMs = performance.now();
    for (;;) {
      const { markedCount, openCount } = await this.backlog();
      const waitedMs = performance.now() - startedMs;
      if (markedCount + openCount === 0) return waitedMs;
      if (waitedMs > DONE_WITHIN_MS)
        throw new Error(`The worker is left with ${markedCount} batches and ${openCount} jobs`);
      await sleep(PAUSE_MS);
    }
  }

  /** Resolves when the figures have followed too, and the worker rests. @returns milliseconds until they had */
  async figuresFollowed(): Promise<number> {
    const startedMs = performance.now();
    let followedMs: number | undefined;
    for (;;) {
      const { rows } = await this.system.query<{ staleCount: number; openCount: number }>({
        name: 'bench.rollup-jobs.count-stale',
        text: `SELECT (SELECT count(*) FROM market.stale_series)::int AS "staleCount",
                 (SELECT count(*) FROM platform.job WHERE queue = $1 AND state IN ('open', 'relayed'))::int AS "openCount"`,
        values: [MARKET_FIGURES_QUEUE.name],
      });
      const { staleCount, openCount } = rows[0]!;
      const waitedMs = performance.now() - startedMs;
      if (staleCount === 0) followedMs ??= waitedMs;
      if (followedMs !== undefined && openCount === 0) return followedMs;
      if (waitedMs > DONE_WITHIN_MS) throw new Error(`${staleCount} batches of series are left stale`);
      await sleep(PAUSE_MS);
    }
  }

  /** @returns milliseconds that each refresh took which was asked for since then @throws when one did not end well */
  async durationsMs(since: Date): Promise<number[]> {
    const { rows } = await this.system.query<{ state: string; ms: number }>({
      name: 'bench.rollup-jobs.list-durations',
      text: `SELECT state, extract(epoch FROM finished_at - started_at)::float8 * 1000 AS ms FROM platform.job
             WHERE name = $1 AND created_at >= $2 ORDER BY created_at`,
      values: [REFRESH_ROLLUPS.name, since],
    });
    for (const { state } of rows) if (state !== 'done') throw new Error(`A refresh is ${state}`);
    return rows.map(({ ms }) => ms);
  }
}
