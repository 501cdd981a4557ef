import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { Figures } from '../figures/figures.service.js';
import { AgentAlertsRepository } from './alerts.repository.js';
import { JUDGE_AGENT_ALERTS } from './alerts.jobs.js';

/**
 * Asks for a judgment in the transaction of what makes it necessary: figures that were made anew, a run that is complete, an alert that is
 * new. Also a run that has found nothing new is an occasion, since windows move on; one that failed is none, since nobody knows what it
 * would have found.
 */
@Injectable()
export class AgentAlertRequests implements OnModuleInit {
  constructor(
    private readonly figures: Figures,
    private readonly rows: AgentAlertsRepository,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.figures.onChanged(async (tx, projectId) => {
      if (await this.rows.hasAlerts(tx, projectId)) await this.request(tx, projectId);
    });
  }

  request(tx: Tx, projectId: string): Promise<void> {
    return this.jobs.enqueueShared(tx, JUDGE_AGENT_ALERTS, [{ projectId }]);
  }
}
