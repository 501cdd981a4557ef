import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import { Jobs } from '../jobs/jobs.service.js';
import { RunCancelledError, RunLostError } from './run-stops.js';
import { START_DUE_SYNCS } from './sync.jobs.js';
import { SourceRegistry } from './source-registry.js';
import { type RunEnd, SyncHoldsRepository } from './sync-holds.repository.js';
import type { RunRow } from './sync-runs.repository.js';
import type { SyncSource } from './sync-source.js';
import { SYNC_WORLD, type SyncWorld } from './sync-world.js';

// One run of a source at a time. A worker takes a run up under the source's advisory lock and gets a fencing token; every page checks
// the token in its own transaction, so who was thought dead and is not cannot write after somebody else has gone on. The hold is
// a row with signs of life, not a session's lock: it survives a connection pooler, and everybody can see it.

/** A run in this worker's hands. */
export interface HeldRun extends RunRow {
  readonly fence: number;
  /** The database's clock when it was taken, and how far that has gone since. */
  readonly takenAtMs: number;
  nowMs(): number;
}

/** `over`: it has ended. `busy`: somebody else has it, or another run of its source. */
export type Taking = HeldRun | 'over' | 'busy';

/** A run that was taken so often without bringing a page brings its workers down. */
const MOST_TAKES = 5;
const GIVEN_UP: RunEnd = {
  state: 'failed',
  errorKind: 'internal',
  error: `The run was begun ${MOST_TAKES} times without getting anywhere.`,
};
const CANCELLED: RunEnd = { state: 'cancelled', errorKind: null, error: null };

@Injectable()
export class SyncHolds {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: SyncHoldsRepository,
    private readonly jobs: Jobs,
    private readonly registry: SourceRegistry,
    @Inject(SYNC_WORLD) private readonly world: SyncWorld,
  ) {}

  /** @param jobId the same job may take its run again at once: its earlier try is over, or will find its token spent */
  async take(runId: string, jobId: string): Promise<Taking> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const { staleMs } = this.world.times;
      const nowMs = this.world.nowMs();
      const found = await this.rows.findSource(tx, runId);
      if (found === undefined) return 'over';
      await this.rows.lockSource(tx, found);
      const run = await this.rows.lockRun(tx, runId, staleMs, nowMs);
      if (!run || run.finishedAt !== null) return 'over';
      if (await this.rows.updateOthers(tx, run, staleMs, nowMs)) {
        await this.rows.updateWaiting(tx, runId, nowMs);
        return 'busy';
      }
      if (run.jobId !== null && run.jobId !== jobId && run.isAlive) return 'busy';
      if (run.isCancelRequested || run.takes >= MOST_TAKES) {
        await this.end(tx, run, null, run.isCancelRequested ? CANCELLED : GIVEN_UP);
        return 'over';
      }
      const { fence, now } = await this.rows.updateTaken(tx, runId, jobId, nowMs);
      const takenAtMs = now.getTime();
      const startedMs = this.world.elapsedMs();
      return {
        ...run,
        startedAt: run.startedAt ?? now,
        fence,
        takenAtMs,
        nowMs: () => this.world.nowMs() ?? takenAtMs + (this.world.elapsedMs() - startedMs),
      };
    });
  }

  /** First statement of a page's transaction. @throws RunLostError, RunCancelledError */
  async turn(tx: Tx, { id, fence }: HeldRun): Promise<void> {
    const row = await this.rows.updateTurned(tx, id, fence, this.world.nowMs());
    if (!row) throw new RunLostError();
    if (row.isCancelRequested) throw new RunCancelledError();
  }

  /** A sign of life. @param retryAtMs the run rests until then, for everybody to see @throws RunLostError, RunCancelledError */
  async beat({ id, fence }: HeldRun, retryAtMs?: number): Promise<void> {
    const row = await this.system.run(SYSTEM_SCOPE, (tx) =>
      this.rows.updateAlive(tx, id, fence, this.world.nowMs(), retryAtMs),
    );
    if (!row) throw new RunLostError();
    if (row.isCancelRequested) throw new RunCancelledError();
  }

  /** Out of hands; a later job goes on. Where it has only had its turn, whoever waits for the source comes first. */
  async pause(run: HeldRun, retryAtMs: number | null): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const nowMs = this.world.nowMs();
      if (!(await this.rows.updateReleased(tx, run.id, run.fence, retryAtMs, nowMs))) return;
      const other = retryAtMs === null ? await this.rows.findNextQueued(tx, run) : undefined;
      const delayMs = retryAtMs === null ? 0 : Math.max(0, Math.ceil(retryAtMs - run.nowMs()));
      const job = this.registry.jobOf(run.sourceId);
      await this.jobs.enqueueShared(tx, job, [{ runId: other ?? run.id }], { delayMs });
    });
  }

  /**
   * @param intervalMs of its source: when somebody looks again whether a run is due, without waiting for the minute
   * @param within what belongs into the transaction of the end
   * @returns false when somebody else has the run
   */
  finish(
    run: HeldRun,
    end: RunEnd,
    intervalMs: number | null,
    within: SyncSource['whenSucceeded'] = null,
  ): Promise<boolean> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const isEnded = await this.end(tx, run, run.fence, end);
      const isOfFamily = this.registry.familyOf(run.sourceId) !== undefined; // whose schedule says itself what is due
      if (isEnded && intervalMs !== null && run.kind === 'incremental' && !isOfFamily)
        await this.jobs.enqueueShared(tx, START_DUE_SYNCS, [{ sourceId: run.sourceId }], {
          delayMs: intervalMs,
        });
      if (isEnded) await within?.(tx);
      return isEnded;
    });
  }

  /** Whoever waits for the source is next. */
  private async end(tx: Tx, run: RunRow, fence: number | null, end: RunEnd): Promise<boolean> {
    const isEnded = await this.rows.updateEnded(tx, run.id, fence, end, this.world.nowMs());
    if (!isEnded) return false;
    const next = await this.rows.findNextQueued(tx, run);
    if (next !== undefined)
      await this.jobs.enqueueShared(tx, this.registry.jobOf(run.sourceId), [{ runId: next }]);
    return true;
  }
}
