import { randomUUID } from 'node:crypto';
import type { Tx } from '../../src/platform/database/unit-of-work.js';
import type { SystemUnitOfWork } from '../../src/platform/database/database.module.js';
import type { JobProgress } from '../../src/platform/jobs/job-definition.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import type { Logger } from '../../src/platform/logging/logger.js';
import { PageFetcher } from '../../src/platform/sync/page-fetcher.service.js';
import { RunOpener } from '../../src/platform/sync/run-opener.service.js';
import { SourceRegistry } from '../../src/platform/sync/source-registry.js';
import { SpanJudge } from '../../src/platform/sync/span-judge.service.js';
import { StreamWalker } from '../../src/platform/sync/stream-walker.service.js';
import { type SourceView, SyncDesk } from '../../src/platform/sync/sync-desk.service.js';
import { SyncHoldsRepository } from '../../src/platform/sync/sync-holds.repository.js';
import { SyncHolds } from '../../src/platform/sync/sync-holds.service.js';
import {
  type StreamRow,
  SyncPositionsRepository,
} from '../../src/platform/sync/sync-positions.repository.js';
import { type RunJob, SyncRunner } from '../../src/platform/sync/sync-runner.service.js';
import { type RunRow, SyncRunsRepository } from '../../src/platform/sync/sync-runs.repository.js';
import { SyncScansRepository } from '../../src/platform/sync/sync-scans.repository.js';
import {
  defineStream,
  type SourceCheck,
  type StoreContext,
  type StoreOutcome,
  type SyncSource,
  type SyncStream,
  type SyncWindow,
} from '../../src/platform/sync/sync-source.js';
import { SyncStarter } from '../../src/platform/sync/sync-starter.service.js';
import type { SyncKind } from '../../src/platform/sync/sync-window.js';
import { SYNC_TIMES, type SyncTimes } from '../../src/platform/sync/sync-world.js';
import { SyncUpstream, type UpstreamRow, VirtualClock } from './sync-upstream.js';
import { openUnits, type TestUnits } from './units.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Noon, so that "today" is half a day. */
export const NOON = Date.UTC(2026, 2, 10, 12);
export const DOMAIN = 'trial';
const SCOPE = { id: randomUUID() };

/** A run with its streams. */
export type WholeRun = RunRow & { streams: StreamRow[] };

export interface Engine {
  runner: SyncRunner;
  starter: SyncStarter;
  desk: SyncDesk;
  holds: SyncHolds;
}

export interface TrialOptions {
  paging?: 'numbered' | 'cursor';
  limit?: { most: number; least: number };
  source?: Partial<SyncSource>;
  stream?: Partial<SyncStream<UpstreamRow>>;
  times?: Partial<SyncTimes>;
  /** Of the sources that are looked at; the trial's own unless said otherwise. */
  domain?: string;
}

/** What the trial's domain has; for everybody to write. */
export const TRIAL_TABLES = `
  CREATE TABLE platform.trial_row (
    stream text NOT NULL, key text COLLATE "C" NOT NULL, at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    asked_at timestamptz NOT NULL, body text NOT NULL, parent text, removed_at timestamptz, PRIMARY KEY (stream, key));
  CREATE TABLE platform.trial_sum (stream text PRIMARY KEY, rows int NOT NULL);
  GRANT SELECT, INSERT, UPDATE, DELETE ON platform.trial_row, platform.trial_sum TO PUBLIC`;

/** The domain's tables of the trial: rows where the newer version wins, and a sum that is rebuilt after a run. */
export class TrialStore {
  constructor(readonly stream: string) {}

