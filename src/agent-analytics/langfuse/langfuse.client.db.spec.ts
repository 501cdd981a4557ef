import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { type FakeProvider, openFakeProvider } from '../../../test/support/fake-provider.js';
import { LANGFUSE_KEYS, type LangfuseTrial, openLangfuse } from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SyncFault } from '../../platform/sync/sync-fault.js';
import type { LangfuseFault } from '../../sandbox/langfuse/langfuse-faults.js';
import type { LangfuseSandboxOptions } from '../../sandbox/langfuse/langfuse-sandbox.js';
import { LangfuseWorld } from '../../sandbox/langfuse/langfuse-world.js';
import { LangfuseProbe } from './langfuse.probe.js';

let units: TestUnits;
let trial: LangfuseTrial;
let fake: FakeProvider | undefined;
const { signal } = new AbortController();

beforeAll(async () => {
  units = await openUnits();
});

afterEach(async () => {
  await trial.close();
  await fake?.close();
  fake = undefined;
});

afterAll(() => units.close());

const open = async (options: Partial<LangfuseSandboxOptions> = {}): Promise<void> => {
  trial = await openLangfuse(units, new LangfuseWorld('proj'), options);
};

async function faultOf(call: Promise<unknown>): Promise<SyncFault> {
  const error: unknown = await call.then(
    () => new Error('The call went well'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SyncFault);
  return error as SyncFault;
}

describe('an answer that cannot be used', () => {
  it.each<[LangfuseFault, SyncFault['kind'], number | null]>([
    ['rate-limit', 'rate_limited', 17_000],
    ['rate-limit-bare', 'rate_limited', null],
    ['too-heavy', 'too_large', null],
    ['huge', 'too_large', null],
    ['request-timeout', 'transient', null],
    ['error', 'transient', null],
    ['unavailable', 'transient', null],
    ['cloudflare', 'transient', null],
    ['reset', 'transient', null],
    ['half-body', 'transient', null],
    ['bad-json', 'transient', null],
    ['unauthorized', 'auth', null],
    ['forbidden', 'auth', null],
    ['gone', 'gone', null],
    ['html', 'malformed', null],
  ])(
    'such as %s is a fault of kind %s, told once and without the keys',
    async (kind, expected, retryAfterMs) => {
      await open();
      trial.sandbox.fail({ route: 'sessions', kind, retryAfterS: 17 });
      const fault = await faultOf(trial.client.get('legacy', 'sessions', {}, signal));
      expect([fault.kind, fault.retryAfterMs]).toEqual([expected, retryAfterMs]);
      expect(trial.sandbox.journal).toHaveLength(1);
      expect(fault.message).toMatch(/^[A-Z][^\n]{10,120}[.?]$/);
      for (const secret of [...trial.client.secrets, LANGFUSE_KEYS.secretKey, 'canary', '127.0.0.1'])
        expect(inspect(fault, { depth: 10 })).not.toContain(secret);
      expect((await trial.client.get('legacy', 'sessions', {}, signal)).json['data']).toEqual([]);
    },
  );

  it('of a server that repeats what it was sent is not repeated by us', async () => {
    await open();
    fake = await openFakeProvider();
    const client = trial.clientWith({ baseUrl: fake.url });
    const body = JSON.stringify({
      message: `no such key: ${LANGFUSE_KEYS.secretKey} (${client.secrets[2]})`,
    });
    for (const status of [302, 400, 401, 404, 418, 422, 429, 500]) {
      fake.script({ status, body, headers: { location: `http://x.example/${LANGFUSE_KEYS.secretKey}` } });
      const fault = await faultOf(client.get('api', 'v3/scores', {}, signal));
      expect(inspect(fault, { depth: 10 })).not.toContain('canary');
      expect(fake.seen).toHaveLength(1);
    }
    expect(fake.seen[0]!.headers.authorization).toBe(`Basic ${client.secrets[2]}`);
  });

  it('is not followed to another server', async () => {
    await open();
    fake = await openFakeProvider();
    fake.script({ status: 307, headers: { location: `${trial.sandbox.url}/api/public/sessions` } });
    const fault = await faultOf(
      trial.clientWith({ baseUrl: fake.url }).get('legacy', 'sessions', {}, signal),
    );
    expect(fault).toMatchObject({ kind: 'malformed', message: expect.stringContaining('leads elsewhere') });
    expect(trial.sandbox.journal).toEqual([]);
  });

  it('or none at all, is not waited for when nobody wants it any more', async () => {
    await open();
    trial.sandbox.fail({ route: 'sessions', kind: 'hang' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = trial.client.get('legacy', 'sessions', {}, controller.signal);
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
  });

  it('from nowhere is a fault that may pass', async () => {
    await open();
    fake = await openFakeProvider();
    const client = trial.clientWith({ baseUrl: fake.url });
    await fake.close();
    expect((await faultOf(client.get('legacy', 'sessions', {}, signal))).kind).toBe('transient');
  });
});

describe('the budget', () => {
  it('of the plan is never exceeded, is shared by the projects of a server, and is used', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    await open({ plan: 'hobby', nowMs: () => nowMs });
    const clients = [trial.client, trial.clientWith({ name: 'other' })];
    const [startMs, minutes] = [nowMs, 10];
    for (let turn = 0; nowMs < startMs + minutes * 60_000; turn += 1) {
      const call = clients[turn % 2]!.get('legacy', 'traces', {}, signal);
      const error: unknown = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error === undefined) continue;
      expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: expect.any(Number) });
      nowMs += (error as SyncFault).retryAfterMs!;
    }
    const statuses = trial.sandbox.journal.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // The limiter permits 14 a minute.
    expect(statuses.length / (minutes * 14)).toBeGreaterThan(0.95);
    expect(statuses.length).toBeLessThanOrEqual(minutes * 14 + 1);
  });

  it('rests for as long as Langfuse says, for all who read that server', async () => {
    let nowMs = Date.UTC(2026, 0, 1);
    await open({ plan: 'hobby', nowMs: () => nowMs });
    trial.sandbox.fail({ route: 'traces', kind: 'rate-limit', retryAfterS: 40 });
    await faultOf(trial.client.get('legacy', 'traces', {}, signal));
    nowMs += 30_000;
    const fault = await faultOf(trial.clientWith({ name: 'other' }).get('legacy', 'traces', {}, signal));
    expect([fault.kind, fault.retryAfterMs]).toEqual(['rate_limited', 10_000]);
    expect(trial.sandbox.journal).toHaveLength(1);
    nowMs += 10_000;
    await trial.client.get('legacy', 'traces', {}, signal);
  });
});

