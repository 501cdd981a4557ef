import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AgentsTrial, NEVER } from '../../../test/support/agents-trial.js';
import {
  aMember,
  type NotificationWorld,
  openNotifications,
} from '../../../test/support/notification-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import type { Principal } from '../../platform/auth/principal.js';
import { IdempotencyRepository } from '../../platform/http/idempotency.repository.js';
import { IdempotencyService } from '../../platform/http/idempotency.service.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { SyncDesk } from '../../platform/sync/sync-desk.service.js';
import type { TraceRow } from '../langfuse/canonical-rows.js';
import { SeriesRepository } from '../metrics/series.repository.js';
import { Projects } from '../sync/projects.service.js';
import type { AlertNews } from './alert-news.js';
import { AgentAlertRequests } from './alert-requests.service.js';
import { AlertValues } from './alert-values.service.js';
import type { AgentAlertDto, NewAgentAlertDto } from './alerts.dto.js';
import { AgentAlertsRepository } from './alerts.repository.js';
import { AgentAlertsService, MOST_ALERTS } from './alerts.service.js';
import { AGENT_ALERT_TOPIC, JudgeAgentAlerts } from './judge-alerts.service.js';

// Alerts on rows that come, come late and are corrected: figures are rebuilt and alerts judged as after a run.

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 2, 1);
const DEAR = { metric: 'cost-usd', windowS: 3_600, direction: 'above', threshold: 10 };

let units: TestUnits;
let agents: AgentsTrial;
let told: NotificationWorld;
let judge: JudgeAgentAlerts;
let caller: Principal;
let project: string;
let alerts: AgentAlertsService;
let asks = 0;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
  told = openNotifications(units);
});

beforeEach(() => {
  caller = aMember(randomUUID());
  project = `p-${randomUUID()}`;
  const rows = new AgentAlertsRepository();
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  const requests = new AgentAlertRequests(agents.figures, rows, jobs);
  if (asks === 0) requests.onModuleInit();
  asks += 1;
  judge = new JudgeAgentAlerts(
    units.system,
    rows,
    new AlertValues(new SeriesRepository()),
    agents.figures,
    told.notifications,
  );
  alerts = new AgentAlertsService(
    units.app,
    rows,
    // Only names of projects are asked of it; how fresh they are is what the handler asks.
    new Projects({ langfuse: [{ name: project }] } as never, undefined as unknown as SyncDesk),
    requests,
    new IdempotencyService(new IdempotencyRepository()),
    new Audit(new AuditRepository()),
  );
});

afterAll(async () => {
  await told.close();
  await units.close();
});

const make = async (given: Partial<NewAgentAlertDto> = {}, who = caller): Promise<AgentAlertDto> =>
  (await alerts.create(who, { name: 'Dear', rule: DEAR, rearmPct: 10, silenceH: null, ...given }, undefined))
    .body;

/** Traces by their minute and what they cost; the same minute again is a correction. */
async function cost(byMinute: Record<number, number>): Promise<void> {
  await store(byMinute);
  await agents.figures.rebuildDirty(project, NEVER);
}

async function store(byMinute: Record<number, number>): Promise<void> {
  const rows = Object.entries(byMinute).map(([minute, totalCost]): TraceRow => {
    const at = new Date(START_MS + Number(minute) * 60_000);
    const instant = { at, text: at.toISOString() };
    return {
      id: `t${minute}`,
      projectId: project,
      environment: 'default',
      isClamped: false,
      sessionId: 's',
      timestamp: instant,
      name: 'Agent workflow',
      userId: null,
      release: null,
      version: null,
      tags: ['chapter_1'],
      metadata: null,
      input: null,
      output: null,
      latencySeconds: 1,
      totalCost,
      createdAt: instant,
      updatedAt: instant,
    };
  });
  asks += 1;
  await agents.store(agents.tables.storeOf(project).traces, rows, new Date(START_MS + 48 * HOUR_MS + asks));
}

const judgeAt = (minute: number): Promise<void> => judge.judge(project, START_MS + minute * 60_000);
const newsOf = async (who = caller): Promise<AlertNews['payload'][]> => {
  const page = { before: null, isUnreadOnly: false, topic: AGENT_ALERT_TOPIC, limit: 50 };
  const rows = await units.app.run(who, (tx) => told.rows.listPage(tx, page));
  return rows.reverse().map(({ payload }) => payload as AlertNews['payload']);
};
const valuesOf = async (who = caller): Promise<number[]> => (await newsOf(who)).map(({ value }) => value);

