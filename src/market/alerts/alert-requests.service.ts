import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { WindowFigures } from '../analytics/window-figures.service.js';
import { AlertEvaluationRepository } from './alert-evaluation.repository.js';
import { EVALUATE_ALERTS } from './alerts.jobs.js';

/** Figures of so long are answered for together. */
const GATHER_MS = 1_000;

/** Asks for an evaluation in the transaction of what makes it necessary: figures that moved, an alert that is new. */
@Injectable()
export class AlertRequests implements OnModuleInit {
  constructor(
    private readonly figures: WindowFigures,
    private readonly rows: AlertEvaluationRepository,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.figures.tellMoved(async (tx, serverId) => {
      if (await this.rows.hasAlerts(tx, serverId)) await this.request(tx, [serverId]);
    });
  }

  async request(tx: Tx, serverIds: readonly number[]): Promise<void> {
    const payloads = serverIds.map((serverId) => ({ serverId }));
    await this.jobs.enqueueShared(tx, EVALUATE_ALERTS, payloads, { delayMs: GATHER_MS });
  }
}
