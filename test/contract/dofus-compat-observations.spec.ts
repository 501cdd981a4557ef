import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ADVISORY_LOCK } from '../../src/platform/database/advisory-locks.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { type Answer, call, getMarket, MARKET, minutesAgo, point, send, upload } from './compat-calls.js';

// How the web page corrects single observations, with the bodies that it sends and the fields that it reads.

const OBSERVATIONS = `${MARKET}?resource=observations`;

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const write = (method: string, body: unknown, headers?: object): Promise<Answer> =>
  send(server, method, OBSERVATIONS, body, headers);
const series = async (item: string): Promise<{ id: number; date: string; avg_price: number }[]> =>
  (await getMarket(server, `resource=timeseries&item=${encodeURIComponent(item)}&server=Hell+Mina`)).body;

/** Sends while another process writes prices of the server, and goes on once one of the requests waits for its end. */
async function whileLaneIsTaken(
  requests: () => Promise<Answer>[],
  meanwhile?: () => Promise<void>,
): Promise<Answer[]> {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  try {
    await other.query(
      `SELECT pg_advisory_lock(${ADVISORY_LOCK.marketServerLane}, id) FROM market.server WHERE name = 'Hell Mina'`,
    );
    const sent = requests();
    await waitUntil('a request waits for the lane', 10_000, async () => {
      const { rowCount } = await other.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${ADVISORY_LOCK.marketServerLane} AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rowCount === 1;
    });
    await meanwhile?.();
    await other.query('SELECT pg_advisory_unlock_all()');
    return await Promise.all(sent);
  } finally {
    await other.end();
  }
}

const body = (item: string, more: object = {}): object => ({
  item_name: item,
  server: 'Hell Mina',
  price_unit_avg: 125.5,
  captured_at: minutesAgo(30).replace('456Z', 'Z'),
  ...more,
});

describe('POST observations', () => {
  it('adds a point, which the series shows at once', async () => {
    const sent = body('zz manual') as { captured_at: string };
    const { status, body: answer } = await write('POST', sent);
    expect(status).toBe(200);
    const at = sent.captured_at.replace('Z', '+00:00');
    expect(answer).toEqual({
      status: 'ok',
      data: {
        id: expect.any(Number),
        item_id: expect.any(Number),
        server: 'Hell Mina',
        price_unit_avg: 125.5,
        captured_at: at,
        nb_lots: 1,
        source_client: 'manual_web_edit',
      },
    });
    expect(await series('zz manual')).toEqual([{ id: answer.data.id, date: at, avg_price: 125.5 }]);
  });

  it('answers a repeated price with the row that says it, and a second price for a moment by correcting the first', async () => {
    const first = (await write('POST', body('zz twice'))).body.data;
    const [sameMoment] = [
      (await write('POST', body('zz twice', { captured_at: first.captured_at.replace('+00:00', 'Z') }))).body
        .data,
    ];
    expect(sameMoment).toEqual(first);
    const later = new Date(Date.parse(first.captured_at) + 60_000).toISOString();
    expect((await write('POST', body('zz twice', { captured_at: later }))).body.data).toEqual(first);
    const moment = first.captured_at.replace('+00:00', 'Z');
    const corrected = await write('POST', body('zz twice', { captured_at: moment, price_unit_avg: 99 }));
    expect(corrected.body.data).toEqual({ ...first, price_unit_avg: 99 });
    expect(await series('zz twice')).toEqual([{ id: first.id, date: first.captured_at, avg_price: 99 }]);
  });

  it('takes back what was deleted, and does not touch another row for a late repeat', async () => {
    const at = minutesAgo(90);
    const first = (await write('POST', body('zz again', { captured_at: at }))).body.data;
    await write('DELETE', { id: first.id });
    expect(await series('zz again')).toEqual([]);
    const again = (await write('POST', body('zz again', { captured_at: at }))).body.data;
    expect(again).toEqual({ ...first, id: expect.any(Number) });
    const newest = (await write('POST', body('zz again', { captured_at: minutesAgo(30), price_unit_avg: 7 })))
      .body.data;
    const late = await write('POST', body('zz again', { captured_at: minutesAgo(80) }));
    expect(late.body.data).toEqual(again);
    expect((await series('zz again')).map(({ id, avg_price }) => [id, avg_price])).toEqual([
      [again.id, 125.5],
      [newest.id, 7],
    ]);
  });

  it('takes a price of 0 and one that is older than what is known, and adds an unknown server', async () => {
    await upload(server, [point({ item_name: 'zz older', server: 'Hell Mina', price_unit_avg: 10 })]);
    expect(
      (await write('POST', body('zz older', { captured_at: minutesAgo(500), price_unit_avg: 0 }))).status,
    ).toBe(200);
    expect((await series('zz older')).map((row) => row.avg_price)).toEqual([0, 10]);
    const elsewhere = await write('POST', body('zz older', { server: 'Brand New' }));
    expect([elsewhere.status, elsewhere.body.data.server]).toEqual([200, 'Brand New']);
  });

  it.each<[string, object]>([
    ['no name', { item_name: undefined }],
    ['a blank name', { item_name: ' ' }],
    ['a negative price', { price_unit_avg: -1 }],
    ['a price as text', { price_unit_avg: '5' }],
    ['a price beyond 10^12', { price_unit_avg: 1e13 }],
    ['a day', { captured_at: '2026-01-01' }],
    ['the future', { captured_at: '2126-01-01T00:00:00Z' }],
    ['no server', { server: undefined }],
  ])('refuses %s and names the field', async (_what, wrong) => {
    const { status, body: answer } = await write('POST', body('zz refused', wrong));
    expect([status, answer.error]).toEqual([400, 'validation_error']);
    expect(Object.keys(answer.details.fieldErrors)).toEqual(Object.keys(wrong));
  });
});

