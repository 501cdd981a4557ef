import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { leaveContext } from '../../platform/profiling/span.js';
import { RunLedger } from './run-ledger.service.js';

const LOOK_MS = 1_000;
/** Of a whole run: 30 s of the model, and what the rules take where it has not answered by then. */
const RUN_MS = 45_000;

/** What ended a run before its answer. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';

  constructor(readonly reason: 'cancelled' | 'late') {
    super(`The run was stopped: ${reason}`);
  }
}

/**
 * The runs that this process works on. One is stopped when its reader has left, when its time is over, when the process ends, and when
 * somebody has cancelled it at whichever process: the row says so, and is looked at each second.
 */
@Injectable()
export class ActiveRuns implements BeforeApplicationShutdown {
  private readonly controllers = new Map<string, AbortController>();

  constructor(
    private readonly ledger: RunLedger,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** Runs the work with a signal that stops it. @param gone aborts when its reader has left */
  async work<T>(
    caller: Principal,
    runId: string,
    gone: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const leave = (): void => controller.abort(new RunStopped('cancelled'));
    this.controllers.set(runId, controller);
    gone.addEventListener('abort', leave, { once: true });
    if (gone.aborted) leave();
    const deadline = setTimeout(() => controller.abort(new RunStopped('late')), RUN_MS);
    const watch = leaveContext(() => setInterval(() => void this.look(caller, runId), LOOK_MS));
    try {
      return await work(controller.signal);
    } finally {
      clearInterval(watch);
      clearTimeout(deadline);
      gone.removeEventListener('abort', leave);
      this.controllers.delete(runId);
    }
  }

  /** At once, where this process works on it. */
  stop(runId: string): void {
    this.controllers.get(runId)?.abort(new RunStopped('cancelled'));
  }

  beforeApplicationShutdown(): void {
    for (const runId of [...this.controllers.keys()]) this.stop(runId);
  }

  private async look(caller: Principal, runId: string): Promise<void> {
    try {
      if ((await this.ledger.find(caller, runId)).state === 'cancelled') this.stop(runId);
    } catch (error) {
      // Its conversation was deleted, or the database is away for a moment: its end will tell.
      this.logger.warn({ err: error, runId }, 'a run could not be looked at');
    }
  }
}
