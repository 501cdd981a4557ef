import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { openOutbound, type OutboundTrial } from '../../../test/support/outbound-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { Caches } from '../../platform/cache/caches.service.js';
import { parseEnvironment } from '../../platform/config/env.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { RateLimitError } from '../../platform/http/rate-limit.error.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { communitySheet, INJECTION, SANDBOX_SHEET_ID } from '../../sandbox/sheets/community-sheet.js';
import type { SheetsFault, SheetsRoute } from '../../sandbox/sheets/sheets-faults.js';
import {
  openSheetsSandbox,
  type SandboxSheet,
  type SheetsSandbox,
} from '../../sandbox/sheets/sheets-sandbox.js';
import { SheetCopies } from './sheet-copies.service.js';
import { SheetTabsRepository } from './sheet-tabs.repository.js';
import { SheetsClient } from './sheets.client.js';
import { SheetsService } from './sheets.service.js';

const PRIVATE_ID = 'sandbox-sheet-private';

let units: TestUnits;
let google: SheetsSandbox;
const trials: OutboundTrial[] = [];

beforeAll(async () => {
  units = await openUnits();
});
afterAll(() => units.close());

beforeEach(async () => {
  await units.owner('TRUNCATE destiny.sheet_tab, platform.outbound_budget');
  google = await openSheetsSandbox({
    sheets: { [SANDBOX_SHEET_ID]: communitySheet(true), [PRIVATE_ID]: communitySheet(false) },
  });
});
afterEach(async () => {
  for (const { outbound } of trials.splice(0)) await outbound.onApplicationShutdown();
  await google.close();
});

/** The feature as a process of its own has it. */
function openProcess(more: Record<string, string> = {}): SheetsService {
  const env = parseEnvironment({
    DESTINY_SHEETS: JSON.stringify([
      {
        key: 'public',
        title: 'Endgame',
        sheetId: SANDBOX_SHEET_ID,
        gids: { 'Hand Cannons': 101, 'Shotguns (PvE)': 102, 'All weapons': 103, 'Shotguns (old)': 104 },
      },
      { key: 'private', title: 'Endgame for us', sheetId: PRIVATE_ID },
      { key: 'one-tab', title: 'One tab', sheetId: PRIVATE_ID, tabs: ['Hand Cannons', 'Shotguns (old)'] },
      { key: 'locked', title: 'Not shared', sheetId: PRIVATE_ID, gids: { 'Hand Cannons': 101 } },
    ]),
    GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify(google.accountKey),
    GOOGLE_SHEETS_URL: google.url,
    GOOGLE_DOCS_URL: google.url,
    ...more,
  });
  const trial = openOutbound(units);
  trials.push(trial);
  const rows = new SheetTabsRepository();
  const log = { info: () => undefined, warn: () => undefined };
  const caches = new Caches({ redisUrl: undefined, log, nowMs: () => performance.now() });
  const copies = new SheetCopies(units.app, units.system, rows, new Profiler(), caches);
  const client = new SheetsClient(trial.outbound, env);
  return new SheetsService(env, client, copies, rows, units.app, units.system);
}

const readings = (route: SheetsRoute): number =>
  google.journal.filter((entry) => entry.route === route).length;
const age = (hours: number): Promise<unknown> =>
  units.owner(
    "UPDATE destiny.sheet_tab SET fetched_at = fetched_at - $1 * interval '1 hour', retry_at = NULL",
    [hours],
  );
const change = (sheetId: string, tab: string, rows: string[][]): void => {
  (google.sheets[sheetId] as { tabs: SandboxSheet['tabs'] }).tabs[tab] = {
    ...google.sheets[sheetId]!.tabs[tab]!,
    rows,
  };
};

