import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Projects } from '../sync/projects.service.js';
import { JUDGE_AGENT_ALERTS } from './alerts.jobs.js';
import { JudgeAgentAlerts } from './judge-alerts.service.js';

/** Every alert commits for itself; judged twice at the same place it fires once. */
@Injectable()
@HandlesJob(JUDGE_AGENT_ALERTS)
export class JudgeAgentAlertsHandler implements JobHandler<z.output<typeof JUDGE_AGENT_ALERTS.payload>> {
  constructor(
    private readonly projects: Projects,
    private readonly alerts: JudgeAgentAlerts,
  ) {}

  async handle({ projectId }: { projectId: string }, run: JobRun): Promise<void> {
    const { completeThrough } = await this.projects.freshness(SYSTEM_SCOPE, projectId);
    if (completeThrough === null) return;
    await this.alerts.judge(projectId, Date.parse(completeThrough), run.signal);
  }
}
