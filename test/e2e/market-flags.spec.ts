import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const FLAGS = OBSERVATIONS_PATH.replace('observations', 'flags');
const DAY_MS = 86_400_000;
/** The day with the absurd price, the sixth of its series. */
const DAY = '2026-03-06';

interface Point {
  observationId: number;
}

let database: TestDatabase;
let server: ServerProcess;
/** Each test has an item of its own. */
let externalId = 960_000_000;
let itemId: number;
/** Of that day, at 100, 103 and 100,000. */
let ids: [number, number, number];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

beforeEach(async () => {
  externalId += 1;
  const dayMs = Date.parse(DAY);
  const at = (ms: number, unitPrice: number): object => ({
    externalId,
    unitPrice,
    capturedAt: new Date(ms).toISOString(),
  });
  const before = [5, 4, 3, 2, 1].map((days) => at(dayMs - days * DAY_MS, 95 + days));
  const onDay = [100, 103, 100_000].map((price, hour) => at(dayMs + hour * 3_600_000, price));
  const { json } = await post(server.url, OBSERVATIONS_PATH, [...before, ...onDay]);
  ids = (json.results as Point[]).slice(5).map(({ observationId }) => observationId) as typeof ids;
  const [row] = await queryRows<{ id: number }>(
    database.url,
    'SELECT id FROM market.item WHERE external_id = $1',
    [externalId],
  );
  itemId = row!.id;
  await waitUntil('the price is flagged', 20_000, async () => (await flags()).length === 1);
});

const series = (query: string): Promise<Answer> =>
  get(server.url, `${OBSERVATIONS_PATH.replace('observations', 'items')}/${itemId}/series?${query}`);
const flags = async (query = ''): Promise<Record<string, unknown>[]> =>
  (await get(server.url, `${FLAGS}?itemId=${itemId}${query}`, { token: READ_TOKEN })).json.items;
const judge = (id: number | string, verdict: unknown, token?: string): Promise<Answer> =>
  call(server.url, 'PUT', `${OBSERVATIONS_PATH}/${id}/flag`, {
    body: { verdict },
    ...(token === undefined ? {} : { token }),
  });
const dayOf = async (): Promise<{ median: number; mean: number; high: number }> =>
  (await series(`bucket=day&from=${DAY}&to=${DAY}`)).json.items[0];
const waitForMedian = (median: number): Promise<unknown> =>
  waitUntil(`the median is ${median}`, 20_000, async () => (await dayOf()).median === median);

describe('an absurd price', () => {
  it('is flagged with its reason, stays in the history, and moves means but no medians', async () => {
    expect(await flags()).toEqual([
      {
        observationId: ids[2],
        itemId,
        externalId,
        label: expect.any(String),
        capturedAt: `${DAY}T02:00:00.000Z`,
        unitPrice: 100_000,
        source: expect.any(String),
        isSimulated: false,
        reason: 'above-level',
        expectedPrice: expect.closeTo(98, 9),
        ratio: expect.closeTo(100_000 / 98, 6),
        flaggedAt: expect.any(String),
        verdict: 'open',
        judgedBy: null,
        judgedAt: null,
      },
    ]);
    expect(await dayOf()).toMatchObject({ median: 101.5, high: 100_000, mean: 100_203 / 3 });
    const quantiles = (await series(`bucket=day&from=${DAY}&to=${DAY}&fields=p5,p95`)).json.items as object[];
    expect(quantiles).toEqual([
      { startAt: `${DAY}T00:00:00.000Z`, p5: expect.closeTo(100.15, 9), p95: expect.closeTo(102.85, 9) },
    ]);
    const raw = (await series(`from=${DAY}`)).json.items as Record<string, unknown>[];
    expect(raw.map(({ isFlagged, flagReason }) => [isFlagged, flagReason])).toEqual([
      [false, null],
      [false, null],
      [true, 'above-level'],
    ]);
    const hours = (await series(`bucket=hour&from=${DAY}&to=${DAY}T23:59:59Z`)).json.items as object[];
    expect(hours.at(-1)).toMatchObject({ median: 100_000, n: 1 });
    const { text } = await series(`format=csv&from=${DAY}`);
    expect(text.split('\r\n')[3]).toMatch(/,false,true,above-level$/);
  });

  it('counts again when a curator clears it, until that is taken back', async () => {
    const cleared = await judge(ids[2], 'cleared');
    expect(cleared.status).toBe(200);
    expect(cleared.json).toMatchObject({
      verdict: 'cleared',
      judgedBy: expect.any(String),
      judgedAt: expect.any(String),
    });
    await waitForMedian(103);
    expect(await flags('&verdict=cleared')).toEqual([cleared.json]);
    expect(await flags('&verdict=open')).toEqual([]);
    expect((await series(`from=${DAY}`)).json.items[2]).toMatchObject({ isFlagged: false, flagReason: null });

    expect((await judge(ids[2], 'open')).json).toMatchObject({ verdict: 'open', judgedBy: null });
    await waitForMedian(101.5);
    expect((await flags('&verdict=open&reason=above-level')).length).toBe(1);
    expect(await flags('&reason=below-day')).toEqual([]);
  });

  it('loses flag and verdict with the price that they speak of', async () => {
    await judge(ids[2], 'confirmed');
    await call(server.url, 'PATCH', `${OBSERVATIONS_PATH}/${ids[2]}`, { body: { unitPrice: 106 } });
    expectProblem(await judge(ids[2], 'cleared'), 404, 'market/unknown-flag');
    await waitForMedian(103);
    expect(await flags()).toEqual([]);
  });

  it('is judged by curators, of an observation that is flagged, in words that exist', async () => {
    expect((await judge(ids[2], 'cleared', READ_TOKEN)).status).toBe(403);
    expectProblem(await judge(ids[0], 'cleared'), 404, 'market/unknown-flag');
    expectProblem(await judge(4_000_000_000_000, 'cleared'), 404, 'market/unknown-observation');
    const wrong = await judge(ids[2], 'perhaps');
    expectProblem(wrong, 400, 'http/malformed');
    expect(wrong.json.errors[0].pointer).toBe('/verdict');
  });

  it('leaves an event with the verdict before and after', async () => {
    await judge(ids[2], 'cleared');
    await judge(ids[2], 'confirmed');
    const [event] = await queryRows<{ before: unknown; after: unknown }>(
      database.url,
      `SELECT d.before, d.after FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.action = 'market.flag-judged' ORDER BY e.id DESC LIMIT 1`,
    );
    expect(event).toMatchObject({ before: { verdict: 'cleared' }, after: { verdict: 'confirmed' } });
  });
});

it('the list is walked page by page, newest first', async () => {
  const all = (await get(server.url, `${FLAGS}?limit=200`)).json.items as Point[];
  expect(all.length).toBeGreaterThan(2);
  const walked: Point[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { json } = await get(server.url, `${FLAGS}?limit=2${cursor && `&cursor=${cursor}`}`);
    walked.push(...(json.items as Point[]));
    cursor = json.nextCursor as string | null;
  }
  expect(walked).toEqual(all);
  expectProblem(await get(server.url, `${FLAGS}?cursor=nonsense`), 400, 'http/malformed');
  expectProblem(await get(server.url, `${FLAGS}?verdict=none`), 400, 'http/malformed');
  expectProblem(await get(server.url, `${FLAGS}?itemId=0`), 400, 'http/malformed');
});
