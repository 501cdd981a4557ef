import { describe, expect, it } from '@jest/globals';
import { openFakeProvider } from '../../../test/support/fake-provider.js';
import { failureOf, openOutbound, somePolicy, useOutbound } from '../../../test/support/outbound-trial.js';
import type { Verdict } from './outbound-policy.js';

const world = useOutbound();
const BUDGETS = [{ name: 'calls', limit: 4, windowMs: 400, shape: 'bucket' as const }];

/** A provider whose body says what its answer is: `limited 7` is seconds. */
function judge({ body }: { body: Buffer }): Verdict | null {
  const [word, seconds] = body.toString().split(' ');
  if (word === 'answer') return { kind: 'answer' };
  if (word !== 'limited') return null;
  return { kind: 'limited', retryAfterMs: seconds === undefined ? undefined : Number(seconds) * 1_000 };
}

describe('a policy that judges answers', () => {
  it('takes one for an answer whatever its status: no other try, and no count towards the circuit', async () => {
    const policy = somePolicy({ judge, breaker: { failures: 2, halfOpenMs: 1_000 } });
    for (const status of [429, 500, 503, 500, 503]) {
      world.provider.script({ status, body: 'answer' });
      const answer = await world.trial.outbound.request(policy, { url: world.provider.url });
      expect(answer).toMatchObject({ status, tries: 1 });
    }
    world.provider.script({ status: 500, body: 'no word of it' });
    expect(await failureOf(world.trial.outbound.request(policy, { url: world.provider.url }))).toMatchObject({
      code: 'outbound/unavailable',
      status: 500,
      tries: 2,
    });
  });

  it('takes one of 200 for the wish to be left alone, which all processes heed', async () => {
    const policy = somePolicy({ judge, budgets: BUDGETS, mostTries: 1 });
    world.provider.script({ status: 200, body: 'limited 7' });
    expect(await failureOf(world.trial.outbound.request(policy, { url: world.provider.url }))).toMatchObject({
      code: 'outbound/rate-limited',
      retryAfterMs: 7_000,
    });
    const other = openOutbound(world.units);
    const silenced = await failureOf(other.outbound.request(policy, { url: world.provider.url }));
    expect(silenced.code).toBe('outbound/budget-exhausted');
    expect(silenced.retryAfterMs).toBeGreaterThan(6_000);
    expect(world.provider.seen).toHaveLength(1);
    await other.outbound.onApplicationShutdown();
  });
});

describe('a line for a budget', () => {
  it('lets calls wait in order, one asking at a time', async () => {
    let nowMs = 1_900_000_000_000;
    const provider = await openFakeProvider();
    const { outbound, waits } = openOutbound(
      world.units,
      {
        nowMs: () => nowMs,
        sleep: (ms) => {
          waits.push(ms);
          nowMs += ms;
          return Promise.resolve();
        },
      },
      () => nowMs,
    );
    const policy = somePolicy({ budgets: BUDGETS, mostBudgetWaitMs: 5_000, mostParallel: 40 });
    const calls = Array.from({ length: 20 }, (_, index) =>
      outbound.request(policy, { url: `${provider.url}/${index}` }),
    );
    await Promise.all(calls);
    // 4 at once, then one every 100 ms; nobody asked in vain.
    expect(waits).toEqual(Array.from({ length: 16 }, () => 100));
    expect(provider.seen).toHaveLength(20);
    await outbound.onApplicationShutdown();
    await provider.close();
  });

  it('is left when the wait is longer than the policy has patience, or the call is given up', async () => {
    const policy = somePolicy({ budgets: BUDGETS, mostBudgetWaitMs: 50, mostTries: 1 });
    const { outbound } = openOutbound(world.units, { sleep: () => new Promise(() => undefined) }, () => 2e12);
    for (let call = 0; call < 4; call += 1) await outbound.request(policy, { url: world.provider.url });
    expect(await failureOf(outbound.request(policy, { url: world.provider.url }))).toMatchObject({
      code: 'outbound/budget-exhausted',
      retryAfterMs: 100,
    });
    const patient = { ...policy, mostBudgetWaitMs: 500 };
    const controller = new AbortController();
    const calls = [1, 2].map(() =>
      failureOf(outbound.request(patient, { url: world.provider.url, signal: controller.signal })),
    );
    setTimeout(() => controller.abort(), 20);
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual([
      'outbound/aborted',
      'outbound/aborted',
    ]);
    await outbound.onApplicationShutdown();
  });
});
