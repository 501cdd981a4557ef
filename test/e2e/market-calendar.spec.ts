import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, dayOf } from '../../src/market/calendar/calendar-span.js';
import { call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type FakeProvider, openFakeProvider } from '../support/fake-provider.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';

const GAME = '/api/v1/market/games/dofus';
const IMPORT = `${GAME}/calendar/import`;
const CALENDAR = `${GAME}/servers/draconiros/calendar`;
const today = dayOf(Date.now());
const in_ = (days: number): string => addDays(today, days);

let database: TestDatabase;
let server: ServerProcess;
let provider: FakeProvider;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-'));
  provider = await openFakeProvider();
  database = await createTestDatabase();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    MARKET_CALENDAR_URL: `${provider.url}/almanax?from={from}&to={to}`,
  });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const day = (date: string, quantity = 3): object => ({
  date,
  tribute: { externalId: 303, quantity },
  bonusType: 'wood',
  bonus: 'More ash.',
  rewardKamas: 1_000,
  xpRatio: 1.5,
});
const almanax = (name: string): Promise<{ date: string; item: { last_price: number | null } }[]> =>
  call(server.url, 'GET', `/compat/dofus/api/data?resource=toolbox&mode=almanax&server=${name}`, {
    token: null,
  }).then(({ json }) => json as never);
const priceSeen = (atMs: number): Promise<unknown> =>
  post(server.url, `${GAME}/servers/draconiros/observations`, [
    { externalId: 303, unitPrice: 40, capturedAt: new Date(atMs).toISOString() },
  ]);

describe('a calendar', () => {
  it('is imported, again without a change, and shown with the price of each tribute', async () => {
    const days = [day(in_(0)), day(in_(2)), day(in_(100)), day(in_(-1))];
    const first = await post(server.url, IMPORT, days);
    expect([first.status, first.json]).toEqual([
      200,
      { createdCount: 4, changedCount: 0, unchangedCount: 0, createdItemCount: 0, rejected: [] },
    ]);
    const again = await post(server.url, IMPORT, { days });
    expect(again.json).toMatchObject({ createdCount: 0, unchangedCount: 4 });

    const unpriced = await get(server.url, CALENDAR, { token: READ_TOKEN });
    expect(unpriced.status).toBe(200);
    expect(unpriced.json).toMatchObject({ server: 'draconiros', from: today, to: in_(89) });
    expect((unpriced.json as { items: object[] }).items).toEqual(
      [in_(0), in_(2)].map((date) => ({
        date,
        source: 'almanax',
        tribute: {
          itemId: expect.any(Number),
          externalId: 303,
          label: 'Bois de Frêne',
          level: 1,
          iconUrl: null,
          quantity: 3,
          price: null,
        },
        bonusType: 'wood',
        bonus: 'More ash.',
        rewardKamas: 1_000,
        xpRatio: 1.5,
      })),
    );

    const atMs = Date.now() - 5 * 86_400_000;
    await priceSeen(atMs);
    const priced = await get(server.url, `${CALENDAR}?from=${in_(-1)}&days=365&source=almanax`);
    const items = (priced.json as { items: { tribute: { price: { ageS: number } } }[] }).items;
    expect(items).toHaveLength(4);
    expect(items[0]!.tribute.price).toMatchObject({
      unitPrice: 40,
      total: 120,
      capturedAt: new Date(atMs).toISOString(),
      isSimulated: false,
    });
    expect(Math.abs(items[0]!.tribute.price.ageS - 5 * 86_400)).toBeLessThan(120);
    expect((await get(server.url, `${CALENDAR}?source=other`)).json).toMatchObject({ items: [] });
  });

  it('is shown to the web client with prices of the last three days only, for 90 days from today', async () => {
    const old = await almanax('Draconiros');
    expect(old.map(({ date }) => date)).toEqual([in_(0), in_(2)]);
    expect(old[0]).toEqual({
      date: today,
      quantity: 3,
      bonus_description: 'More ash.',
      item: { id: expect.any(Number), name: 'Bois de Frêne', icon_url: null, level: 1, last_price: null },
    });
    await priceSeen(Date.now() - 86_400_000);
    expect((await almanax('Draconiros')).map(({ item }) => item.last_price)).toEqual([40, 40]);
    expect((await almanax('')).map(({ item }) => item.last_price)).toEqual([40, 40]);
    expect((await almanax('Nowhere')).map(({ item }) => item.last_price)).toEqual([null, null]);
  });

  it.each<[string, number, string]>([
    ['days=0', 400, 'http/malformed'],
    ['days=366', 400, 'http/malformed'],
    ['from=2026-02-30', 400, 'http/malformed'],
    ['from=tomorrow', 400, 'http/malformed'],
    ['from=9999-01-01', 400, 'http/malformed'],
    ['source=A%20B', 400, 'http/malformed'],
    ['until=2026-01-01', 400, 'http/malformed'],
  ])('refuses ?%s', async (query, status, code) => {
    expectProblem(await get(server.url, `${CALENDAR}?${query}`), status, code);
  });

  it('says what it cannot take', async () => {
    const mixed = await post(server.url, `${IMPORT}?source=mixed`, [
      day('2030-01-01'),
      { date: '2030-01-02' },
    ]);
    expect(mixed.json).toMatchObject({ createdCount: 1, rejected: [{ pointer: '/1/tribute' }] });
    expectProblem(await post(server.url, IMPORT, [{ date: 'x' }]), 422, 'market/calendar-rejected');
    expectProblem(await post(server.url, IMPORT, { a: 1 }), 422, 'market/calendar-not-array');
    expectProblem(await post(server.url, `${IMPORT}?source=`, [day('2030-01-01')]), 400, 'http/malformed');
    const many = Array.from({ length: 801 }, (_, at) => day(addDays('2030-01-01', at)));
    expectProblem(await post(server.url, IMPORT, many), 413, 'market/calendar-too-long');
    expectProblem(
      await post(server.url, IMPORT.replace('dofus', 'chess'), [day('2030-01-01')]),
      404,
      'market/unknown-game',
    );
    expect((await post(server.url, IMPORT, [day('2030-01-01')], { token: READ_TOKEN })).status).toBe(403);
  });
});

