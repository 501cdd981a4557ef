import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

let database: TestDatabase;
let server: ServerProcess;
/** Each test has an item of its own: an id that no catalogue knows. */
let item = 910_000_000;
/** Observations of the item, 30, 20 and 10 minutes old, at 10, 20 and 30. */
let ids: [number, number, number];

beforeAll(async () => {
  database = await createTestDatabase();
  // Without a worker: what is marked stays marked, so that it can be counted.
  server = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

beforeEach(async () => {
  item += 1;
  const answer = await post(
    server.url,
    OBSERVATIONS_PATH,
    [30, 20, 10].map((minutes, index) => ({
      externalId: item,
      unitPrice: (index + 1) * 10,
      capturedAt: new Date(Date.now() - minutes * 60_000).toISOString(),
    })),
  );
  ids = answer.json.results.map(({ observationId }: { observationId: number }) => observationId);
});

const patch = (id: number | string, body: unknown, token?: string): Promise<Answer> =>
  call(server.url, 'PATCH', `${OBSERVATIONS_PATH}/${id}`, {
    body,
    ...(token === undefined ? {} : { token }),
  });
const remove = (id: number | string, path = OBSERVATIONS_PATH): Promise<Answer> =>
  call(server.url, 'DELETE', `${path}/${id}`);
const latest = async (): Promise<unknown> =>
  (await get(server.url, `${OBSERVATIONS_PATH.replace('observations', 'prices')}?externalIds=${item}`)).json
    .items;
const prices = async (): Promise<number[]> =>
  (
    await queryRows<{ price: number }>(
      database.url,
      `SELECT o.price FROM market.observation o JOIN market.item i ON i.id = o.item_id
       WHERE i.external_id = $1 ORDER BY o.captured_at`,
      [item],
    )
  ).map(({ price }) => price);
const marks = async (): Promise<number> =>
  (
    await queryRows<{ n: number }>(
      database.url,
      `SELECT count(*)::int AS n FROM market.dirty_batch b JOIN market.item i ON i.id = ANY (b.item_ids)
       WHERE i.external_id = $1 AND b.days[1] >= (now() AT TIME ZONE 'UTC')::date - 1`,
      [item],
    )
  )[0]!.n;
const versionTag = async (): Promise<string | null> =>
  (
    await get(server.url, `${OBSERVATIONS_PATH.replace('observations', 'prices')}?externalIds=${item}`)
  ).headers.get('etag');

describe('an edit of an observation', () => {
  it('changes what is given, leaves the rest, marks the day and bumps the version', async () => {
    const [tag, marked] = [await versionTag(), await marks()];
    const answer = await patch(ids[0], { unitPrice: 12.5 });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      id: ids[0],
      capturedAt: expect.any(String),
      unitPrice: 12.5,
      lots: 1,
      source: 'api',
      isSimulated: false,
    });
    expect((await patch(ids[0], { lots: 7 })).json).toMatchObject({ unitPrice: 12.5, lots: 7 });
    expect(await prices()).toEqual([12.5, 20, 30]);
    expect(await latest()).toMatchObject([{ unitPrice: 30 }]);
    expect(await versionTag()).not.toBe(tag);
    expect(await marks()).toBe(marked + 2);
  });

  it('of the newest one shows in the latest price', async () => {
    await patch(ids[2], { unitPrice: 33, lots: 3 });
    expect(await latest()).toMatchObject([{ unitPrice: 33, lots: 3 }]);
  });

  it.each([
    ['nothing', {}, 422, 'market/nothing-to-change'],
    ['a price of zero', { unitPrice: 0 }, 400, 'http/malformed'],
    ['a price that is null', { unitPrice: null }, 400, 'http/malformed'],
    ['lots that are no number', { lots: '2' }, 400, 'http/malformed'],
    ['an unknown field', { unitPrice: 1, itemId: 2 }, 400, 'http/malformed'],
  ])('refuses %s', async (_what, body, status, code) => {
    expectProblem(await patch(ids[0], body), status, code);
    expect(await prices()).toEqual([10, 20, 30]);
  });

  it('needs the right to send prices', async () => {
    expectProblem(await patch(ids[0], { lots: 2 }, READ_TOKEN), 403, 'auth/forbidden');
  });
});