describe('an alert', () => {
  it('fires when the metric of its window passes the threshold, and is silent while it stays there', async () => {
    const { id } = await make();
    await cost({ 10: 6 });
    await judgeAt(60);
    expect(await newsOf()).toEqual([]);
    await cost({ 30: 6 });
    await judgeAt(61);
    await judgeAt(62);
    expect(await newsOf()).toEqual([
      {
        alertId: id,
        name: 'Dear',
        project,
        rule: { ...DEAR, filter: {} },
        value: 12,
        windowFrom: new Date(START_MS + 60_000).toISOString(),
        windowTo: new Date(START_MS + 61 * 60_000).toISOString(),
      },
    ]);
    expect(await alerts.find(caller, id)).toMatchObject({ value: 12, isFired: true });
    // The window moves on, it is cleared, and what comes later is news.
    await judgeAt(200);
    await cost({ 210: 11 });
    await judgeAt(220);
    expect(await valuesOf()).toEqual([12, 11]);
  });

  it('fires once for the same rows, however they are corrected, and in whatever order they come', async () => {
    await make();
    await cost({ 10: 12 });
    await judgeAt(30);
    for (const [minute, value] of [
      [31, 3],
      [32, 12],
      [33, 0],
      [34, 20],
    ] as const) {
      await cost({ 10: value });
      await judgeAt(minute);
    }
    await cost({ 5: 50 }); // late
    await judgeAt(35);
    expect(await valuesOf()).toEqual([12]);
  });

  it('is judged once by however many judge it at the same time, and never by who knows less', async () => {
    await make();
    await cost({ 10: 12 });
    await Promise.all([judgeAt(30), judgeAt(30), judgeAt(30)]);
    expect(await valuesOf()).toEqual([12]);
    await judgeAt(500);
    await judgeAt(30);
    const [known] = (await alerts.list(caller, { limit: 5 })).items;
    expect(known).toMatchObject({ judgedThrough: new Date(START_MS + 500 * 60_000).toISOString(), value: 0 });
  });

  it('may wait for too little, and for nothing where there is nothing to tell a ratio of', async () => {
    await make({ name: 'Idle', rule: { ...DEAR, metric: 'trace-count', direction: 'below', threshold: 1 } });
    const ratio = { ...DEAR, metric: 'trace-error-ratio', direction: 'below', threshold: 0.5 };
    const { id } = await make({ name: 'Well', rule: ratio });
    await judgeAt(60);
    expect((await newsOf()).map(({ name }) => name)).toEqual(['Idle']);
    expect(await alerts.find(caller, id)).toMatchObject({ value: null, isFired: false });
  });

  it('counts the rows that it names, and is told to its account alone', async () => {
    const other = aMember(randomUUID());
    const narrowed = (chapter: string): object => ({ ...DEAR, filter: { chapter } });
    await make({ rule: narrowed('chapter_2') });
    await make({ rule: narrowed('chapter_1') }, other);
    await cost({ 10: 12 });
    await judgeAt(30);
    expect([await valuesOf(), await valuesOf(other)]).toEqual([[], [12]]);
  });

  it('whose rule is changed is judged anew; one that is disabled is not judged', async () => {
    const { id } = await make();
    await cost({ 10: 12 });
    await judgeAt(30);
    await alerts.change(caller, id, {
      rule: Object.fromEntries(Object.entries(DEAR).reverse()),
      name: 'The same',
    });
    await judgeAt(31);
    expect(await valuesOf()).toEqual([12]);
    await alerts.change(caller, id, { rule: { ...DEAR, threshold: 11 } });
    await judgeAt(32);
    expect(await valuesOf()).toEqual([12, 12]);
    await alerts.change(caller, id, { isEnabled: false, rule: { ...DEAR, threshold: 9 } });
    await judgeAt(33);
    expect(await valuesOf()).toEqual([12, 12]);
  });
});