describe('npm run cli -- market calendar import', () => {
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const run = (...args: string[]) =>
    runCli(['market', 'calendar', 'import', ...args], { DATABASE_URL: database.url });

  it('takes a file as doduapi writes it, and says what it took', async () => {
    const doduapi = [
      {
        date: '2032-05-01',
        bonus: { description: 'Fish!', type: { id: 'fish', name: 'Fish' } },
        tribute: { item: { ankama_id: 303, name: 'Ash Wood' }, quantity: 7 },
        reward_kamas: 900,
        xp_ratio: 2,
      },
      { date: 'never' },
    ];
    const { code, stdout } = await run('--file', file('doduapi.json', doduapi), '--source', 'cli');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('1 days added') });
    expect(stdout).toContain('refused /1');
    const { json } = await get(server.url, `${CALENDAR}?from=2032-05-01&days=1`);
    expect((json as { items: object[] }).items).toMatchObject([
      {
        source: 'cli',
        bonusType: 'Fish',
        bonus: 'Fish!',
        rewardKamas: 900,
        xpRatio: 2,
        tribute: { quantity: 7 },
      },
    ]);
  });

  it.each<[string, () => string[], RegExp]>([
    ['without a file', () => [], /Usage/],
    ['of no file', () => ['--file', '/nowhere.json'], /cannot be read/],
    ['of no JSON', () => ['--file', file('bad.json', '{')], /cannot be read/],
    ['of no day', () => ['--file', file('none.json', [{}])], /Not one day/],
  ])('fails %s', async (_what, args, reason) => {
    const { code, stderr } = await run(...args());
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
  });
});

describe('GET /compat/dofus/api/cron/almanax', () => {
  const cron = (
    base: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: unknown }> =>
    call(base, 'GET', '/compat/dofus/api/cron/almanax', { token: null, headers });

  it('has missing days brought in, once a day', async () => {
    const from = (at: number): { body: string } => ({
      body: JSON.stringify(Array.from({ length: 30 }, (_, n) => day(in_(at + n)))),
    });
    provider.script(from(0), from(30), from(60));
    const first = await cron(server.url);
    expect([first.status, first.json]).toEqual([
      200,
      { success: true, message: 'Processed 90/90 dates', processed: 90, attempted: 90, remaining: 0 },
    ]);
    expect((await cron(server.url)).json).toEqual({
      success: true,
      message: 'All dates are up to date',
      processed: 0,
      attempted: 0,
      remaining: 0,
    });
    expect(provider.seen).toHaveLength(3);
    expect(await almanax('Draconiros')).toHaveLength(90);
  });

  it('believes no User-Agent in production, only a token that may contribute', async () => {
    const production = await startServerProcess({
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      GUILDHALL_ROLE: 'api',
      TRUST_PROXY: '1',
    });
    try {
      const spoofed = await cron(production.url, { 'user-agent': 'vercel-cron/1.0' });
      expect([spoofed.status, spoofed.json]).toEqual([
        401,
        expect.objectContaining({ error: 'unauthorized' }),
      ]);
      const reader = await get(production.url, '/compat/dofus/api/cron/almanax', { token: READ_TOKEN });
      expect(reader.status).toBe(403);
      const trusted = await get(production.url, '/compat/dofus/api/cron/almanax', { token: INGEST_TOKEN });
      expect([trusted.status, trusted.json]).toEqual([
        200,
        {
          success: true,
          message: 'All dates are up to date',
          processed: 0,
          attempted: 0,
          remaining: 0,
        },
      ]);
      const other = await call(production.url, 'POST', '/compat/dofus/api/cron/almanax', {});
      expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET']);
    } finally {
      await production.stop();
    }
  });
});