describe('a delete of an observation', () => {
  it('takes it out of the history, once', async () => {
    const answer = await remove(ids[1]);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await prices()).toEqual([10, 30]);
    expect(await latest()).toMatchObject([{ unitPrice: 30 }]);
    expectProblem(await remove(ids[1]), 404, 'market/unknown-observation');
  });

  it('of the newest one gives the latest price back to the one before it, at last to none', async () => {
    await remove(ids[2]);
    expect(await latest()).toMatchObject([{ unitPrice: 20 }]);
    await remove(ids[0]);
    expect(await latest()).toMatchObject([{ unitPrice: 20 }]);
    await remove(ids[1]);
    expect(await latest()).toEqual([]);
    expect(await prices()).toEqual([]);
  });

  it('takes what repeats it along, lets what it parted be one again, and outlasts the client that sends it again', async () => {
    const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const sent = [
      [26, 999],
      [25, 999],
      [24, 10],
      [23, 999],
    ].map(([minutes, unitPrice]) => ({ externalId: item, unitPrice, capturedAt: at(minutes!) }));
    const { results } = (await post(server.url, OBSERVATIONS_PATH, sent)).json;
    expect(results.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'accepted',
      'duplicate',
      'accepted',
      'accepted',
    ]);
    await remove(results[0].observationId);
    // 10 at 30 and 24 minutes is one price now; 999 was seen once more after it.
    expect(await prices()).toEqual([10, 999, 20, 30]);
    await remove(results[3].observationId);
    expect((await post(server.url, OBSERVATIONS_PATH, sent)).json.acceptedCount).toBe(0);
    expect(await prices()).toEqual([10, 20, 30]);
  });

  it('names in its event what goes with it: repeats, and what the source said of the instant besides', async () => {
    const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
    const wrong = { externalId: item, unitPrice: 999, capturedAt: at(28) };
    const sent = [wrong, { ...wrong, unitPrice: 1_500 }, { ...wrong, capturedAt: at(25), lots: 3 }];
    const { results } = (await post(server.url, OBSERVATIONS_PATH, sent)).json;
    const id = results[0].observationId as number;
    await patch(id, { lots: 2 });
    await remove(id);
    const events = await queryRows<{ before: { withheld?: object[] } }>(
      database.url,
      `SELECT d.before FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.object_type = 'market.observation' AND e.object_id = $1 ORDER BY e.id`,
      [String(id)],
    );
    const gone = { capturedAt: expect.any(String), sourceId: expect.any(Number), lots: 1 };
    expect(events.map(({ before }) => before.withheld)).toEqual([
      [{ ...gone, unitPrice: 1_500 }],
      [{ ...gone, unitPrice: 999, lots: 3 }],
    ]);
  });

  it('of all there is outlasts the client that sends them again, an edit too', async () => {
    const sent = [9, 8].map((minutes) => ({
      externalId: item + 500_000,
      unitPrice: minutes,
      capturedAt: new Date(Date.now() - minutes * 60_000).toISOString(),
    }));
    const { results } = (await post(server.url, OBSERVATIONS_PATH, sent)).json;
    item += 500_000;
    await patch(results[1].observationId, { unitPrice: 88 });
    expect((await post(server.url, OBSERVATIONS_PATH, sent)).json.acceptedCount).toBe(0);
    expect(await prices()).toEqual([9, 88]);
    for (const { observationId } of results) await remove(observationId);
    expect((await post(server.url, OBSERVATIONS_PATH, sent)).json.acceptedCount).toBe(0);
    expect([await prices(), await latest()]).toEqual([[], []]);
    item -= 500_000;
  });

  it('finds no observation of another server, and none by what is no id', async () => {
    expectProblem(
      await remove(ids[0], OBSERVATIONS_PATH.replace('draconiros', 'brial')),
      404,
      'market/unknown-observation',
    );
    expectProblem(await remove('9007199254740991'), 404, 'market/unknown-observation');
    expectProblem(await remove('9007199254740993'), 404, 'http/not-found');
    expectProblem(await remove('0'), 404, 'http/not-found');
  });
});