  async store(tx: Tx, rows: readonly UpstreamRow[], { requestedAt }: StoreContext): Promise<StoreOutcome> {
    const written = await tx.query<{ isNew: boolean }>({
      name: 'trial.rows.upsert',
      text: `INSERT INTO platform.trial_row AS t (stream, key, at, updated_at, asked_at, body, parent)
             SELECT $1, key, to_timestamp(at / 1000.0), to_timestamp(updated / 1000.0), $7, body, parent
             FROM unnest($2::text[], $3::float8[], $4::float8[], $5::text[], $6::text[]) AS u (key, at, updated, body, parent)
             ON CONFLICT (stream, key) DO UPDATE SET at = excluded.at, updated_at = excluded.updated_at, asked_at = excluded.asked_at,
               body = excluded.body, parent = excluded.parent, removed_at = NULL
             WHERE (excluded.updated_at, excluded.asked_at) >= (t.updated_at, t.asked_at)
               AND (excluded.body, excluded.at, excluded.parent) IS DISTINCT FROM (t.body, t.at, t.parent) OR t.removed_at IS NOT NULL
             RETURNING xmax = 0 AS "isNew"`,
      values: [
        this.stream,
        rows.map(({ id }) => id),
        rows.map(({ atMs }) => atMs),
        rows.map(({ updatedMs }) => updatedMs),
        rows.map(({ body }) => body),
        rows.map(({ parentId }) => parentId),
        requestedAt,
      ],
    });
    const inserted = written.filter(({ isNew }) => isNew).length;
    return { inserted, updated: written.length - inserted, unchanged: rows.length - written.length };
  }

  async count(tx: Tx, { from, to }: SyncWindow): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'trial.rows.count',
      text: `SELECT count(*)::int AS count FROM platform.trial_row
             WHERE stream = $1 AND at >= $2 AND at < $3 AND removed_at IS NULL`,
      values: [this.stream, from, to],
    });
    return row!.count;
  }

  async listKeys(tx: Tx, { from, to }: SyncWindow, after: string | null, limit: number): Promise<string[]> {
    const rows = await tx.query<{ key: string }>({
      name: 'trial.rows.list-keys',
      text: `SELECT key FROM platform.trial_row
             WHERE stream = $1 AND at >= $2 AND at < $3 AND removed_at IS NULL AND key > coalesce($4, '') ORDER BY key LIMIT $5`,
      values: [this.stream, from, to, after, limit],
    });
    return rows.map(({ key }) => key);
  }

  async remove(tx: Tx, keys: readonly string[]): Promise<number> {
    const rows = await tx.query({
      name: 'trial.rows.remove',
      text: `UPDATE platform.trial_row SET removed_at = now() WHERE stream = $1 AND key = ANY ($2::text[]) AND removed_at IS NULL RETURNING key`,
      values: [this.stream, keys],
    });
    return rows.length;
  }
}

export function trialStream(
  upstream: SyncUpstream,
  name: string,
  given: Partial<SyncStream<UpstreamRow>> = {},
): SyncStream {
  const rows = new TrialStore(name);
  return defineStream<UpstreamRow>({
    name,
    paging: upstream.paging,
    pageLimit: { most: 10, least: 1 },
    overlapMs: HOUR_MS,
    lagMs: 60_000,
    aheadMs: 2 * DAY_MS,
    reachMs: 7 * DAY_MS,
    fetchPage: (request) => upstream.page(request),
    keyOf: ({ id }) => id,
    timeOf: ({ atMs }) => new Date(atMs),
    store: (tx, page, context) => rows.store(tx, page, context),
    stored: rows,
    countUpstream: (window, signal) => upstream.count(window, signal),
    ...given,
  });
}

/** One source of one stream, an engine without queues, and a database of its own. Runs are driven by hand, on a virtual clock. */
export class SyncTrial {
  readonly clock = new VirtualClock(NOON);
  readonly logged: string[] = [];
  readonly progress: JobProgress[] = [];
  readonly registry = new SourceRegistry({ getProviders: () => [] } as never);
  readonly engine: Engine;
  upstream: SyncUpstream;
  private readonly domain: string;

