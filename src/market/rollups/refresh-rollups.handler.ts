import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RollupRequests } from './rollup-requests.service.js';
import { REFRESH_ROLLUPS } from './rollups.jobs.js';
import { RollupsService } from './rollups.service.js';

/** After so long a refresh makes place for those of other servers and queues up behind them. */
const TURN_MS = 1_000;

/**
 * A server's next refresh waits as long as the last one took: under a flood of prices writers get half of the time, and days that were
 * marked again meanwhile are derived once.
 */
const LONGEST_REST_MS = 2_000;

/** Every portion commits for itself and is right however often it is derived. */
@Injectable()
@HandlesJob(REFRESH_ROLLUPS)
export class RefreshRollupsHandler implements JobHandler<z.output<typeof REFRESH_ROLLUPS.payload>> {
  /** When the rest of each server's rollups ends, as this process knows it. */
  private readonly restUntilMs = new Map<number, number>();

  constructor(
    private readonly rollups: RollupsService,
    private readonly requests: RollupRequests,
  ) {}

  async handle({ serverId }: { serverId: number }, run: JobRun): Promise<void> {
    const startedMs = performance.now();
    const restMs = (this.restUntilMs.get(serverId) ?? 0) - startedMs;
    if (restMs > 0) return void (await run.once((tx) => this.requests.refresh(tx, [serverId], restMs)));
    const end = await this.rollups.refreshInTurn(serverId, TURN_MS, {
      signal: run.signal,
      onProgress: (progress) => run.progress(progress),
    });
    run.signal.throwIfAborted();
    const endedMs = performance.now();
    this.restUntilMs.set(serverId, endedMs + Math.min(LONGEST_REST_MS, endedMs - startedMs));
    await run.once(async (tx) => {
      if (end === 'left') await this.requests.refresh(tx, [serverId]);
      await this.requests.followWithFigures(tx, [serverId]);
    });
  }
}
