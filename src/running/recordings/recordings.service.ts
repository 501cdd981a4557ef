import { Injectable } from '@nestjs/common';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { notRecorded, tooManyEvents, unknownRun } from '../running.errors.js';
import { toldEnd } from '../runs/run-dates.js';
import { type RunRow, RunsRepository } from '../runs/runs.repository.js';
import { FixBuffer } from './fix-buffer.service.js';
import { FixStore } from './fix-store.service.js';
import type { Fix } from './fix.js';
import { FixesRepository } from './fixes.repository.js';
import type { RunEvent } from './fold-run.js';
import { type FixAck, type LostRun, MOST_MISSING, OpenRun } from './open-run.js';
import { FOLD_RUN } from './recordings.jobs.js';
import { RunEventsRepository } from './run-events.repository.js';
import { SeqRanges } from './seq-ranges.js';

/** Of one run: a lap every minute of a day, and some. */
export const MOST_EVENTS = 2_000;

/** How the device says that a run is over. */
export interface RunFinish {
  /** The number of its last fix; null = it does not say. */
  readonly lastSeq: number | null;
  /** By its clock, since 1970; null = with the last fix. */
  readonly finishedAtMs: number | null;
}

/** Runs as they are recorded: by REST each call is stored before it is answered, by socket through the buffer. Both are one and the same. */
@Injectable()
export class Recordings {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly fixes: FixesRepository,
    private readonly store: FixStore,
    private readonly events: RunEventsRepository,
    private readonly buffer: FixBuffer,
    private readonly jobs: Jobs,
  ) {}

  /** @returns once they are stored for good @throws DomainError unknown run; one that was not recorded here */
  putFixes(caller: Scope, runId: string, fixes: readonly Fix[]): Promise<FixAck> {
    return this.uow.run(caller, async (tx) => {
      const run = await this.ownRecording(tx, runId);
      const stored = await this.store.store(tx, [{ runId, userId: run.userId, fixes }]);
      const result = stored.get(runId);
      if (result === undefined) throw unknownRun(); // deleted a moment ago
      const ranges = SeqRanges.of(await this.fixes.findRanges(tx, run.userId, runId));
      const { duplicates, conflicts } = result;
      return {
        runId,
        upTo: ranges.upTo,
        missing: ranges.missing(run.lastSeq, MOST_MISSING),
        duplicates,
        conflicts,
      };
    });
  }

  /**
   * A run to send to by socket, until {@link takeFixes} is no longer called with it; there is nothing to close.
   * @param told called after each commit that holds fixes of it
   * @throws DomainError likewise
   */
  openRun(
    caller: Scope,
    runId: string,
    told: { onAck: (ack: FixAck) => void; onLost: (reason: LostRun) => void },
  ): Promise<OpenRun> {
    return this.uow.run(caller, async (tx) => {
      const run = await this.ownRecording(tx, runId);
      const ranges = SeqRanges.of(await this.fixes.findRanges(tx, run.userId, runId));
      return new OpenRun(runId, run.userId, run.startedAt.getTime(), ranges, told);
    });
  }

  /** @returns false when this process has no room for more: nothing was taken, the client sends them again later */
  takeFixes(run: OpenRun, fixes: readonly Fix[]): boolean {
    return this.buffer.take(run, fixes);
  }

  /** Once it is stored. One that comes again changes nothing. @throws DomainError likewise */
  async takeEvent(caller: Scope, runId: string, event: RunEvent): Promise<{ isNew: boolean }> {
    return this.uow.run(caller, async (tx) => {
      await this.fixes.lockInserting(tx); // a fold that has begun would miss it, and nobody would ask for another one
      const run = await this.ownRecording(tx, runId);
      const isNew = await this.events.insertEvent(tx, run.userId, runId, event);
      if (isNew && (await this.events.countEvents(tx, runId)) > MOST_EVENTS) throw tooManyEvents(MOST_EVENTS);
      if (isNew && run.status === 'finished') await this.jobs.enqueueShared(tx, FOLD_RUN, [{ runId }]);
      return { isNew };
    });
  }

  /**
   * The run is over, and its track is made; what comes afterwards is folded in when it comes. A finish that comes again changes nothing,
   * unless it says the last number that the first one did not.
   * @throws DomainError likewise
   */
  finish(caller: Scope, runId: string, finish: RunFinish): Promise<RunRow> {
    return this.uow.run(caller, async (tx) => {
      await this.runs.lockChanges(tx, caller.id);
      const run = await this.ownRecording(tx, runId);
      const isNews = run.status === 'recording' || (run.lastSeq === null && finish.lastSeq !== null);
      if (!isNews) return run;
      return this.end(tx, run, finish);
    });
  }

  /** For whoever holds the lock of the runner's changes. */
  async end(tx: Tx, run: RunRow, { lastSeq, finishedAtMs }: RunFinish, now = new Date()): Promise<RunRow> {
    const isFirst = run.status === 'recording';
    const finishedAt = isFirst ? toldEnd(run.startedAt, finishedAtMs, now) : null;
    const ended = await this.runs.updateFinished(tx, run.id, finishedAt, lastSeq);
    if (isFirst) await this.jobs.enqueueShared(tx, FOLD_RUN, [{ runId: run.id }]);
    return ended;
  }

  private async ownRecording(tx: Tx, runId: string): Promise<RunRow> {
    const run = isUuid(runId) ? await this.runs.findRun(tx, runId) : null;
    if (run === null) throw unknownRun();
    if (run.source !== 'app') throw notRecorded();
    return run;
  }
}