  private constructor(
    readonly units: TestUnits,
    private readonly options: TrialOptions,
  ) {
    this.domain = options.domain ?? DOMAIN;
    this.upstream = new SyncUpstream(this.clock, options.paging ?? 'numbered');
    this.addSource('trial:one', [this.upstream]);
    this.engine = this.openEngine();
  }

  static async open(options: TrialOptions = {}): Promise<SyncTrial> {
    const units = await openUnits();
    await units.owner(TRIAL_TABLES);
    return new SyncTrial(units, options);
  }

  /** A stream per upstream: `rows`, `rows-2`, ... */
  addSource(id: string, upstreams: readonly SyncUpstream[], given: Partial<SyncSource> = {}): SyncSource {
    const source: SyncSource = {
      id,
      domain: DOMAIN,
      intervalMs: 300_000,
      reconcileEveryMs: DAY_MS,
      verifyEveryMs: DAY_MS,
      pagePauseMs: 0,
      since: new Date(NOON - 30 * DAY_MS),
      streams: upstreams.map((upstream, index) =>
        trialStream(upstream, index === 0 ? 'rows' : `rows-${index + 1}`, {
          ...(this.options.limit && { pageLimit: this.options.limit }),
          ...this.options.stream,
        }),
      ),
      secrets: [],
      prepare: null,
      check: (): Promise<SourceCheck> => Promise.resolve({ isOk: true, detail: 'it answers' }),
      afterRun: () => this.rebuild(),
      whenSucceeded: null,
      ...this.options.source,
      ...given,
    };
    this.registry.register([source]);
    return source;
  }

  /** @param system where its transactions shall go another way, e.g. to a pool of their own or to one that dies */
  openEngine(system: Pick<SystemUnitOfWork, 'run'> = this.units.system): Engine {
    const unit = system as SystemUnitOfWork;
    const world = {
      nowMs: () => this.clock.nowMs,
      elapsedMs: () => this.clock.nowMs,
      sleep: (ms: number, signal: AbortSignal) => this.clock.sleep(ms, signal),
      random: () => 0.5,
      times: { ...SYNC_TIMES, ...this.options.times },
    };
    const write = (fields: object, text: string): void =>
      void this.logged.push(`${JSON.stringify(fields)} ${text}`);
    const logger = { info: write, warn: write, error: write } as unknown as Logger;
    const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
    const [runs, holdRows, positions, scans] = [
      new SyncRunsRepository(),
      new SyncHoldsRepository(),
      new SyncPositionsRepository(),
      new SyncScansRepository(),
    ];
    const holds = new SyncHolds(unit, holdRows, jobs, this.registry, world);
    const judge = new SpanJudge(scans, world);
    const fetcher = new PageFetcher(holds, world);
    const opener = new RunOpener(unit, holds, fetcher, positions, world);
    const walker = new StreamWalker(unit, holds, fetcher, judge, positions, scans, world);
    return {
      holds,
      runner: new SyncRunner(this.registry, unit, holds, opener, walker, world, logger),
      starter: new SyncStarter(this.registry, unit, runs, holdRows, scans, jobs, world),
      desk: new SyncDesk(this.registry, this.units.app, runs, positions, scans, world),
    };
  }

  job(signal: AbortSignal = new AbortController().signal): RunJob {
    return { id: randomUUID(), signal, progress: (progress) => void this.progress.push(progress) };
  }

  /** As a request does it. */
  async start(
    kind: SyncKind = 'incremental',
    range: SyncWindow | null = null,
    sourceId = 'trial:one',
  ): Promise<RunRow> {
    const outcome = await this.units.app.run(SCOPE, (tx) =>
      this.engine.starter.start(tx, { sourceId, kind, trigger: 'request', range }),
    );
    if (typeof outcome === 'string') throw new Error(`The run was not started: ${outcome}`);
    return outcome.run;
  }

  /** One turn of a run, in a job of its own. */
  async turn(runId: string, engine: Engine = this.engine): Promise<void> {
    await this.units.owner(`UPDATE platform.job SET state = 'done' WHERE payload ->> 'runId' = $1`, [runId]);
    await engine.runner.run(runId, this.job());
  }

