import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type FiredState, nextStep, type Verdict } from '../../platform/notifications/firing.js';
import { Notifications } from '../../platform/notifications/notifications.service.js';
import type { ScannerFigure } from '../analytics/scanner-rule.js';
import { ScannerService } from '../analytics/scanner.service.js';
import { boundless, verdictOn, verdictOnUnseen } from './alert-hysteresis.js';
import { alertNews, MOST_NAMED } from './alert-news.js';
import {
  AlertEvaluationRepository,
  type AlertGroup,
  type AlertStateRow,
} from './alert-evaluation.repository.js';
import type { AlertRow } from './alerts.repository.js';

export const ALERT_TOPIC = 'market.alert';
const HOUR_MS = 3_600_000;
/** Rules looked up at once; then it is looked whether the figures have moved on. */
const GROUPS_AT_ONCE = 10;

/** What one scan says to all alerts that ask the same. */
interface Answer {
  readonly version: number;
  readonly nowMs: number;
  /** Items for which the rule holds, best profit first. */
  readonly holding: ReadonlyMap<number, ScannerFigure>;
  /** How each item meets the rule that has a figure. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
}

/**
 * Asks the alerts of a server, each once per version of the figures. Alerts that ask the same are answered by one scan, for the
 * rule without its bounds, in which those that hold and those that nearly do are told apart. Each alert's states and news are one transaction
 * with the version that it was asked for, so asking twice at the same time fires once.
 */
@Injectable()
export class EvaluateAlerts {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: AlertEvaluationRepository,
    private readonly scanner: ScannerService,
    private readonly notifications: Notifications,
  ) {}

  /**
   * For as long as a turn, those that were asked longest ago first. @param nowMs Unix time for which rules are asked
   * @returns `left` when there are others to ask
   */
  async evaluate(
    serverId: number,
    turnMs: number,
    { signal, nowMs = Date.now() }: { signal?: AbortSignal; nowMs?: number } = {},
  ): Promise<'done' | 'left'> {
    const startedMs = performance.now();
    for (;;) {
      const { version, groups } = await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
        const found = await this.rows.findVersion(tx, serverId);
        return { version: found, groups: await this.rows.listDueGroups(tx, serverId, found, GROUPS_AT_ONCE) };
      });
      if (groups.length === 0) return 'done';
      for (const group of groups) {
        signal?.throwIfAborted();
        if (performance.now() - startedMs > turnMs) return 'left';
        const answer = await this.ask(serverId, group, version, nowMs);
        for (const id of group.alertIds)
          await this.system.run(SYSTEM_PRINCIPAL, (tx) => this.settle(tx, id, group, answer));
      }
    }
  }

  private async ask(serverId: number, group: AlertGroup, version: number, nowMs: number): Promise<Answer> {
    const { rule, rearmPct } = group;
    const figures = await this.scanner.scan(SYSTEM_PRINCIPAL, serverId, boundless(rule), nowMs);
    const holding = new Map<number, ScannerFigure>();
    const verdicts = new Map<number, Verdict>();
    for (const figure of figures) {
      const verdict = verdictOn(rule, rearmPct, figure, nowMs);
      verdicts.set(figure.itemId, verdict);
      if (verdict === 'holds') holding.set(figure.itemId, figure);
    }
    return { version, nowMs, holding, verdicts };
  }

  private async settle(tx: Tx, id: string, group: AlertGroup, answer: Answer): Promise<void> {
    const alert = await this.rows.lockDue(tx, id, answer.version, group);
    if (alert === null) return; // asked meanwhile, changed or gone
    const stored = await this.rows.listStates(tx, alert.userId, id);
    const { fired, changed, armed } = stepAll(alert, stored, answer);
    await this.rows.upsertStates(tx, alert.userId, id, changed);
    await this.rows.deleteStates(tx, alert.userId, id, armed);
    const matchedCount = answer.holding.size;
    const isFiring = fired.length > 0;
    await this.rows.updateEvaluated(tx, id, { version: answer.version, matchedCount, isFiring });
    if (isFiring) await this.tell(tx, alert, fired, answer.version);
  }

  private async tell(
    tx: Tx,
    alert: AlertRow,
    fired: readonly ScannerFigure[],
    version: number,
  ): Promise<void> {
    const named = fired.slice(0, MOST_NAMED).map(({ itemId }) => itemId);
    await this.notifications.publish(tx, {
      userId: alert.userId,
      topic: ALERT_TOPIC,
      key: `alert/${alert.id}/${alert.updatedAt.getTime()}/${version}`,
      link: `/api/v1/market/alerts/${alert.id}`,
      ...alertNews(alert, fired, await this.rows.listLabels(tx, named)),
    });
  }
}

/** Every item that holds or that has fired before takes its step; all others are armed and stay so. */
function stepAll(alert: AlertRow, stored: readonly AlertStateRow[], { holding, verdicts, nowMs }: Answer) {
  const silenceMs = alert.silenceH === null ? null : alert.silenceH * HOUR_MS;
  const states = new Map<number, FiredState>(stored.map((row) => [row.itemId, row]));
  const [fired, changed, armed] = [[] as ScannerFigure[], [] as AlertStateRow[], [] as number[]];
  for (const itemId of new Set([...holding.keys(), ...states.keys()])) {
    const before = states.get(itemId);
    const figure = holding.get(itemId);
    const verdict = verdicts.get(itemId) ?? verdictOnUnseen(alert.rule, before, nowMs);
    const { state, isFiring } = nextStep(before, verdict, nowMs, silenceMs);
    if (isFiring && figure) fired.push(figure);
    if (state === undefined) armed.push(itemId);
    else if (state.isMatching !== before?.isMatching || state.firedAtMs !== before.firedAtMs)
      changed.push({ itemId, isMatching: state.isMatching, firedAtMs: state.firedAtMs });
  }
  return { fired, changed, armed };
}
