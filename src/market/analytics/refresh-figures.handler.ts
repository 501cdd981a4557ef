import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { REFRESH_FIGURES } from './figures.jobs.js';
import { WindowFigures } from './window-figures.service.js';

/** Whoever ingests and answers gets twice the time that figures take, so that they slow nobody down, however many prices come. */
const REST_RATIO = 2;
const LONGEST_REST_MS = 10_000;

/** Every portion commits for itself and is right however often it is worked out. */
@Injectable()
@HandlesJob(REFRESH_FIGURES)
export class RefreshFiguresHandler implements JobHandler<z.output<typeof REFRESH_FIGURES.payload>> {
  constructor(
    private readonly figures: WindowFigures,
    private readonly requests: RollupRequests,
  ) {}

  async handle({ serverId }: { serverId: number }, run: JobRun): Promise<void> {
    const startedMs = performance.now();
    const end = await this.figures.refresh(serverId, run.signal);
    const restMs = Math.min(LONGEST_REST_MS, REST_RATIO * (performance.now() - startedMs));
    await sleep(restMs, undefined, { signal: run.signal });
    if (end !== 'done') await run.once((tx) => this.requests.followWithFigures(tx, [serverId]));
  }
}