describe('POST observations while others write prices of the server', () => {
  it('takes back what was deleted only with the price that comes for it, and says so where that one is not stored', async () => {
    const kept = (await write('POST', body('zz reopened', { captured_at: minutesAgo(90) }))).body.data;
    const at = minutesAgo(85);
    const wrong = (await write('POST', body('zz reopened', { captured_at: at, price_unit_avg: 7 }))).body
      .data;
    await write('DELETE', { id: wrong.id });
    const decided = (): Promise<{ sourceId: number }[]> =>
      queryRows(
        database.url,
        'SELECT source_id AS "sourceId" FROM market.decided_observation WHERE item_id = $1',
        [wrong.item_id],
      );
    const before = await decided();
    expect(before).toHaveLength(1);
    let meanwhile: object[] = [];
    const [again] = await whileLaneIsTaken(
      () => [write('POST', body('zz reopened', { captured_at: at }))],
      async () => {
        meanwhile = await decided();
      },
    );
    expect(meanwhile).toEqual(before);
    // It repeats the price five minutes before.
    expect(again!.body.data).toEqual(kept);
    expect(await decided()).toEqual([]);
    const events = await queryRows<{ before: { itemId: number; sourceId: number } }>(
      database.url,
      `SELECT d.before FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.action = 'market.observation-reopened'`,
    );
    expect(
      events.map((event) => event.before).filter(({ itemId }) => itemId === wrong.item_id),
    ).toMatchObject(before);
  });

  it('answers each of several prices for one moment with what it has said', async () => {
    const moment = { captured_at: minutesAgo(45) };
    await write('POST', body('zz crowd', { captured_at: minutesAgo(200), price_unit_avg: 1 }));
    const prices = [50, 20, 40, 30];
    const answers = await whileLaneIsTaken(() =>
      prices.map((price) => write('POST', body('zz crowd', { ...moment, price_unit_avg: price }))),
    );
    expect(answers.map((answer) => [answer.status, answer.body.data.price_unit_avg])).toEqual(
      prices.map((price) => [200, price]),
    );
    expect(new Set(answers.map((answer) => answer.body.data.id as number)).size).toBe(1);
    expect((await series('zz crowd')).length).toBe(2);
  });
});

