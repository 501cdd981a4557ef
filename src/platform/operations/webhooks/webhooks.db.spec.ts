import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performanceRow } from '../../../../test/factories/performance-row.factory.js';
import { type FakeProvider, openFakeProvider } from '../../../../test/support/fake-provider.js';
import { openOutbound, type OutboundTrial } from '../../../../test/support/outbound-trial.js';
import { openUnits, type TestUnits } from '../../../../test/support/units.js';
import { type Env, parseEnvironment } from '../../config/env.js';
import { DatabaseLifetime } from '../../database/database.module.js';
import { SYSTEM_SCOPE } from '../../database/system-scope.js';
import { DomainError } from '../../http/domain-error.js';
import { JobsRepository } from '../../jobs/jobs.repository.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { RunningJob } from '../../jobs/running-job.js';
import { createLogger } from '../../logging/logger.js';
import { PerformanceLogRepository } from '../../profiling/performance-log.repository.js';
import { PerformanceSink } from '../../profiling/performance-sink.service.js';
import { WebhookAnnouncer } from './webhook-announcer.service.js';
import { WebhookSender } from './webhook-sender.service.js';
import { ForgetDeliveriesHandler } from './forget-deliveries.handler.js';
import { HookCaller } from '../../notifications/hook-caller.service.js';
import { isSignedBy } from '../../notifications/webhook-signature.js';
import type { CreatedWebhookDto } from './webhooks.dto.js';
import { DELIVER_WEBHOOK, FORGET_DELIVERIES } from './webhooks.jobs.js';
import { Audit } from '../../audit/audit.service.js';
import { AuditRepository } from '../../audit/audit.repository.js';
import { ADMIN_PRINCIPAL } from '../../auth/principal.js';
import type { Vault } from '../../vault/vault.service.js';
import { openVault } from '../../../../test/support/vault-world.js';
import { WebhooksDesk } from './webhooks-desk.service.js';
import { WebhooksRepository } from './webhooks.repository.js';

let units: TestUnits;
let receiver: FakeProvider;
let trial: OutboundTrial;
let dataDir: string;
let vault: Vault;
const audit = new Audit(new AuditRepository());
let jobs: Jobs;
let desk: WebhooksDesk;
let sender: WebhookSender;
let sink: PerformanceSink;
let warnings: string[];
const jobRows = new JobsRepository();
const rows = new WebhooksRepository();

beforeEach(async () => {
  units = await openUnits();
  receiver = await openFakeProvider();
  dataDir = mkdtempSync(join(tmpdir(), 'guildhall webhooks '));
  trial = openOutbound(units, { isPrivateAllowed: true });
  jobs = new Jobs(jobRows, { ring: () => undefined });
  vault = openVault(units, 'webhooks').vault;
  const env: Env = { ...parseEnvironment({ OUTBOUND_ALLOW_PRIVATE: 'true' }), dataDir };
  const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
  desk = new WebhooksDesk(units.system, rows, jobs, vault, audit, env);
  sender = new WebhookSender(units.system, rows, new HookCaller(trial.outbound, env), jobs, vault, logger);
  warnings = [];
  const log = { warn: (_fields: object, text: string) => void warnings.push(text) };
  const lifetime = new DatabaseLifetime(units.database);
  sink = new PerformanceSink(units.system, new PerformanceLogRepository(), log, lifetime);
  new WebhookAnnouncer(rows, jobs, sink);
});

afterEach(async () => {
  sink.onModuleDestroy();
  await trial.outbound.onApplicationShutdown();
  await receiver.close();
  await units.close();
  rmSync(dataDir, { recursive: true });
});

const newHook = (events: CreatedWebhookDto['events'] = ['slow_request_alert']): Promise<CreatedWebhookDto> =>
  desk.create(ADMIN_PRINCIPAL, { url: `${receiver.url}/hook?key=k`, events: events as never });

/** The job that waits for a delivery, as a worker would run it. */
async function jobOf(deliveryId: string): Promise<RunningJob> {
  const [job] = await units.owner<{ id: string }>(
    `SELECT id FROM platform.job WHERE name = $1 AND payload ->> 'deliveryId' = $2 AND state = 'open' ORDER BY id DESC`,
    [DELIVER_WEBHOOK.name, deliveryId],
  );
  return new RunningJob(job!.id, SYSTEM_SCOPE.id, 1, units.system, jobRows);
}

