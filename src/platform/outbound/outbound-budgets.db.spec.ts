import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeProvider, openFakeProvider } from '../../../test/support/fake-provider.js';
import { failureOf, openOutbound, somePolicy } from '../../../test/support/outbound-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { openDatabase } from '../database/database.module.js';
import { ENTITIES } from '../../app.entities.js';
import { OutboundBudgets } from './outbound-budgets.service.js';
import { OutboundBudgetsRepository } from './outbound-budgets.repository.js';
import type { OutboundError } from './outbound.errors.js';
import { type Budget, type BudgetUsage, defineProvider } from './outbound-policy.js';

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 1);
const WINDOWS: readonly Budget[] = [
  { name: 'quarter', limit: 20, windowMs: QUARTER_MS, shape: 'window' },
  { name: 'day', limit: 150, windowMs: DAY_MS, shape: 'window' },
];

let units: TestUnits;
let nowMs: number;

beforeEach(async () => {
  units = await openUnits();
  nowMs = START;
});

afterEach(() => units.close());

const budgetsOf = (system: TestUnits['system'] = units.system): OutboundBudgets =>
  new OutboundBudgets(system, new OutboundBudgetsRepository(), () => nowMs);

/** undefined = taken */
async function take(policy: ReturnType<typeof somePolicy>, from = budgetsOf()): Promise<number | undefined> {
  return from.take(policy).then(
    () => undefined,
    (error: OutboundError) => error.retryAfterMs,
  );
}

describe('windows', () => {
  it('are never exceeded by eight takers in two processes over a day', async () => {
    const target = { url: units.url, directUrl: units.url, pooler: 'none', poolMax: 4 } as const;
    const second = await openDatabase(target, ENTITIES);
    try {
      const policy = somePolicy({ budgets: WINDOWS });
      const takers = [units.system, second.system].flatMap(
        (system) => Array(4).fill(budgetsOf(system)) as OutboundBudgets[],
      );
      const taken = new Map<number, number>();
      for (let quarter = 0; quarter < 96; quarter += 1) {
        for (const offsetMs of [0, QUARTER_MS - 1]) {
          nowMs = START + quarter * QUARTER_MS + offsetMs;
          const results = await Promise.all(
            takers.map(async (taker) => {
              let count = 0;
              while (count < 4 && (await take(policy, taker)) === undefined) count += 1;
              return count;
            }),
          );
          const sum = results.reduce((total, count) => total + count, 0);
          taken.set(quarter, (taken.get(quarter) ?? 0) + sum);
        }
      }
      const perQuarter = [...taken.values()];
      expect(Math.max(...perQuarter)).toBe(20);
      expect(perQuarter.slice(0, 8)).toEqual([20, 20, 20, 20, 20, 20, 20, 10]); // then the day's are used up
      expect(perQuarter.reduce((sum, count) => sum + count, 0)).toBe(150);
      nowMs = START + DAY_MS;
      expect(await take(policy)).toBeUndefined();
    } finally {
      await second.close();
    }
  }, 60_000);

  it('say when there is a call again, and take from none where one is empty', async () => {
    const policy = somePolicy({ budgets: WINDOWS });
    nowMs = START + 100_000;
    for (let call = 0; call < 20; call += 1) expect(await take(policy)).toBeUndefined();
    expect(await take(policy)).toBe(QUARTER_MS - 100_000);
    const rows = await units.owner(
      'SELECT name, used_count AS used FROM platform.outbound_budget WHERE provider = $1 ORDER BY 1',
      [policy.provider],
    );
    expect(rows).toEqual([
      { name: 'day', used: 20 },
      { name: 'quarter', used: 20 },
    ]);
  });

  it('take a clock that is behind for what it is', async () => {
    const policy = somePolicy({ budgets: [WINDOWS[0]!] });
    nowMs = START + QUARTER_MS + 5;
    for (let call = 0; call < 20; call += 1) await take(policy);
    nowMs = START + QUARTER_MS - 5;
    expect(await take(policy)).toBe(QUARTER_MS + 5);
  });
});

describe('a bucket', () => {
  it('holds its limit and fills evenly', async () => {
    const policy = somePolicy({ budgets: [{ name: 'burst', limit: 25, windowMs: 1_000, shape: 'bucket' }] });
    const drain = async (): Promise<number> => {
      let count = 0;
      while (count < 100 && (await take(policy)) === undefined) count += 1;
      return count;
    };
    expect(await drain()).toBe(25);
    expect(await take(policy)).toBe(40);
    nowMs += 40;
    expect(await drain()).toBe(1);
    nowMs += 200;
    expect(await drain()).toBe(5);
    nowMs += 60_000;
    expect(await drain()).toBe(25);
  });
});

