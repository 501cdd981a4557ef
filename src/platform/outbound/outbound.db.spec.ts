import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { z } from 'zod';
import { type FakeProvider, openFakeProvider } from '../../../test/support/fake-provider.js';
import { failureOf, openOutbound, somePolicy, useOutbound } from '../../../test/support/outbound-trial.js';
import { recordJobs, runInSpanContext, type Span } from '../profiling/span.js';
import { Circuits } from './circuits.js';
import { OutboundError } from './outbound.errors.js';

const world = useOutbound();
const quick = { connectTimeoutMs: 300, totalTimeoutMs: 400 };

describe('an answer', () => {
  it('comes with status, headers and bytes, whatever the status below 500', async () => {
    for (const status of [200, 204, 400, 401, 404, 418]) {
      world.provider.script({ status, headers: { 'x-told': 'a' }, body: status === 204 ? '' : '{"n":1}' });
      const answer = await world.trial.outbound.request(somePolicy(), { url: `${world.provider.url}/a?b=c` });
      expect(answer).toMatchObject({ status, tries: 1 });
      expect(answer.headers['x-told']).toBe('a');
    }
    expect(world.provider.seen[0]).toMatchObject({ method: 'GET', url: '/a?b=c' });
    expect(world.provider.seen[0]!.headers['user-agent']).toBe('guildhall/test');
  });

  it('of JSON keeps to the shape that the caller expects', async () => {
    const shape = z.object({ n: z.number() });
    const policy = somePolicy();
    world.provider.script({ body: '{"n":1,"more":true}' });
    const { value } = await world.trial.outbound.requestJson(
      policy,
      { url: world.provider.url, method: 'POST', json: { a: 'ü' } },
      shape,
    );
    expect(value).toEqual({ n: 1 });
    expect(world.provider.seen[0]).toMatchObject({ method: 'POST', body: '{"a":"ü"}' });
    expect(world.provider.seen[0]!.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
    });
    for (const body of ['{"n":"1"}', '<html>canary</html>', '', '{"n":1', 'null']) {
      world.provider.script({ body });
      const error = await failureOf(
        world.trial.outbound.requestJson(policy, { url: world.provider.url }, shape),
      );
      expect(error).toMatchObject({ code: 'outbound/bad-answer', status: 200, tries: 1 });
      expect(inspect(error)).not.toContain('canary');
    }
    world.provider.script({ status: 403, body: '{"n":1}' });
    expect(
      await failureOf(world.trial.outbound.requestJson(policy, { url: world.provider.url }, shape)),
    ).toMatchObject({
      code: 'outbound/refused',
      status: 403,
    });
  });

  it('larger than the policy allows is not read to its end, announced or not', async () => {
    const policy = somePolicy({ mostResponseBytes: 1_000 });
    world.provider.script({ body: 'x'.repeat(1_000) });
    expect((await world.trial.outbound.request(policy, { url: world.provider.url })).body).toHaveLength(
      1_000,
    );
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }] as Record<string, string>[]) {
      world.provider.script({ headers, body: 'x'.repeat(200_000) });
      expect(
        await failureOf(world.trial.outbound.request(policy, { url: world.provider.url })),
      ).toMatchObject({
        code: 'outbound/too-large',
        tries: 1,
      });
    }
  });

  it('to HEAD may announce more than is read', async () => {
    const policy = somePolicy({ mostResponseBytes: 10 });
    world.provider.script({ headers: { 'content-length': '5000' }, body: '' });
    const { status, body } = await world.trial.outbound.request(policy, {
      url: world.provider.url,
      method: 'HEAD',
    });
    expect([status, body.length]).toEqual([200, 0]);
  });

  it('for a library is a Response', async () => {
    const fetch = world.trial.outbound.fetchFor(somePolicy());
    world.provider.script({ status: 201, headers: { 'x-told': 'a' }, body: '{"n":1}' });
    const body = new URLSearchParams({ a: 'b c' });
    const response = await fetch(world.provider.url, {
      method: 'POST',
      body,
      headers: { authorization: 'Basic x' },
    });
    expect([response.status, response.headers.get('x-told'), await response.json()]).toEqual([
      201,
      'a',
      { n: 1 },
    ]);
    expect(world.provider.seen[0]).toMatchObject({ method: 'POST', body: 'a=b+c' });
    expect(world.provider.seen[0]!.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    world.provider.script({ status: 302, headers: { location: '/else' } });
    expect((await fetch(world.provider.url, { redirect: 'manual' })).status).toBe(302);
    expect(world.provider.seen).toHaveLength(1);
  });

  it('is none for a Request, whose method and body would be lost', async () => {
    const fetch = world.trial.outbound.fetchFor(somePolicy());
    const request = new Request(world.provider.url, { method: 'POST', body: 'a' });
    await expect(fetch(request)).rejects.toThrow('not a Request');
    expect(world.provider.seen).toHaveLength(0);
  });
});

