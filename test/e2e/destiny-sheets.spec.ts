import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { communitySheet, INJECTION, SANDBOX_SHEET_ID } from '../../src/sandbox/sheets/community-sheet.js';
import { openSheetsSandbox, type SheetsSandbox } from '../../src/sandbox/sheets/sheets-sandbox.js';
import { call, get } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import {
  ADMIN_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// Sheets of the community over HTTP, from a stand-in: by CSV export and, as a service account, through the API.

const BASE = '/api/v1/destiny/sheets';
const PRIVATE_ID = 'sandbox-sheet-private';

let database: TestDatabase;
let google: SheetsSandbox;
let server: ServerProcess;
let person: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  google = await openSheetsSandbox({
    sheets: { [SANDBOX_SHEET_ID]: communitySheet(true), [PRIVATE_ID]: communitySheet(false) },
  });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    DOMAINS: 'destiny',
    TRUST_PROXY: '1',
    GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify(google.accountKey),
    GOOGLE_SHEETS_URL: google.url,
    GOOGLE_DOCS_URL: google.url,
    DESTINY_SHEETS: JSON.stringify([
      {
        key: 'endgame',
        title: 'Endgame analysis',
        sheetId: SANDBOX_SHEET_ID,
        gids: { 'Hand Cannons': 101, 'All weapons': 103 },
      },
      { key: 'clan', title: "The clan's own", sheetId: PRIVATE_ID },
    ]),
  });
  person = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await google.close();
  await database.drop();
});

const ask = (path: string) => get(server.url, BASE + path, { token: person.accessToken });

describe('sheets over HTTP', () => {
  it('are listed, with their tabs', async () => {
    expect((await ask('')).json).toEqual({
      items: [
        { key: 'endgame', title: 'Endgame analysis', access: 'public' },
        { key: 'clan', title: "The clan's own", access: 'service-account' },
      ],
    });
    const tabs = await ask('/clan/tabs');
    expect(tabs.json).toMatchObject({ key: 'clan', isStale: false, staleReason: null });
    expect(tabs.json.items.map(({ title }: { title: string }) => title)).toEqual([
      'Hand Cannons',
      'Shotguns (PvE)',
      'All weapons',
      "Author's notes",
    ]);
    expect(tabs.json.items[0]).toEqual({
      title: 'Hand Cannons',
      rowCount: null,
      fetchedAt: null,
      isStale: false,
    });
  });

  it.each(['endgame', 'clan'])('of the key %s tell rows by tab and words', async (key) => {
    const { status, json } = await ask(`/${key}/rows?tab=hand%20cannon&q=J%C3%B6tunn`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      tab: 'Hand Cannons',
      columns: ['Weapon', 'Element', 'Note'],
      rows: [['Jötunn', 'Solar', 'Tracks, so it is kind to everybody']],
      total: 1,
      isStale: false,
      isCut: false,
      hint: null,
    });
    expect(json.ageS).toBeLessThan(60);
    const many = await ask(`/${key}/rows?tab=All%20weapons&limit=3`);
    expect(many.json).toMatchObject({ total: 240, hint: expect.stringContaining('narrow') });
    expect(many.json.rows).toHaveLength(3);
    const none = await ask(`/${key}/rows?q=x`);
    expect(none.json).toMatchObject({ tab: null, rows: [], fetchedAt: null });
  });

  it('pass on what strangers wrote for programs as text, and do nothing of it', async () => {
    const before = google.journal.length;
    const { json } = await ask('/endgame/rows?tab=Hand%20Cannons&q=ignore%20previous');
    expect(json.rows).toEqual([['Wish-Ender', 'Kinetic', INJECTION]]);
    expect(google.journal).toHaveLength(before);
  });

  it('are stale with a reason while Google is away, and unavailable where nothing was kept', async () => {
    await ask('/clan/rows?tab=Hand%20Cannons');
    await queryRows(
      database.url,
      "UPDATE destiny.sheet_tab SET fetched_at = fetched_at - interval '25 hours'",
    );
    google.fail({ route: 'values', kind: 'forbidden', count: 5 });
    const stale = await ask('/clan/rows?tab=Hand%20Cannons&q=fatebringer');
    expect(stale).toMatchObject({
      status: 200,
      json: { total: 1, isStale: true, staleReason: 'The sheet is not shared with us (403).' },
    });
    expect(stale.json.ageS).toBeGreaterThanOrEqual(25 * 3_600);
    const missing = await ask('/clan/rows?tab=Shotguns');
    expect(missing).toMatchObject({ status: 503, json: { code: 'destiny/sheet-unavailable' } });
    expect(missing.headers.get('retry-after')).not.toBeNull();
    google.heal();
  });

  it('are read anew after a refresh, once a minute', async () => {
    const refresh = (token: string) => call(server.url, 'POST', `${BASE}/endgame/refresh`, { token });
    expect(await refresh(person.accessToken)).toMatchObject({ status: 200, json: { key: 'endgame' } });
    const again = await refresh((await newPerson(server.url)).accessToken);
    expect([again.status, Number(again.headers.get('retry-after')) > 30]).toEqual([429, true]);
    const calls = google.journal.length;
    expect((await ask('/endgame/rows?tab=Hand%20Cannons')).json.isStale).toBe(false);
    expect(google.journal.length).toBeGreaterThan(calls);
  });

  it.each([
    ['/other/tabs', 404, 'destiny/unknown-sheet'],
    ['/other/rows', 404, 'destiny/unknown-sheet'],
    ['/endgame/rows?tab=sniper', 404, 'destiny/unknown-tab'],
    ['/endgame/rows?limit=0', 400, null],
    ['/endgame/rows?limit=201', 400, null],
    ['/endgame/rows?tab=', 400, null],
    ['/endgame/rows?tab=%00', 400, null],
    [`/endgame/rows?q=${'x'.repeat(201)}`, 400, null],
    ['/endgame/rows?sheetId=1', 400, null],
  ])('answer %s with %d', async (path, status, code) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    if (code !== null) expect(answer.json.code).toBe(code);
  });

  it('are for who may read Destiny', async () => {
    expect((await get(server.url, BASE, { token: null })).status).toBe(401);
    expect((await call(server.url, 'POST', `${BASE}/endgame/refresh`, { token: READ_TOKEN })).status).toBe(
      403,
    );
  });

  it('show their cache at /metrics', async () => {
    const { text } = await get(server.url, '/metrics', { token: ADMIN_TOKEN });
    expect(text).toMatch(/^cache_hits_total\{cache="destiny\.sheets"\} [1-9]/m);
    expect(text).toMatch(/^cache_entries\{cache="destiny\.sheets"\} [1-9]/m);
  });
});