describe('PUT and DELETE observations', () => {
  it('correct and take away a point, and the newest price follows', async () => {
    const ids: number[] = [];
    for (const minutes of [30, 20])
      ids.push(
        (await write('POST', body('zz edit', { captured_at: minutesAgo(minutes), price_unit_avg: minutes })))
          .body.data.id as number,
      );
    const changed = await write('PUT', { id: ids[1], price_unit_avg: 77.25 });
    expect([changed.status, changed.body]).toEqual([200, { status: 'ok', updated_id: ids[1] }]);
    expect((await series('zz edit')).map((row) => row.avg_price)).toEqual([30, 77.25]);
    const removed = await write('DELETE', { id: ids[1] });
    expect([removed.status, removed.body]).toEqual([200, { status: 'ok', deleted_id: ids[1] }]);
    expect((await series('zz edit')).map((row) => row.id)).toEqual([ids[0]]);
    const [latest] = await queryRows<{ price: number }>(
      database.url,
      `SELECT l.price FROM market.latest l JOIN market.item i ON i.id = l.item_id WHERE i.label = 'zz edit'`,
    );
    expect(latest).toEqual({ price: 30 });
    await waitUntil('the day follows', 10_000, async () => {
      const days = await queryRows<{ sum: number }>(
        database.url,
        `SELECT d.sum FROM market.daily d JOIN market.item i ON i.id = d.item_id WHERE i.label = 'zz edit'`,
      );
      return days.length === 1 && days[0]!.sum === 30;
    });
  });

  it('say ok to an id that is not known, as the original does', async () => {
    expect((await write('PUT', { id: 999_999_999, price_unit_avg: 1 })).body).toEqual({
      status: 'ok',
      updated_id: 999_999_999,
    });
    expect((await write('DELETE', { id: 999_999_999 })).body).toEqual({
      status: 'ok',
      deleted_id: 999_999_999,
    });
  });

  it.each<[string, object]>([
    ['PUT', { price_unit_avg: 5 }],
    ['PUT', { id: 5 }],
    ['PUT', { id: 5, price_unit_avg: -1 }],
    ['PUT', { id: 1.5, price_unit_avg: 1 }],
    ['DELETE', {}],
    ['DELETE', { id: '5' }],
    ['DELETE', { id: 0 }],
  ])('%s refuses %j', async (method, wrong) => {
    const answer = await write(method, wrong);
    expect([answer.status, answer.body.error]).toEqual([400, 'validation_error']);
  });
});

describe('who may write', () => {
  it('is asked for a token without one, and refused with a wrong one or one for reading', async () => {
    for (const [method, sent] of [
      ['POST', body('zz guarded')],
      ['PUT', { id: 1, price_unit_avg: 1 }],
      ['DELETE', { id: 1 }],
    ] as const) {
      const none = await write(method, sent, {});
      expect([none.status, none.body.error]).toEqual([401, 'unauthorized']);
      for (const token of ['wrong', READ_TOKEN]) {
        const wrong = await write(method, sent, { Authorization: `Bearer ${token}` });
        expect([wrong.status, wrong.body.error]).toEqual([403, 'forbidden']);
      }
    }
    expect(await series('zz guarded')).toEqual([]);
  });

  it('may not use other methods', async () => {
    const read = await getMarket(server, 'resource=observations');
    expect([read.status, read.headers.get('allow'), read.body.error]).toEqual([
      405,
      'POST, PUT, DELETE',
      'method_not_allowed',
    ]);
    const posted = await send(server, 'POST', `${MARKET}?resource=timeseries`, {});
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
    const patched = await call(server, OBSERVATIONS, { method: 'PATCH' });
    expect([patched.status, patched.headers.get('allow')]).toEqual([405, 'GET, POST, PUT, DELETE']);
  });
});
