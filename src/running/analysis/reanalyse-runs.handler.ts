import { Inject, Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '../../platform/database/database.errors.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { ANALYSIS_RULES_VERSION } from './analyse-run.js';
import { AnalysesRepository } from './analyses.repository.js';
import { REANALYSE_RUNS } from './analysis.jobs.js';
import { RunAnalyser } from './run-analyser.service.js';

/** Runs per job: some seconds of work, so that a deploy never waits long. */
export const RUNS_PER_JOB = 200;

/**
 * One run after the other, each stored by itself, so that the queue's other places stay free for runs that have just ended. A run that
 * cannot be analysed is named in the log and passed over; the next hour's job tries it again.
 */
@Injectable()
@HandlesJob(REANALYSE_RUNS)
export class ReanalyseRunsHandler implements JobHandler<{ afterRunId?: string | undefined }> {
  constructor(
    private readonly uow: SystemUnitOfWork,
    private readonly analyses: AnalysesRepository,
    private readonly analyser: RunAnalyser,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async handle({ afterRunId }: { afterRunId?: string | undefined }, run: JobRun): Promise<void> {
    const runIds = await this.uow.run(SYSTEM_SCOPE, (tx) =>
      this.analyses.listStale(tx, ANALYSIS_RULES_VERSION, afterRunId ?? null, RUNS_PER_JOB),
    );
    for (const [index, runId] of runIds.entries()) {
      run.signal.throwIfAborted();
      await this.reanalyse(runId, run.signal);
      run.progress({ done: index + 1, total: runIds.length });
    }
    if (runIds.length < RUNS_PER_JOB) return;
    const last = runIds.at(-1)!;
    await run.once((tx) => this.jobs.enqueueShared(tx, REANALYSE_RUNS, [{ afterRunId: last }]));
  }

  private async reanalyse(runId: string, signal: AbortSignal): Promise<void> {
    try {
      const store = await this.analyser.analyse(runId, signal);
      if (store !== null) await this.uow.run(SYSTEM_SCOPE, store);
    } catch (error) {
      if (signal.aborted || error instanceof DatabaseUnavailableError) throw error;
      this.logger.error(
        { err: error, runId },
        'a run could not be analysed; it is tried again within the hour',
      );
    }
  }
}