describe('a try that failed', () => {
  it.each<[string, Parameters<FakeProvider['script']>[0]]>([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['a reset', 'reset'],
    ['half a body', 'half-body'],
    ['429 with a moment to wait', { status: 429, headers: { 'retry-after': '0' } }],
  ])('by %s is followed by another, at most twice', async (_what, step) => {
    const policy = somePolicy();
    world.provider.script(step, step, {});
    expect(await world.trial.outbound.request(policy, { url: world.provider.url })).toMatchObject({
      status: 200,
      tries: 3,
    });
    expect(world.trial.waits).toEqual([125, 250]); // half of 250 and of 500
    world.provider.script(step);
    const error = await failureOf(world.trial.outbound.request(policy, { url: world.provider.url }));
    expect(error).toBeInstanceOf(OutboundError);
    expect(error.tries).toBe(3);
    expect(world.provider.seen).toHaveLength(3);
  });

  it('is not repeated where that could do something twice', async () => {
    const post = { url: world.provider.url, method: 'POST', json: {} };
    for (const [request, tries] of [
      [post, 1],
      [{ ...post, method: 'delete' }, 1],
      [{ ...post, idempotencyKey: 'k-1' }, 3],
      [{ ...post, isRepeatable: true }, 3],
    ] as const) {
      world.provider.script({ status: 500 });
      expect(await failureOf(world.trial.outbound.request(somePolicy(), request))).toMatchObject({
        code: 'outbound/unavailable',
        status: 500,
        tries,
      });
      expect(world.provider.seen).toHaveLength(tries);
    }
  });

  it('waits as long as the provider asks, in seconds or until a date', async () => {
    const nowMs = Date.UTC(2026, 0, 1);
    world.trial = openOutbound(world.units, { nowMs: () => nowMs, random: () => 0 });
    world.provider.script({ status: 503, headers: { 'retry-after': '2' } }, {});
    await world.trial.outbound.request(somePolicy(), { url: world.provider.url });
    world.provider.script({ status: 429, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT' } }, {});
    await world.trial.outbound.request(somePolicy(), { url: world.provider.url });
    expect(world.trial.waits).toEqual([2_000, 5_000]);
  });

  it('says how long to stay away instead of sleeping through its time', async () => {
    for (const status of [429, 503]) {
      world.provider.script({ status, headers: { 'retry-after': '900' } });
      expect(
        await failureOf(world.trial.outbound.request(somePolicy(), { url: world.provider.url })),
      ).toMatchObject({
        code: status === 429 ? 'outbound/rate-limited' : 'outbound/unavailable',
        retryAfterMs: 900_000,
        tries: 1,
      });
    }
    expect(world.trial.waits).toEqual([]);
  });

  it('is repeated for a tenth of the calls at most', async () => {
    const policy = somePolicy({ breaker: { failures: 1_000_000, halfOpenMs: 10 } });
    world.provider.script({ status: 500 });
    const calls = 300;
    for (let call = 0; call < calls; call += 1)
      await failureOf(world.trial.outbound.request(policy, { url: world.provider.url }));
    expect(world.provider.seen.length).toBeLessThanOrEqual(calls * 1.1 + 10);
    expect(world.provider.seen.length).toBeGreaterThan(calls * 1.05);
  });
});

describe('the deadline', () => {
  it.each(['hang', 'slow-loris'] as const)('ends a provider that does %s', async (step) => {
    world.provider.script(step);
    const error = await failureOf(
      world.trial.outbound.request(somePolicy(quick), { url: world.provider.url }),
    );
    expect(error).toMatchObject({ code: 'outbound/timeout', tries: 1 });
  });

  it('is the end of all tries together', async () => {
    world.trial = openOutbound(world.units, { sleep: () => new Promise(() => undefined) });
    world.provider.script({ status: 500 });
    expect(
      await failureOf(world.trial.outbound.request(somePolicy(quick), { url: world.provider.url })),
    ).toMatchObject({
      code: 'outbound/timeout',
    });
  });

  it('may be the caller’s own', async () => {
    world.provider.script('hang');
    const controller = new AbortController();
    const call = failureOf(
      world.trial.outbound.request(somePolicy(), { url: world.provider.url, signal: controller.signal }),
    );
    setTimeout(() => controller.abort(), 50);
    expect(await call).toMatchObject({ code: 'outbound/aborted' });
  });

  it('leaves nobody waiting where nobody listens', async () => {
    const gone = await openFakeProvider();
    await gone.close();
    expect(await failureOf(world.trial.outbound.request(somePolicy(), { url: gone.url }))).toMatchObject({
      code: 'outbound/connection-failed',
      reason: 'ECONNREFUSED',
      tries: 3,
    });
  });
});

describe('the breaker', () => {
  const policy = () =>
    somePolicy({ mostTries: 1, breaker: { failures: 5, halfOpenMs: 1_000 }, mostParallel: 50 });
  const call = (given: ReturnType<typeof policy>): Promise<unknown> =>
    world.trial.outbound
      .request(given, { url: world.provider.url })
      .catch((error: OutboundError) => error.code);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it('opens after five failures in a row, lets one probe pass, and closes when that goes well', async () => {
    const given = policy();
    world.provider.script({ status: 500 }, { status: 500 }, {}, { status: 500 });
    for (let index = 0; index < 7; index += 1) await call(given); // 2 failures, a success, 4 failures
    expect(await call(given)).toBe('outbound/unavailable');
    const before = world.provider.seen.length;
    expect(await call(given)).toBe('outbound/circuit-open');
    expect(world.provider.seen).toHaveLength(before);
    await pause(1_200);
    world.provider.script((response) => void setTimeout(() => response.writeHead(500).end(), 50));
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(given)));
    expect(world.provider.seen).toHaveLength(1); // one probe for all of them, and it failed
    expect(answers.filter((answer) => answer === 'outbound/circuit-open')).toHaveLength(19);
    await pause(1_200);
    world.provider.script({});
    expect(await Promise.all([call(given), call(given)])).toEqual([
      expect.objectContaining({ status: 200 }),
      expect.objectContaining({ status: 200 }),
    ]);
    expect(world.trial.logged).toEqual([
      expect.stringContaining('is left alone'),
      expect.stringContaining('is left alone'),
      expect.stringContaining('answers again'),
    ]);
  });

  it('does not count a provider that is up and unwilling', async () => {
    const given = policy();
    world.provider.script({ status: 429 });
    for (let index = 0; index < 8; index += 1) expect(await call(given)).toBe('outbound/rate-limited');
  });

  it('is each receiver’s own where the caller names them, and forgets those called longest ago', async () => {
    const given = somePolicy({ mostTries: 1, breaker: { failures: 1, halfOpenMs: 60_000 } });
    const to = (receiver: string): Promise<unknown> =>
      world.trial.outbound
        .request(given, { url: world.provider.url, receiver })
        .catch((error: OutboundError) => error.code);
    world.provider.script({ status: 500 });
    expect([await to('a'), await to('a'), await to('b')]).toEqual([
      'outbound/unavailable',
      'outbound/circuit-open',
      'outbound/unavailable',
    ]);
    const circuits = new Circuits(() => undefined);
    const url = new URL(world.provider.url);
    const first = circuits.of(given, url, 'first');
    for (let index = 0; index < 1_999; index += 1) circuits.of(given, url, `receiver-${index}`);
    expect(circuits.of(given, url, 'first')).toBe(first);
    for (let index = 0; index < 2_000; index += 1) circuits.of(given, url, `other-${index}`);
    expect(circuits.of(given, url, 'first')).not.toBe(first);
  });

  it('is each provider’s own, and each host’s among those that users give', async () => {
    world.trial = openOutbound(world.units, { isPrivateAllowed: true });
    const [first, hooks] = [policy(), somePolicy({ isUserGiven: true, mostTries: 1 })];
    world.provider.script({ status: 500 });
    for (let index = 0; index < 6; index += 1) {
      await call(first);
      await call(hooks);
    }
    expect(await call(first)).toBe('outbound/circuit-open');
    expect(await call(hooks)).toBe('outbound/circuit-open');
    expect(await call(policy())).toBe('outbound/unavailable');
    expect(await world.trial.outbound.request(hooks, { url: world.other.url })).toMatchObject({
      status: 200,
    });
  });
});