describe('a judgment', () => {
  it('is asked for by a new alert and by every rebuild of its project, once while it waits', async () => {
    const open = (): Promise<object[]> =>
      units.owner(
        `SELECT id FROM platform.job WHERE name = 'agents.judge-alerts' AND payload ->> 'projectId' = $1 AND state = 'open'`,
        [project],
      );
    await cost({ 10: 1 });
    expect(await open()).toEqual([]); // nobody waits for anything
    await make();
    expect(await open()).toHaveLength(1);
    await units.owner(`DELETE FROM platform.job WHERE payload ->> 'projectId' = $1`, [project]);
    await cost({ 11: 1 });
    await agents.figures.rebuildDirty(project, NEVER); // nothing new, and time has passed
    expect(await open()).toHaveLength(1);
    await units.owner(`DELETE FROM platform.job WHERE payload ->> 'projectId' = $1`, [project]);
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await agents.tables.storeOf(project).whenSucceeded?.(tx); // only now it is said to be complete
    });
    expect(await open()).toHaveLength(1);
  });

  it('waits for the end of a rebuild that stands between its portions, and not for rows that no rebuild has touched', async () => {
    const { id } = await make({ rule: { ...DEAR, metric: 'trace-count', direction: 'below', threshold: 3 } });
    await cost({ 10: 1, 11: 1, 12: 1 });
    await judgeAt(30);
    expect(await alerts.find(caller, id)).toMatchObject({ value: 3, isFired: false });
    // Everything is to be made anew, beside rows that have come since; the first trace is, and then the worker is gone.
    await store({ 20: 1 });
    await judgeAt(31);
    expect(await alerts.find(caller, id)).toMatchObject({ value: 3 });
    const stop = new AbortController();
    const portion = { traces: 1, sessions: 1 };
    await expect(
      agents.figures.rebuildAll(project, stop.signal, () => stop.abort(new Error('gone')), portion),
    ).rejects.toThrow('gone');
    await judgeAt(32);
    expect(await alerts.find(caller, id)).toMatchObject({
      judgedThrough: new Date(START_MS + 31 * 60_000).toISOString(),
    });
    await agents.figures.rebuildDirty(project, NEVER);
    await judgeAt(32);
    expect(await alerts.find(caller, id)).toMatchObject({ value: 4, isFired: false });
    expect(await newsOf()).toEqual([]);
  });

  it.each(['a portion of a rebuild', 'a whole rebuild'])(
    'does not judge by what was read while %s went by',
    async (meanwhile) => {
      const { id } = await make({ rule: { ...DEAR, metric: 'trace-count' } });
      await cost({ 10: 1, 11: 1 });
      class Overtaken extends AlertValues {
        override async current(...asked: Parameters<AlertValues['current']>): Promise<number | null> {
          const value = await super.current(...asked);
          const stop = new AbortController();
          const onRebuilt = (): void => {
            if (meanwhile === 'a portion of a rebuild') stop.abort(new Error('gone'));
          };
          const portion = { traces: 1, sessions: 1 };
          await agents.figures.rebuildAll(project, stop.signal, onRebuilt, portion).catch(() => undefined);
          return value;
        }
      }
      const values = new Overtaken(new SeriesRepository());
      const rows = new AgentAlertsRepository();
      judge = new JudgeAgentAlerts(units.system, rows, values, agents.figures, told.notifications);
      await judgeAt(30);
      expect(await alerts.find(caller, id)).toMatchObject({ value: null, judgedThrough: null });
    },
  );
});

describe('alerts of an account', () => {
  it('are unknown to others', async () => {
    const { id } = await make();
    const stranger = aMember(randomUUID());
    for (const call of [
      alerts.find(stranger, id),
      alerts.change(stranger, id, { name: 'x' }),
      alerts.delete(stranger, id),
      alerts.find(caller, 'x'),
    ])
      await expect(call).rejects.toMatchObject({ code: 'agent-analytics/unknown-alert' });
    await alerts.delete(caller, id);
    expect((await alerts.list(caller, { limit: 10 })).items).toEqual([]);
  });

  it('are so many and no more, also when they come at the same time', async () => {
    const made = await Promise.allSettled(Array.from({ length: MOST_ALERTS + 5 }, () => make()));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(MOST_ALERTS);
  });

  it.each<[object, string]>([
    [{ ...DEAR, metric: 'luck' }, '/rule/metric'],
    [{ ...DEAR, windowS: 1 }, '/rule/windowS'],
    [{ ...DEAR, direction: 'sideways' }, '/rule/direction'],
    [{ ...DEAR, threshold: 1e300 }, '/rule/threshold'],
    [{ ...DEAR, filter: { agent: 'Mortal' } }, '/rule/filter/agent'],
    [{ ...DEAR, filter: { chapter: 'a\0' } }, '/rule/filter/chapter'],
    [{ ...DEAR, extra: 1 }, '/rule/extra'],
  ])('with the rule %j are refused at %s', async (rule, pointer) => {
    await expect(
      make({ rule }).catch((error: unknown) => Promise.reject(error as Error)),
    ).rejects.toMatchObject({
      faults: expect.arrayContaining([expect.objectContaining({ pointer })]),
    });
  });
});