async function failureOf(call: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await call.then(
    () => new Error('The call went well'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DomainError);
  return error as DomainError;
}

describe.each([
  ['public', 'export'],
  ['private', 'values'],
] as const)('a %s sheet', (key, route) => {
  const sheetId = key === 'public' ? SANDBOX_SHEET_ID : PRIVATE_ID;

  it('tells its tabs without those that are old or hidden, and rows as they are written', async () => {
    const sheets = openProcess();
    const { tabs } = await sheets.tabs(key);
    const titles = tabs.map(({ title }) => title);
    expect(titles).toEqual([
      'Hand Cannons',
      'Shotguns (PvE)',
      'All weapons',
      ...(key === 'private' ? ["Author's notes"] : []),
    ]);
    const found = await sheets.rows(key, 'handcannons', 'jotunn');
    expect(found).toMatchObject({ tab: 'Hand Cannons', total: 1, columns: ['Weapon', 'Element', 'Note'] });
    expect(found.rows).toEqual([['Jötunn', 'Solar', 'Tracks, so it is kind to everybody']]);
    expect((await sheets.rows(key, 'Hand Cannons', 'rabbit')).rows[0]![2]).toBe(
      'Give it a target and it hops',
    );
    expect((await sheets.rows(key, 'Hand Cannons', 'overload')).rows[0]![2]).toBe('Poison; "overload", too');
  });

  it('is read once by whoever asks first, in all processes, and again after a day', async () => {
    const processes = [openProcess(), openProcess(), openProcess()];
    google.fail({ route, kind: 'slow', delayMs: 400 });
    const all = await Promise.all(
      processes.flatMap((sheets) => [1, 2, 3].map(() => sheets.rows(key, 'Hand Cannons', 'fatebringer'))),
    );
    for (const { total, rowsCopy } of all) expect([total, rowsCopy?.isStale]).toEqual([1, false]);
    expect(readings(route)).toBe(1);
    await age(23);
    await processes[1]!.rows(key, 'Hand Cannons', undefined);
    expect(readings(route)).toBe(1);
    await age(2);
    change(sheetId, 'Hand Cannons', [['Weapon'], ['Hawkmoon']]);
    const anew = await processes[2]!.rows(key, 'Hand Cannons', undefined);
    expect([anew.rows, anew.rowsCopy?.isStale, readings(route)]).toEqual([[['Hawkmoon']], false, 2]);
    expect((await processes[0]!.rows(key, 'Hand Cannons', undefined)).rows).toEqual([['Hawkmoon']]);
  });

  it('gives its old rows at once to those who ask while one reads it anew', async () => {
    const [one, other] = [openProcess(), openProcess()];
    await one.rows(key, 'Hand Cannons', undefined);
    await age(25);
    if (key === 'private') await one.tabs(key); // its list was old as well
    google.fail({ route, kind: 'slow', delayMs: 600 });
    const first = one.rows(key, 'Hand Cannons', undefined);
    await sleep(200);
    const startedMs = performance.now();
    const second = await other.rows(key, 'Hand Cannons', undefined);
    expect(performance.now() - startedMs).toBeLessThan(400);
    expect(second.rowsCopy).toMatchObject({ isStale: true, ageS: expect.any(Number) });
    expect((await first).rowsCopy?.isStale).toBe(false);
    expect(readings(route)).toBe(2);
  });

  it.each<SheetsFault>([
    'rate-limit',
    'forbidden',
    'not-found',
    'error',
    'login-page',
    'cut',
    'open-quote',
    'huge',
  ])(
    'whose reading ends with %s keeps what it had, with its age and the reason; without a copy it is unavailable',
    async (kind) => {
      const sheets = openProcess();
      await sheets.tabs(key);
      google.fail({ route, kind, count: 9, retryAfterS: 30 });
      const failure = await failureOf(sheets.rows(key, 'Hand Cannons', undefined));
      expect(failure).toMatchObject({ kind: 'overloaded', code: 'destiny/sheet-unavailable' });
      expect(failure.message).toMatch(/^[A-Z][^\n]{10,120}\.$/);
      const calls = readings(route);
      await failureOf(sheets.rows(key, 'Hand Cannons', undefined));
      expect(readings(route)).toBe(calls); // it rests
      google.heal();
      await units.owner('UPDATE destiny.sheet_tab SET retry_at = NULL');
      await units.owner('TRUNCATE platform.outbound_budget');
      await sheets.rows(key, 'Hand Cannons', undefined);
      await age(30);
      if (key === 'private') await sheets.tabs(key);
      google.fail({ route, kind, count: 9, retryAfterS: 30 });
      const stale = await openProcess().rows(key, 'Hand Cannons', 'fatebringer');
      expect(stale).toMatchObject({ total: 1, rowsCopy: { isStale: true, staleReason: failure.message } });
      expect(stale.rowsCopy!.ageS).toBeGreaterThanOrEqual(30 * 3_600);
      const again = await sheets.rows(key, 'Hand Cannons', 'fatebringer');
      expect(again.rowsCopy).toMatchObject({ isStale: true });
    },
  );

  it('holds what was written for programs as text like any other', async () => {
    const found = await openProcess().rows(key, 'Hand Cannons', 'ignore previous');
    expect(found.rows).toEqual([['Wish-Ender', 'Kinetic', INJECTION]]);
    expect(found).toMatchObject({ tab: 'Hand Cannons', total: 1 });
  });

  it('with too many rows says how to ask', async () => {
    const sheets = openProcess();
    const all = await sheets.rows(key, 'all weapons', undefined, 10);
    expect(all).toMatchObject({ total: 240, hint: expect.stringContaining('narrow') });
    expect(all.rows).toHaveLength(10);
    expect(await sheets.rows(key, 'all weapons', 'jade 5', 10)).toMatchObject({ hint: null });
  });

  it('is read anew after a refresh, which is had once a minute by all', async () => {
    const [one, other] = [openProcess(), openProcess()];
    await one.rows(key, 'Hand Cannons', undefined);
    change(sheetId, 'Hand Cannons', [['Weapon'], ['Hawkmoon']]);
    await one.refresh(key);
    expect((await other.rows(key, 'Hand Cannons', undefined)).rows).toEqual([['Hawkmoon']]);
    const refusal: unknown = await other.refresh(key).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RateLimitError);
    expect((refusal as RateLimitError).retryAfterS).toBeGreaterThan(50);
    await units.owner("UPDATE destiny.sheet_tab SET refreshed_at = refreshed_at - interval '61 seconds'");
    await other.refresh(key);
  });

  it('goes on after the death of a process that was reading it', async () => {
    const sheets = openProcess();
    await sheets.rows(key, 'Hand Cannons', undefined);
    await age(25);
    await units.owner(
      "UPDATE destiny.sheet_tab SET claim_id = gen_random_uuid(), claimed_until = now() + interval '45 seconds'",
    );
    expect((await sheets.rows(key, 'Hand Cannons', undefined)).rowsCopy?.isStale).toBe(true);
    await units.owner("UPDATE destiny.sheet_tab SET claimed_until = now() - interval '1 second'");
    expect((await sheets.rows(key, 'Hand Cannons', undefined)).rowsCopy?.isStale).toBe(false);
  });
});