describe('places', () => {
  it('are eight per provider; further calls wait, and too many are sent away', async () => {
    world.provider.script((response) => void setTimeout(() => response.end('{}'), 30));
    const policy = somePolicy({ mostWaiting: 20 });
    const calls = Array.from({ length: 40 }, () =>
      world.trial.outbound.request(policy, { url: world.provider.url }).then(
        ({ status }) => status,
        (error: OutboundError) => error.code,
      ),
    );
    const outcomes = await Promise.all(calls);
    expect(world.provider.mostParallel).toBe(8);
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(28);
    expect(outcomes.filter((outcome) => outcome === 'outbound/too-busy')).toHaveLength(12);
  });

  it('are not waited for beyond the deadline', async () => {
    world.provider.script('hang');
    const policy = somePolicy({ ...quick, mostParallel: 1, mostTries: 1 });
    const startedMs = performance.now();
    const errors = await Promise.all(
      [1, 2, 3].map(() => failureOf(world.trial.outbound.request(policy, { url: world.provider.url }))),
    );
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('outbound/timeout'));
    expect(performance.now() - startedMs).toBeLessThan(3 * quick.totalTimeoutMs);
  });
});

describe('what is written down', () => {
  it('is a span with status and tries', async () => {
    const spans: Span[][] = [];
    const stop = recordJobs(true, (context) => void spans.push([...context.spans]));
    const policy = somePolicy();
    world.provider.script({ status: 500 }, { status: 404 });
    const job = { kind: 'job', endpoint: 'job:test.call', requestId: 'r', userId: undefined } as const;
    await runInSpanContext(job, () => world.trial.outbound.request(policy, { url: world.provider.url }));
    stop();
    const [span] = spans[0]!;
    expect(span).toMatchObject({
      operation: `outbound:${policy.provider}`,
      isError: false,
      details: { status: 404, tries: 2 },
    });
  });

  it('holds no credential: not of the URL, the headers, the bodies', async () => {
    const secrets = {
      url: `${world.provider.url}/canary?token=canary`,
      method: 'POST',
      headers: { authorization: 'Bearer canary', 'x-canary': 'canary' },
      json: { secret: 'canary' },
      isRepeatable: true,
    };
    const outcomes: unknown[] = [];
    for (const step of [{ status: 500, body: 'canary' }, 'reset', 'half-body', { status: 429 }] as const) {
      world.provider.script(step);
      outcomes.push(await failureOf(world.trial.outbound.request(somePolicy(), secrets)));
    }
    world.provider.script({ status: 302, headers: { location: 'http://canary:canary@127.0.0.1/' } });
    outcomes.push(await failureOf(world.trial.outbound.request(somePolicy(), secrets)));
    const bad = { ...secrets, headers: { 'x-canary': 'can\r\nary: canary' } };
    outcomes.push(await failureOf(world.trial.outbound.request(somePolicy(), bad)));
    const login = { url: 'https://canary:canary@example.org/' };
    for (const isUserGiven of [true, false])
      outcomes.push(await failureOf(world.trial.outbound.request(somePolicy({ isUserGiven }), login)));
    for (const outcome of outcomes) {
      expect(outcome).toBeInstanceOf(OutboundError);
      expect(inspect(outcome, { depth: 9 }) + world.trial.logged.join()).not.toContain('canary');
    }
    expect((outcomes as OutboundError[]).slice(-3).map(({ code }) => code)).toEqual([
      'outbound/bad-request',
      'outbound/blocked-address',
      'outbound/bad-request',
    ]);
  });
});