  /** Takes a run up as often as it takes, waiting where it waits. */
  async drive(runId: string, engine: Engine = this.engine): Promise<WholeRun> {
    for (let turn = 0; turn < 1_000; turn += 1) {
      await this.turn(runId, engine);
      const run = await this.run(runId);
      if (run.finishedAt !== null) return run;
      if (run.retryAt !== null) this.clock.nowMs = Math.max(this.clock.nowMs, run.retryAt.getTime());
      else if (run.state === 'running') throw new Error('The run has stopped in the middle');
    }
    throw new Error('The run does not end');
  }

  /** From its start to its end. */
  async sync(
    kind: SyncKind = 'incremental',
    range: SyncWindow | null = null,
    sourceId = 'trial:one',
  ): Promise<WholeRun> {
    return this.drive((await this.start(kind, range, sourceId)).id);
  }

  async run(id: string): Promise<WholeRun> {
    const run = await this.engine.desk.findRun(SCOPE, this.domain, id);
    if (!run) throw new Error(`There is no run ${id}`);
    return run;
  }

  async status(id = 'trial:one'): Promise<SourceView> {
    const sources = await this.engine.desk.listSources(SCOPE, this.domain);
    return sources.find((source) => source.id === id)!;
  }

  /** Milliseconds; null = nothing was ever seen. */
  async watermark(stream = 'rows'): Promise<number | null | undefined> {
    const rows = await this.engine.desk.listWatermarks(SCOPE, this.domain);
    const row = rows.find((known) => known.stream === stream);
    return row && (row.watermarkAt?.getTime() ?? null);
  }

  gaps(isOpen: boolean | null = null): ReturnType<SyncDesk['listGaps']> {
    return this.engine.desk.listGaps(SCOPE, this.domain, { isOpen, before: null, limit: 200 });
  }

  cancel(runId: string): Promise<RunRow | undefined> {
    return this.units.app.run(SCOPE, (tx) => this.engine.starter.cancel(tx, runId));
  }

  /** `key body` of what is stored and not removed, in the order of keys. */
  async stored(stream = 'rows'): Promise<string[]> {
    const rows = await this.units.owner<{ row: string }>(
      `SELECT key || ' ' || body AS row FROM platform.trial_row WHERE stream = $1 AND removed_at IS NULL ORDER BY key`,
      [stream],
    );
    return rows.map(({ row }) => row);
  }

  /** The same of what the upstream has shown so far. */
  expected(upstream: SyncUpstream = this.upstream): string[] {
    return [...upstream.rows.values()]
      .filter(({ arrivesMs }) => arrivesMs <= upstream.clock.nowMs)
      .map(({ id, body }) => `${id} ${body}`)
      .sort();
  }

  /** What readers see: made after complete runs only. */
  async sum(stream = 'rows'): Promise<number> {
    const [row] = await this.units.owner<{ rows: number }>(
      'SELECT rows FROM platform.trial_sum WHERE stream = $1',
      [stream],
    );
    return row?.rows ?? 0;
  }

  /** A domain's tables and the engine's, as if nothing had ever been read. */
  async forget(): Promise<void> {
    await this.units.owner(
      `TRUNCATE platform.trial_row, platform.trial_sum, platform.sync_run, platform.sync_run_stream, platform.sync_watermark,
         platform.sync_seen, platform.sync_absence, platform.sync_gap, platform.job`,
    );
  }

  close(): Promise<void> {
    return this.units.close();
  }

  private async rebuild(): Promise<void> {
    await this.units.system.run(SCOPE, async (tx) => {
      await tx.query('DELETE FROM platform.trial_sum');
      await tx.query(`INSERT INTO platform.trial_sum (stream, rows)
        SELECT stream, count(*) FROM platform.trial_row WHERE removed_at IS NULL GROUP BY 1`);
    });
  }
}