describe('a provider’s own word', () => {
  let provider: FakeProvider;

  beforeEach(async () => {
    provider = await openFakeProvider();
  });

  afterEach(() => provider.close());

  /** Strava's way: `x-usage: 12,600` and `x-limit: 20,150` for the quarter of an hour and the day. */
  const readUsage = (headers: Readonly<Record<string, string>>): readonly BudgetUsage[] => {
    const [used, limits] = [headers['x-usage'], headers['x-limit']].map((text) =>
      text?.split(',').map(Number),
    );
    return ['quarter', 'day'].map((name, index) => ({
      name,
      usedCount: used?.[index] ?? Number.NaN,
      limit: limits?.[index] ?? Number.NaN,
    }));
  };

  it('counts what others have used of the same key, and changes the limit', async () => {
    const policy = somePolicy({ budgets: WINDOWS, readUsage });
    const { outbound } = openOutbound(units, {}, () => nowMs);
    provider.script({ headers: { 'x-usage': '18,40' } }, { headers: { 'x-usage': '2,3' } });
    await outbound.request(policy, { url: provider.url });
    await outbound.request(policy, { url: provider.url });
    expect(await take(policy)).toBeUndefined();
    expect(await take(policy)).toBe(QUARTER_MS); // 18 + 2, though the provider said 2 at last
    provider.script({ headers: { 'x-usage': '1,60', 'x-limit': '100,x' } });
    nowMs += QUARTER_MS;
    await outbound.request(policy, { url: provider.url });
    for (let call = 0; call < 60; call += 1) expect(await take(policy)).toBeUndefined();
    await outbound.onApplicationShutdown();
  });

  it('of 429 silences all processes for as long as it says', async () => {
    const policy = somePolicy({ budgets: WINDOWS, mostTries: 1 });
    const { outbound } = openOutbound(units, {}, () => nowMs);
    provider.script({ status: 429, headers: { 'retry-after': '60' } });
    await failureOf(outbound.request(policy, { url: provider.url }));
    nowMs += 20_000;
    expect(await failureOf(outbound.request(policy, { url: provider.url }))).toMatchObject({
      code: 'outbound/budget-exhausted',
      retryAfterMs: 40_000,
    });
    expect(provider.seen).toHaveLength(1);
    nowMs += 40_000;
    expect(await take(policy)).toBeUndefined();
    await outbound.onApplicationShutdown();
  });

  it('that cannot be written down costs no answer', async () => {
    const policy = somePolicy({ budgets: WINDOWS, readUsage });
    const { outbound, logged } = openOutbound(units, {}, () => nowMs);
    provider.script({ headers: { 'x-usage': '18,40' } });
    await units.owner('DROP FUNCTION platform.report_outbound_budget');
    expect(await outbound.request(policy, { url: provider.url })).toMatchObject({ status: 200 });
    expect(logged).toEqual([expect.stringContaining('was lost')]);
    await outbound.onApplicationShutdown();
  });

  it('that cannot be one is not believed', async () => {
    const policy = somePolicy({ budgets: WINDOWS, readUsage });
    const { outbound } = openOutbound(units, {}, () => nowMs);
    for (const usage of ['-5,1e99', 'x,y', '99999999999,1.5', '']) {
      provider.script({ headers: { 'x-usage': usage, 'x-limit': '0,-1' } });
      await outbound.request(policy, { url: provider.url });
    }
    const rows = await units.owner<{ used: number }>(
      'SELECT used_count AS used FROM platform.outbound_budget WHERE provider = $1',
      [policy.provider],
    );
    expect(rows).toEqual([{ used: 4 }, { used: 4 }]);
    await outbound.onApplicationShutdown();
  });
});

describe('defineProvider', () => {
  it('refuses what cannot be meant', () => {
    for (const given of [
      { provider: 'Not Kebab' },
      { provider: 'x', mostTries: 0 },
      { provider: 'x', budgets: [{ ...WINDOWS[0]!, limit: 0.5 }] },
      { provider: 'x', budgets: [WINDOWS[0]!, WINDOWS[0]!] },
    ])
      expect(() => defineProvider(given)).toThrow(/cannot be meant/);
  });
});
