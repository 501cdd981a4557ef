import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Notifications } from '../../platform/notifications/notifications.service.js';
import { Figures, type FiguresState } from '../figures/figures.service.js';
import { type AlertState, judge } from './alert-judgment.js';
import { alertNews } from './alert-news.js';
import type { SeriesRow } from '../metrics/series.repository.js';
import { AlertValues, type ReadSeries } from './alert-values.service.js';
import { type AlertRow, AgentAlertsRepository } from './alerts.repository.js';

export const AGENT_ALERT_TOPIC = 'agent-analytics.alert';
const ALERTS_AT_ONCE = 100;

/**
 * Judges the alerts of a project by the window that ends where everything has been read. Each alert's state and news are one transaction under
 * its lock, so judging twice at the same time fires once. Those that ask the same are answered by one question. While a rebuild is at it
 * nothing is judged: between its portions sums and sessions are of before, and its end asks again.
 */
@Injectable()
export class JudgeAgentAlerts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: AgentAlertsRepository,
    private readonly values: AlertValues,
    private readonly figures: Figures,
    private readonly notifications: Notifications,
  ) {}

  /** @param throughMs up to where everything has been read, Unix milliseconds */
  async judge(projectId: string, throughMs: number, signal?: AbortSignal): Promise<void> {
    const known = new Map<string, number | null>();
    for (let after: string | null = null; ;) {
      const place: string | null = after;
      const alerts: AlertRow[] = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.rows.listEnabled(tx, projectId, place, ALERTS_AT_ONCE),
      );
      for (const alert of alerts) {
        signal?.throwIfAborted();
        const asked = JSON.stringify(alert.rule);
        if (!known.has(asked)) {
          const before = await this.stateOf(projectId);
          const value = await this.values.current(this.read, projectId, alert.rule, throughMs);
          const after = await this.stateOf(projectId);
          if (before.isHalfRebuilt || after.isHalfRebuilt || before.version !== after.version) return;
          known.set(asked, value);
        }
        const found = known.get(asked) ?? null;
        await this.system.run(SYSTEM_SCOPE, (tx) => this.settle(tx, alert, found, throughMs));
      }
      if (alerts.length < ALERTS_AT_ONCE) return;
      after = alerts.at(-1)!.id;
    }
  }

  private readonly read: ReadSeries = (statement) =>
    this.system.run(SYSTEM_SCOPE, (tx) => tx.query<SeriesRow>(statement));

  private stateOf(projectId: string): Promise<FiguresState> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.figures.stateOf(tx, projectId));
  }

  private async settle(tx: Tx, asked: AlertRow, value: number | null, windowEndMs: number): Promise<void> {
    const alert = await this.rows.lockAlert(tx, asked.id);
    // Gone or changed meanwhile, or judged by somebody who knew more.
    if (alert === null || !alert.isEnabled || alert.updatedAt.getTime() !== asked.updatedAt.getTime()) return;
    if (alert.judgedEndAt !== null && alert.judgedEndAt.getTime() > windowEndMs) return;
    const { state, isFiring } = judge(stateOf(alert), alert, { value, windowEndMs });
    await this.rows.updateJudged(tx, alert.id, {
      judgedEndAt: new Date(windowEndMs),
      value,
      isFired: state.fired !== undefined,
      isMatching: state.fired?.isMatching ?? false,
      firedEndAt: state.firedEndMs === null ? null : new Date(state.firedEndMs),
    });
    if (!isFiring || value === null) return;
    await this.notifications.publish(tx, {
      userId: alert.userId,
      topic: AGENT_ALERT_TOPIC,
      key: `alert/${alert.id}/${alert.updatedAt.getTime()}/${windowEndMs}`,
      link: `/api/v1/agent-analytics/alerts/${alert.id}`,
      ...alertNews(alert, value, windowEndMs),
    });
  }
}

function stateOf({ isFired, isMatching, firedEndAt }: AlertRow): AlertState {
  const firedEndMs = firedEndAt?.getTime() ?? null;
  const fired = isFired && firedEndMs !== null ? { firedAtMs: firedEndMs, isMatching } : undefined;
  return { fired, firedEndMs };
}
