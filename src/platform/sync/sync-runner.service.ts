import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { DatabaseUnavailableError } from '../database/database.errors.js';
import { JobCancelledError } from '../jobs/job-errors.js';
import type { JobRun } from '../jobs/job-definition.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import type { Errand } from './errand.js';
import { readingOf, RunOpener } from './run-opener.service.js';
import { RunCancelledError, RunLostError, RunPausedError } from './run-stops.js';
import { SourceRegistry } from './source-registry.js';
import { StreamWalker } from './stream-walker.service.js';
import { faultOf, SyncFault } from './sync-fault.js';
import { type HeldRun, SyncHolds } from './sync-holds.service.js';
import type { StreamRow } from './sync-positions.repository.js';
import type { SyncSource, SyncStream } from './sync-source.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';
import { withoutSecrets } from './without-secrets.js';

const UNKNOWN_SOURCE = 'No source of this name is configured.';
const OWN_FAULT = 'A fault of our own; the log of the worker tells more.';

/** What a run needs of the job that it runs in. */
export type RunJob = Pick<JobRun, 'id' | 'signal' | 'progress'>;

/** A run from its window to its end; or one turn of it. */
@Injectable()
export class SyncRunner {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly system: SystemUnitOfWork,
    private readonly holds: SyncHolds,
    private readonly opener: RunOpener,
    private readonly walker: StreamWalker,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Safe to call twice for one run, by whomever. @throws what is the job's to know: cancellation, shutdown, no database */
  async run(runId: string, job: RunJob): Promise<void> {
    const run = await this.holds.take(runId, job.id);
    if (run === 'over' || run === 'busy') return;
    const source = await this.system.run(SYSTEM_SCOPE, (tx) => this.registry.resolve(tx, run.sourceId));
    if (source === undefined) {
      await this.holds.finish(run, { state: 'failed', errorKind: 'internal', error: UNKNOWN_SOURCE }, null);
      return;
    }
    const stop = new AbortController();
    const pulse = setInterval(() => void this.beat(run, stop), this.world.times.heartbeatMs);
    try {
      await this.readAll(run, source, job, AbortSignal.any([job.signal, stop.signal]));
      const end = { state: 'succeeded', errorKind: null, error: null } as const;
      await this.holds.finish(run, end, source.intervalMs, source.whenSucceeded);
    } catch (error) {
      await this.endBadly(run, source, job, error);
    } finally {
      clearInterval(pulse);
    }
  }

  private async readAll(run: HeldRun, source: SyncSource, job: RunJob, signal: AbortSignal): Promise<void> {
    const turnEndsMs = this.world.elapsedMs() + this.world.times.turnMs;
    const rows = await this.opener.open(run, source, signal);
    let done = rows.reduce((sum, { fetched }) => sum + fetched, 0);
    for (const row of rows) {
      const stream = source.streams.find(({ name }) => name === row.stream);
      if (row.position === null) continue;
      if (stream === undefined) throw new SyncFault('gone', `There is no stream ${row.stream} any more.`);
      let total = row.total;
      const report = (fetched: number, announced: number | null): void => {
        done += fetched;
        if (announced !== null) total = (total ?? 0) + announced;
        job.progress({ done, total: null, note: total === null ? row.stream : `${row.stream}: of ${total}` });
      };
      await this.walker.walk(errandOf(run, source, stream, row, signal), row.position, turnEndsMs, report);
    }
    job.progress({ done, total: done, note: 'rebuilding' });
    await untilAborted(source.afterRun({ runId: run.id, signal }), signal);
  }

  private async beat(run: HeldRun, stop: AbortController): Promise<void> {
    try {
      await this.holds.beat(run);
    } catch (error) {
      // A database that is away for a moment is no reason to stop; the next page asks again.
      if (error instanceof RunLostError || error instanceof RunCancelledError) stop.abort(error);
    }
  }

  private async endBadly(run: HeldRun, source: SyncSource, job: RunJob, error: unknown): Promise<void> {
    if (error instanceof RunLostError) {
      this.logger.warn({ runId: run.id, source: run.sourceId }, 'a sync run was taken over');
      return;
    }
    if (error instanceof RunPausedError) return this.holds.pause(run, error.retryAtMs);
    if (error instanceof RunCancelledError || job.signal.reason instanceof JobCancelledError) {
      await this.holds.finish(run, { state: 'cancelled', errorKind: null, error: null }, source.intervalMs);
      job.signal.throwIfAborted();
      return;
    }
    // Shutdown, or a database that is away: the job goes back to its queue, and takes the run up again where it stands.
    job.signal.throwIfAborted();
    if (error instanceof DatabaseUnavailableError) throw error;
    const fault = faultOf(error);
    const kind = fault?.kind ?? 'internal';
    const hidden = (text: string): string => withoutSecrets(text, source.secrets);
    this.logger.warn(
      {
        runId: run.id,
        source: run.sourceId,
        kind: run.kind,
        fault: kind,
        message: hidden(error instanceof Error ? error.message : String(error)),
        ...(fault === undefined && error instanceof Error && { stack: hidden(error.stack ?? '') }),
      },
      'a sync run failed',
    );
    const message = fault === undefined ? OWN_FAULT : hidden(fault.message);
    await this.holds.finish(run, { state: 'failed', errorKind: kind, error: message }, source.intervalMs);
  }
}

function errandOf(
  run: HeldRun,
  source: SyncSource,
  stream: SyncStream,
  row: StreamRow,
  signal: AbortSignal,
): Errand {
  return {
    run,
    source,
    of: stream,
    reading: readingOf(run, stream, { fromMs: row.windowFrom.getTime(), toMs: row.windowTo.getTime() }),
    frozenAtMs: row.frozenAt.getTime(),
    signal,
    runId: run.id,
    sourceId: source.id,
    stream: stream.name,
  };
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const given = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  await Promise.race([work, given]);
}
