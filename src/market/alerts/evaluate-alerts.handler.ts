import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { AlertRequests } from './alert-requests.service.js';
import { EVALUATE_ALERTS } from './alerts.jobs.js';
import { EvaluateAlerts } from './evaluate-alerts.service.js';

/** After so long an evaluation makes place for those of other servers and queues up behind them. */
const TURN_MS = 2_000;

/** Every alert commits for itself and is asked once per version of the figures. */
@Injectable()
@HandlesJob(EVALUATE_ALERTS)
export class EvaluateAlertsHandler implements JobHandler<z.output<typeof EVALUATE_ALERTS.payload>> {
  constructor(
    private readonly alerts: EvaluateAlerts,
    private readonly requests: AlertRequests,
  ) {}

  async handle({ serverId }: { serverId: number }, run: JobRun): Promise<void> {
    const end = await this.alerts.evaluate(serverId, TURN_MS, { signal: run.signal });
    if (end === 'left') await run.once((tx) => this.requests.request(tx, [serverId]));
  }
}