describe('the probe', () => {
  const probed = async (options: Partial<LangfuseSandboxOptions>, api: 'auto' | 'legacy' | 'v2' = 'auto') => {
    trial = await openLangfuse(units, new LangfuseWorld('proj'), options, { api });
    const probe = new LangfuseProbe(trial.client);
    return { probe, check: await probe.check(signal) };
  };

  it.each([
    [{ generation: 'legacy' }, 'auto', 'legacy'],
    [{ generation: 'both' }, 'auto', 'legacy'],
    [{ generation: 'both', isDeprecated: true }, 'auto', 'v2'],
    [{ generation: 'legacy', isDeprecated: true }, 'auto', 'legacy'],
    [{ generation: 'events-only' }, 'auto', 'v2'],
    [{ generation: 'both', isDeprecated: true }, 'legacy', 'legacy'],
    [{ generation: 'both' }, 'v2', 'v2'],
  ] as const)('finds of %j with the setting %s that it is read by %s', async (options, api, generation) => {
    const { probe, check } = await probed(options, api);
    expect(await probe.choose(signal)).toBe(generation);
    expect(check).toEqual({
      isOk: true,
      detail: expect.stringContaining(generation === 'v2' ? 'v2' : 'legacy'),
    });
  });

  it('says when the legacy API ends', async () => {
    const { check } = await probed({ generation: 'legacy', isDeprecated: true });
    expect(check.detail).toContain('2026-11-16');
  });

  it('says what is wrong with keys, address or setting, and not the keys', async () => {
    const { check } = await probed({ projects: [] });
    expect(check).toEqual({ isOk: false, detail: expect.stringContaining('(401)') });
    expect(check.detail).not.toContain('canary');
    await trial.close();
    expect((await probed({ generation: 'events-only' }, 'legacy')).check).toEqual({
      isOk: false,
      detail: 'The server has no legacy API that Langfuse could be read by.',
    });
    trial.sandbox.fail({ route: 'any', kind: 'html' });
    const page = new LangfuseProbe(trial.clientWith({ api: 'auto' })).check(signal);
    expect((await page).detail).toContain('is the address that of Langfuse');
  });

  it('asks anew when a server has changed', async () => {
    const { probe } = await probed({ generation: 'legacy' });
    await probe.choose(signal);
    const calls = trial.sandbox.journal.length;
    await probe.choose(signal);
    expect(trial.sandbox.journal).toHaveLength(calls);
    await probe.askAgain(signal);
    expect(trial.sandbox.journal.length).toBeGreaterThan(calls);
  });
});

describe('an API that says when it ends', () => {
  it('is told of once, however often it says so', async () => {
    await open({ isDeprecated: true });
    for (let at = 0; at < 3; at += 1) await trial.client.get('legacy', 'sessions', {}, signal);
    expect(trial.deprecations).toEqual([{ message: expect.any(String), sunsetAt: '2026-11-16' }]);
  });

  it('is told of by nobody else', async () => {
    await open();
    await trial.client.get('legacy', 'sessions', {}, signal);
    expect(trial.deprecations).toEqual([]);
  });
});