async function deliver(deliveryId: string): Promise<void> {
  const run = await jobOf(deliveryId);
  await sender.deliver(deliveryId, run);
  await run.finish();
}

const openJobs = (): Promise<{ deliveryId: string; inS: number }[]> =>
  units.owner(
    `SELECT payload ->> 'deliveryId' AS "deliveryId", extract(epoch FROM run_at - now())::int AS "inS"
     FROM platform.job WHERE name = $1 AND state = 'open'`,
    [DELIVER_WEBHOOK.name],
  );

describe('a delivery', () => {
  it('is signed over its time and its very bytes, and names itself', async () => {
    const hook = await newHook();
    const { id } = await desk.test(ADMIN_PRINCIPAL, hook.id);
    await deliver(id);
    const [seen] = receiver.seen;
    expect(seen).toMatchObject({ method: 'POST', url: '/hook?key=k' });
    expect(seen!.headers).toMatchObject({
      'content-type': 'application/json',
      'guildhall-event': 'webhook.test',
      'guildhall-delivery': id,
    });
    const signature = String(seen!.headers['guildhall-signature']);
    const nowS = Date.now() / 1_000;
    expect(isSignedBy(hook.secret, seen!.body, signature, nowS, 60)).toBe(true);
    expect(isSignedBy(`${hook.secret}x`, seen!.body, signature, nowS, 60)).toBe(false);
    expect(JSON.parse(seen!.body)).toEqual({
      id,
      event: 'webhook.test',
      createdAt: expect.stringMatching(/Z$/),
      details: { count: 1 },
    });
    const { items } = await desk.listDeliveries(hook.id, { limit: 50 });
    expect(items).toEqual([
      expect.objectContaining({ id, state: 'delivered', tries: 1, status: 200, error: null }),
    ]);
  });

  it('has its effect once when it is run twice, one after the other and at the same time', async () => {
    const hook = await newHook();
    const first = await desk.test(ADMIN_PRINCIPAL, hook.id);
    const run = await jobOf(first.id);
    await sender.deliver(first.id, run);
    await sender.deliver(first.id, new RunningJob(run.id, SYSTEM_SCOPE.id, 2, units.system, jobRows));
    expect(receiver.seen).toHaveLength(1);
    receiver.script({ status: 500 });
    const second = await desk.test(ADMIN_PRINCIPAL, hook.id);
    const [one, two] = [await jobOf(second.id), await jobOf(second.id)];
    await Promise.all([sender.deliver(second.id, one), sender.deliver(second.id, two)]);
    expect(await desk.find(hook.id)).toMatchObject({ failuresInRow: 1, lastStatus: 500 });
    expect(await openJobs()).toHaveLength(1); // one next try
    expect((await desk.listDeliveries(hook.id, { limit: 1 })).items[0]).toMatchObject({
      tries: 1,
      state: 'pending',
    });
  });

  it('is tried again later, or when the receiver says', async () => {
    const hook = await newHook();
    receiver.script({ status: 500 }, { status: 429, headers: { 'retry-after': '600' } }, {});
    const { id } = await desk.test(ADMIN_PRINCIPAL, hook.id);
    await deliver(id);
    expect((await openJobs())[0]!.inS).toBeGreaterThan(5);
    await deliver(id);
    expect((await openJobs())[0]!.inS).toBeGreaterThan(590);
    await deliver(id);
    expect(await openJobs()).toEqual([]);
    expect((await desk.listDeliveries(hook.id, { limit: 1 })).items[0]).toMatchObject({
      tries: 3,
      state: 'delivered',
    });
    expect(await desk.find(hook.id)).toMatchObject({ failuresInRow: 0, lastError: null });
  });

  it('that nobody brings any more has failed after two days, and is forgotten after two weeks', async () => {
    const hook = await newHook();
    const age = (id: string, days: number): Promise<unknown> =>
      units.owner(
        "UPDATE platform.webhook_delivery SET created_at = now() - $2 * interval '1 day' WHERE id = $1",
        [id, days],
      );
    const states = async (): Promise<string[]> =>
      (await desk.listDeliveries(hook.id, { limit: 50 })).items.map(({ state }) => state);
    for (const days of [1.9, 2.1, 15]) await age((await desk.test(ADMIN_PRINCIPAL, hook.id)).id, days);
    const delivered = (await desk.test(ADMIN_PRINCIPAL, hook.id)).id;
    await deliver(delivered);
    await age(delivered, 3);
    for (let round = 0; round < 2; round += 1) {
      const jobId = await units.system.run(SYSTEM_SCOPE, (tx) =>
        jobs.enqueue(tx, SYSTEM_SCOPE, FORGET_DELIVERIES, {}),
      );
      const run = new RunningJob(jobId!, SYSTEM_SCOPE.id, 1, units.system, jobRows);
      await new ForgetDeliveriesHandler(rows).handle({}, run);
      expect(await states()).toEqual(['delivered', 'failed', 'pending']);
    }
    const { items } = await desk.listDeliveries(hook.id, { limit: 50 });
    expect(items[1]).toMatchObject({ tries: 0, error: null, finishedAt: expect.any(String) });
  });

  it('does not follow a redirect: a GET elsewhere would look like success', async () => {
    const hook = await newHook();
    receiver.script({ status: 302, headers: { location: '/else' } });
    const { id } = await desk.test(ADMIN_PRINCIPAL, hook.id);
    await deliver(id);
    expect(receiver.seen).toHaveLength(1);
    expect(await desk.find(hook.id)).toMatchObject({ lastStatus: 302, lastError: 'outbound/refused' });
  });

  it('to a private address is not made, whatever the row says', async () => {
    const hook = await newHook();
    const { outbound } = openOutbound(units);
    const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
    const caller = new HookCaller(outbound, parseEnvironment({}));
    sender = new WebhookSender(units.system, rows, caller, jobs, vault, logger);
    const { id } = await desk.test(ADMIN_PRINCIPAL, hook.id);
    await deliver(id);
    expect(receiver.connections).toBe(0);
    expect(await desk.find(hook.id)).toMatchObject({
      lastStatus: null,
      lastError: 'outbound/blocked-address',
    });
    await outbound.onApplicationShutdown();
  });
});