describe('sheets', () => {
  it('without a named tab tell which there are; with one tab that one is meant', async () => {
    const sheets = openProcess();
    expect(await sheets.rows('public', undefined, 'x')).toMatchObject({
      tab: null,
      rows: [],
      hint: expect.stringContaining('Name the tab'),
    });
    expect(await sheets.rows('one-tab', undefined, 'fatebringer')).toMatchObject({
      tab: 'Hand Cannons',
      total: 1,
    });
  });

  it('that are not in the settings, and tabs that are not there, are unknown and not asked for', async () => {
    const sheets = openProcess();
    expect((await failureOf(sheets.rows('other', 'x', undefined))).code).toBe('destiny/unknown-sheet');
    expect((await failureOf(sheets.rows('public', 'sniper', undefined))).code).toBe('destiny/unknown-tab');
    expect(google.journal.filter(({ path }) => path.includes('other'))).toEqual([]);
  });

  it('behind a sign-in are not public, whatever comes with 200', async () => {
    const failure = await failureOf(openProcess().rows('locked', 'Hand Cannons', undefined));
    expect(failure.message).toBe('The sheet is not public: Google asks to sign in.');
  });

  it('are read with a token that is asked for once, and once more when it is taken back', async () => {
    const sheets = openProcess();
    await sheets.rows('private', 'Hand Cannons', undefined);
    await sheets.rows('private', 'Shotguns', undefined);
    expect(readings('token')).toBe(1);
    google.revokeTokens();
    expect((await sheets.rows('private', 'All weapons', undefined)).total).toBe(240);
    expect(readings('token')).toBe(2);
  });

  it('have tabs whose very name Google wants, signs, double blanks and all', async () => {
    const found = await openProcess().rows('private', "author's notes", undefined);
    expect(found).toMatchObject({
      tab: "Author's notes",
      rows: [['=HYPERLINK("https://evil.example";"look")']],
    });
  });

  it.each<SheetsFault>([
    'forbidden',
    'error',
    'rate-limit',
    'cut',
    'login-page',
    'open-quote',
    'unauthorized',
  ])('whose token ends with %s are unavailable, and no key is told', async (kind) => {
    google.fail({ route: 'token', kind, count: 5 });
    const failure = await failureOf(openProcess().rows('private', 'Hand Cannons', undefined));
    expect(failure.code).toBe('destiny/sheet-unavailable');
    expect(readings('token')).toBe(1);
    expect(inspect(failure, { depth: 10 })).not.toMatch(/PRIVATE KEY|assertion|ya29/);
  });

  it('are not read with a key that Google does not know', async () => {
    const stranger = await openSheetsSandbox({ sheets: {} });
    await stranger.close();
    const key = { ...google.accountKey, private_key: stranger.accountKey.private_key };
    const sheets = openProcess({ GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify(key) });
    const failure = await failureOf(sheets.rows('private', 'Hand Cannons', undefined));
    expect(failure.message).toBe('Google does not take the key of the service account.');
  });
});