describe('a hook', () => {
  it('is disabled after a day of failures, 20 at least, and what waits for it is dropped until it is enabled', async () => {
    const hook = await newHook();
    receiver.script({ status: 404 });
    const failing = (failures: number, hours: number): Promise<unknown> =>
      units.owner(
        `UPDATE platform.webhook SET failures_in_row = $1, failing_since = now() - $2 * interval '1 hour'`,
        [failures, hours],
      );
    const fail = async () => {
      await deliver((await desk.test(ADMIN_PRINCIPAL, hook.id)).id);
      return desk.find(hook.id);
    };
    expect(await fail()).toMatchObject({
      isEnabled: true,
      failuresInRow: 1,
      failingSince: expect.any(String),
    });
    await failing(500, 23);
    expect(await fail()).toMatchObject({ isEnabled: true, failuresInRow: 501 });
    await failing(18, 50);
    expect(await fail()).toMatchObject({ isEnabled: true, failuresInRow: 19 });
    const disabled = await fail();
    expect(disabled).toMatchObject({ isEnabled: false, failuresInRow: 20, lastError: 'outbound/refused' });
    expect(disabled.disabledAt).not.toBeNull();
    const [{ deliveryId } = { deliveryId: '' }] = await openJobs();
    await deliver(deliveryId);
    expect(receiver.seen).toHaveLength(4);
    await expect(desk.test(ADMIN_PRINCIPAL, hook.id)).rejects.toMatchObject({
      code: 'operations/webhook-disabled',
    });
    receiver.script({});
    expect(await desk.enable(ADMIN_PRINCIPAL, hook.id)).toMatchObject({
      isEnabled: true,
      failuresInRow: 0,
      failingSince: null,
      disabledAt: null,
    });
    await deliver((await desk.test(ADMIN_PRINCIPAL, hook.id)).id);
    expect(receiver.seen).toHaveLength(1);
  }, 60_000);

  it('forgets its failures with the first success', async () => {
    const hook = await newHook();
    receiver.script({ status: 400 }, { status: 400 }, {});
    for (let delivery = 0; delivery < 3; delivery += 1)
      await deliver((await desk.test(ADMIN_PRINCIPAL, hook.id)).id);
    expect(await desk.find(hook.id)).toMatchObject({ isEnabled: true, failuresInRow: 0 });
  });

  it('keeps its secret sealed', async () => {
    const hook = await newHook();
    const [row] = await units.owner<{ text: string }>('SELECT w::text AS text FROM platform.webhook w');
    expect(row!.text).not.toContain(hook.secret);
    expect(row!.text).not.toContain(Buffer.from(hook.secret).toString('hex'));
    expect(JSON.stringify(await desk.find(hook.id))).not.toContain('whsec_');
    // A secret copied into another row does not open there.
    const other = await newHook();
    await units.owner(
      'UPDATE platform.webhook SET sealed_secret = (SELECT sealed_secret FROM platform.webhook WHERE id = $1) WHERE id = $2',
      [hook.id, other.id],
    );
    await expect(deliver((await desk.test(ADMIN_PRINCIPAL, other.id)).id)).rejects.toThrow();
  });

  it('leaves its receiver’s origin in the audit trail, not the path and query that may be a secret', async () => {
    await newHook();
    const trail = await units.owner<{ text: string }>('SELECT d::text AS text FROM platform.audit_detail d');
    expect(trail.map(({ text }) => text).join()).toContain(receiver.url);
    expect(trail.map(({ text }) => text).join()).not.toContain('key=k');
  });

  it('takes its deliveries along when it is deleted', async () => {
    const hook = await newHook();
    const { id } = await desk.test(ADMIN_PRINCIPAL, hook.id);
    await desk.delete(ADMIN_PRINCIPAL, hook.id);
    await deliver(id);
    expect(receiver.seen).toHaveLength(0);
    await expect(desk.find(hook.id)).rejects.toMatchObject({ code: 'operations/webhook-unknown' });
  });

  it('is refused for a URL that is not called, and beyond fifty', async () => {
    const strict = new WebhooksDesk(units.system, rows, jobs, vault, audit, parseEnvironment({}));
    for (const url of [
      'http://example.org/',
      'https://127.0.0.1/',
      'https://u:p@example.org/',
      'https://localhost/',
    ]) {
      const error = await strict
        .create(ADMIN_PRINCIPAL, { url, events: ['slow_request_alert'] })
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ kind: 'unprocessable', code: 'operations/webhook-url-refused' });
      expect(JSON.stringify(error)).not.toContain(url);
    }
    await strict.create(ADMIN_PRINCIPAL, {
      url: 'https://hooks.example.org/x',
      events: ['slow_request_alert'],
    });
    for (let count = 1; count < 49; count += 1) await newHook();
    const atOnce = await Promise.allSettled(Array.from({ length: 4 }, () => newHook()));
    expect(atOnce.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(newHook()).rejects.toMatchObject({ code: 'operations/too-many-webhooks' });
  });
});

describe('what the sink writes down', () => {
  const pending = (): Promise<{ webhookId: string; event: string; details: Record<string, unknown> }[]> =>
    units.owner(
      'SELECT webhook_id AS "webhookId", event, details FROM platform.webhook_delivery ORDER BY event, id',
    );

  it('is told to the hooks that asked for it, one delivery a batch', async () => {
    const [slow, both] = [await newHook(), await newHook(['slow_request_alert', 'error_group.opened'])];
    for (let count = 0; count < 30; count += 1)
      sink.record(performanceRow({ operation: 'slow_request_alert', durationMs: count, userId: undefined }));
    sink.record(performanceRow());
    sink.recordError(new TypeError('broken'), 'r-1');
    await sink.flush();
    const told = await pending();
    expect(told.map(({ event, webhookId }) => [event, webhookId])).toEqual([
      ['error_group.opened', both.id],
      ['slow_request_alert', slow.id],
      ['slow_request_alert', both.id],
    ]);
    expect(told[0]!.details).toMatchObject({
      count: 1,
      groups: [{ name: 'TypeError', requestIds: ['r-1'] }],
    });
    expect(told[1]!.details['count']).toBe(30);
    expect(told[1]!.details['requests']).toHaveLength(20);
    expect((told[1]!.details['requests'] as { durationMs: number }[])[0]!.durationMs).toBe(29);
    expect(await openJobs()).toHaveLength(3);
  });

  it('is no news when the fault is known, nor when nobody asks', async () => {
    const broken = new TypeError('known');
    sink.recordError(broken, 'r-1');
    await sink.flush();
    expect(await pending()).toEqual([]);
    await newHook(['error_group.opened']);
    sink.recordError(broken, 'r-2');
    await sink.flush();
    expect(await pending()).toEqual([]);
  });

  it('is kept when nobody can be told', async () => {
    await newHook();
    await units.owner('ALTER TABLE platform.webhook_delivery RENAME TO gone');
    sink.record(performanceRow({ operation: 'slow_request_alert' }));
    await sink.flush();
    expect([sink.storedRows, sink.droppedRows]).toEqual([1, 0]);
    expect(warnings).toEqual([expect.stringContaining('nobody could be told')]);
  });
});
