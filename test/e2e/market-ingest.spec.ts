import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows, TableCounter } from '../support/table-counts.js';

let database: TestDatabase;
let server: ServerProcess;
let counter: TableCounter;
/** Each test has items of its own: ids that no catalogue knows. */
let nextExternalId = 900_000_000;
let itemA: number;
let itemB: number;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  counter = await TableCounter.open(database.url);
});

afterAll(async () => {
  await counter.close();
  await server.stop();
  await database.drop();
});

beforeEach(() => {
  itemA = nextExternalId += 1;
  itemB = nextExternalId += 1;
});

const ingest = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  post(server.url, OBSERVATIONS_PATH, body, { headers });
const sendLines = (lines: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ingest(lines, { 'content-type': 'application/x-ndjson', ...headers });
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const priceOf = (externalId: number, unitPrice: number, minutes = 5): Record<string, unknown> => ({
  externalId,
  unitPrice,
  capturedAt: minutesAgo(minutes),
});
const storedPrices = async (externalId: number): Promise<number[]> =>
  (
    await queryRows<{ price: number }>(
      database.url,
      `SELECT o.price FROM market.observation o JOIN market.item i ON i.id = o.item_id
       WHERE i.external_id = $1 ORDER BY o.captured_at, o.price`,
      [externalId],
    )
  ).map(({ price }) => price);
const verdicts = (answer: Answer): string[] =>
  (answer.json.results as { verdict: string }[]).map(({ verdict }) => verdict);

describe('ingest', () => {
  it('stores a batch and answers with one verdict per element, in the order sent', async () => {
    const answer = await ingest([
      priceOf(itemA, 10),
      { ...priceOf(itemB, 20), unitPrice: -1 },
      { ...priceOf(itemB, 30), lots: 7, source: 'sniffer', sourceVersion: '2.1', name: 'Potion à part' },
      { ...priceOf(itemB, 40), surprise: true },
      'not an object',
    ]);
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      acceptedCount: 2,
      duplicateCount: 0,
      rejectedCount: 3,
      displacedCount: 0,
      results: [
        { verdict: 'accepted', observationId: expect.any(Number) },
        { verdict: 'rejected', pointer: '/1/unitPrice', code: 'too-small', detail: expect.any(String) },
        { verdict: 'accepted', observationId: expect.any(Number) },
        {
          verdict: 'rejected',
          pointer: '/3/surprise',
          code: 'unrecognized-keys',
          detail: expect.any(String),
        },
        { verdict: 'rejected', pointer: '/4', code: 'invalid-type', detail: expect.any(String) },
      ],
    });
    const rows = await queryRows(
      database.url,
      `SELECT o.id, o.price, o.lots, s.name, s.version, i.label FROM market.observation o
       JOIN market.item i ON i.id = o.item_id JOIN market.source s ON s.id = o.source_id
       WHERE i.external_id = $1`,
      [itemB],
    );
    const { observationId } = answer.json.results[2];
    expect(rows).toEqual([
      {
        id: String(observationId),
        price: 30,
        lots: 7,
        name: 'sniffer',
        version: '2.1',
        label: 'Potion à part',
      },
    ]);
  });

  it('takes NDJSON: a line that cannot be read does not spoil the others', async () => {
    const lines = [
      JSON.stringify(priceOf(itemA, 11)),
      '{"externalId": ',
      '',
      '   ',
      JSON.stringify(priceOf(itemB, 12)),
      '[]',
    ];
    const answer = await sendLines(`${lines.join('\r\n')}\n`);
    expect(answer.status).toBe(201);
    expect(verdicts(answer)).toEqual(['accepted', 'rejected', 'accepted', 'rejected']);
    expect(answer.json.results[1]).toMatchObject({ pointer: '/1', code: 'invalid-json' });
    expect(await storedPrices(itemA)).toEqual([11]);
    expect(await storedPrices(itemB)).toEqual([12]);
  });

  it('counts stored prices in whose place a lower one of their source and instant stands, in the answer and in the event', async () => {
    const [first, other] = [priceOf(itemA, 100, 60), priceOf(itemB, 100, 60)];
    await ingest([first, other]);
    const higher = await ingest([{ ...first, unitPrice: 120 }]);
    expect(higher.json).toMatchObject({ acceptedCount: 0, displacedCount: 0 });
    const lower = await ingest([
      { ...first, unitPrice: 90 },
      { ...other, unitPrice: 80, source: 'another' },
    ]);
    expect(lower.json).toMatchObject({ acceptedCount: 2, displacedCount: 1 });
    expect([await storedPrices(itemA), await storedPrices(itemB)]).toEqual([[90], [80, 100]]);
    const [event] = await queryRows<{ after: object }>(
      database.url,
      `SELECT d.after FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.action = 'market.prices-stored' ORDER BY e.id DESC LIMIT 1`,
    );
    expect(event!.after).toMatchObject({ servers: [{ acceptedCount: 2, displacedCount: 1 }] });
  });

  it('tells a price that repeats from one that is new', async () => {
    const answer = await ingest([
      priceOf(itemA, 100, 60),
      priceOf(itemA, 100, 50), // the same within 15 minutes
      priceOf(itemA, 101, 49),
      priceOf(itemA, 101, 30), // the same, 19 minutes later
      priceOf(itemA, 101, 30), // the very same point
    ]);
    expect(verdicts(answer)).toEqual(['accepted', 'duplicate', 'accepted', 'accepted', 'duplicate']);
    expect(answer.json).toMatchObject({ acceptedCount: 3, duplicateCount: 2, rejectedCount: 0 });
    const again = await ingest([priceOf(itemA, 101, 20)]);
    expect(again.status).toBe(201);
    expect(verdicts(again)).toEqual(['duplicate']);
    expect(await storedPrices(itemA)).toEqual([100, 101, 101]);
  });

  it('judges a batch by capture time, not by the order sent', async () => {
    const answer = await ingest([priceOf(itemA, 5, 10), priceOf(itemA, 6, 30), priceOf(itemA, 5, 20)]);
    expect(verdicts(answer)).toEqual(['duplicate', 'accepted', 'accepted']);
    expect(await storedPrices(itemA)).toEqual([6, 5]);
  });

  it('creates unseen items and categories once, by id or by name, also when batches race', async () => {
    const name = `Objet ${randomUUID()}`;
    const category = `cat ${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        ingest([
          { name, category, unitPrice: index + 1, capturedAt: minutesAgo(index + 20) },
          {
            externalId: itemA,
            name: `${name} bis`,
            category,
            unitPrice: 1,
            capturedAt: minutesAgo(index * 20),
          },
        ]),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    const items = await queryRows<{ external_id: number | null; n: string }>(
      database.url,
      `SELECT i.external_id, count(o.*) AS n FROM market.item i JOIN market.observation o ON o.item_id = i.id
       WHERE i.label LIKE $1 GROUP BY i.id ORDER BY i.external_id`,
      [`${name}%`],
    );
    expect(items).toEqual([
      { external_id: itemA, n: '8' },
      { external_id: null, n: '8' },
    ]);
    const [{ n } = { n: 0 }] = await queryRows<{ n: number }>(
      database.url,
      'SELECT count(*)::int AS n FROM market.category WHERE name = $1',
      [category],
    );
    expect(n).toBe(1);
  });

  it('takes a batch of 5,000 and not one more', async () => {
    const capturedAt = minutesAgo(1);
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        externalId: 800_000_000 + index,
        unitPrice: 1,
        capturedAt,
      }));
    const answer = await ingest(many(5_000));
    expect(answer.status).toBe(201);
    expect(answer.json.acceptedCount).toBe(5_000);
    expectProblem(await ingest(many(5_001)), 413, 'market/batch-too-large');
    expectProblem(await sendLines('{}\n'.repeat(5_001)), 413, 'market/batch-too-large');
  });

  it.each([
    ['an empty array', '[]', 422, 'market/batch-empty'],
    ...['{}', 'null', '5', '"x"', 'true'].map((text): [string, string, number, string] => [
      text,
      text,
      422,
      'market/batch-not-array',
    ]),
    ['elements of which none can be taken', '[{},{"externalId":0}]', 422, 'market/batch-rejected'],
    ['half a document', '[{"externalId":1', 400, 'http/malformed'],
  ])('refuses %s', async (_what, body, status, code) => {
    const before = await counter.count();
    expectProblem(await ingest(body), status, code);
    expect(await counter.count()).toEqual(before);
  });

  it('refuses NDJSON of nothing but blank or broken lines', async () => {
    expectProblem(await sendLines('\n\n \n'), 422, 'market/batch-empty');
    const broken = await sendLines('{\n}\n');
    expectProblem(broken, 422, 'market/batch-rejected');
    expect(broken.json.errors).toEqual([
      { pointer: '/0', code: 'invalid-json', detail: expect.any(String) },
      { pointer: '/1', code: 'invalid-json', detail: expect.any(String) },
    ]);
  });

  it('names no more than 100 faults of a batch that is rejected whole', async () => {
    const answer = await ingest(Array(3_000).fill({}));
    expectProblem(answer, 422, 'market/batch-rejected');
    expect(answer.json.errors).toHaveLength(100);
  });

  it('takes up to 100 sources in one batch', async () => {
    const from = (count: number): unknown[] =>
      Array.from({ length: count }, (_, n) => ({
        ...priceOf(itemA, n + 1, n + 1),
        source: `many ${count} ${n}`,
      }));
    expectProblem(await ingest(from(101)), 422, 'market/too-many-sources');
    expect(await queryRows(database.url, "SELECT FROM market.source WHERE name LIKE 'many %'")).toEqual([]);
    expect((await ingest(from(100))).json.acceptedCount).toBe(100);
  });

  it('knows its servers', async () => {
    const elsewhere = OBSERVATIONS_PATH.replace('draconiros', 'jiva');
    expectProblem(await post(server.url, elsewhere, [priceOf(itemA, 1)]), 404, 'market/unknown-server');
    const game = OBSERVATIONS_PATH.replace('dofus', 'retro');
    expectProblem(await post(server.url, game, [priceOf(itemA, 1)]), 404, 'market/unknown-game');
    expectProblem(
      await post(server.url, OBSERVATIONS_PATH, [priceOf(itemA, 1)], { token: READ_TOKEN }),
      403,
      'auth/forbidden',
    );
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string): Record<string, string> => ({ 'idempotency-key': key });
  const keyCount = async (key: string): Promise<number> =>
    (await queryRows(database.url, 'SELECT FROM platform.idempotency_key WHERE key = $1', [key])).length;

  it('makes a repetition get the first answer and store nothing', async () => {
    const key = randomUUID();
    const body = JSON.stringify([priceOf(itemA, 1, 50), priceOf(itemB, -1), priceOf(itemA, 2, 30)]);
    const first = await ingest(body, keyed(key));
    expect(first.status).toBe(201);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const before = await counter.count();
    const second = await ingest(body, keyed(key));
    expect(second.status).toBe(201);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.json).toEqual(first.json);
    expect(await counter.count()).toEqual(before);
  });

  it('refuses a repetition with another body', async () => {
    const key = randomUUID();
    await ingest([priceOf(itemA, 1)], keyed(key));
    const other = [{ ...priceOf(itemA, 2), source: 'refused client' }];
    expectProblem(await ingest(other, keyed(key)), 422, 'http/idempotency-key-reused');
    expect(await storedPrices(itemA)).toEqual([1]);
    expect(await queryRows(database.url, "SELECT FROM market.source WHERE name = 'refused client'")).toEqual(
      [],
    );
  });

  it('stores once however many repetitions come at the same time', async () => {
    const key = randomUUID();
    const body = JSON.stringify([priceOf(itemA, 1, 50), priceOf(itemB, 3, 50)]);
    const answers = await Promise.all(Array.from({ length: 12 }, () => ingest(body, keyed(key))));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
    expect(new Set(answers.map(({ text }) => JSON.stringify(JSON.parse(text).results))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(await storedPrices(itemA)).toEqual([1]);
    expect(await storedPrices(itemB)).toEqual([3]);
  });

  it('lets one of two different bodies win when they race', async () => {
    const key = randomUUID();
    const answers = await Promise.all([
      ingest([priceOf(itemA, 1)], keyed(key)),
      ingest([priceOf(itemB, 1)], keyed(key)),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect((await storedPrices(itemA)).length + (await storedPrices(itemB)).length).toBe(1);
  });

  it.each([
    ['rejected whole', [{ externalId: 1 }], 422],
    ['malformed', '[', 400],
    ['too large', Array(5_001).fill({}), 413],
  ])('is not used up by a request that was %s', async (_what, body, status) => {
    const key = randomUUID();
    expectProblem(await ingest(body, keyed(key)), status);
    expect(await keyCount(key)).toBe(0);
    const good = await ingest([priceOf(itemA, 1)], keyed(key));
    expect(good.status).toBe(201);
    expect(good.headers.get('idempotency-replayed')).toBeNull();
    expect(await keyCount(key)).toBe(1);
  });

  it('means another request on another server', async () => {
    const key = randomUUID();
    const body = JSON.stringify([priceOf(itemA, 1)]);
    const other = OBSERVATIONS_PATH.replace('draconiros', 'brial');
    const answers = [
      await ingest(body, keyed(key)),
      await post(server.url, other, body, { headers: keyed(key) }),
    ];
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, null]);
    expect(await storedPrices(itemA)).toEqual([1, 1]);
  });

  it('works for NDJSON, and for compressed bodies by what they hold', async () => {
    const key = randomUUID();
    const lines = JSON.stringify(priceOf(itemA, 1));
    expect((await sendLines(lines, keyed(key))).status).toBe(201);
    const again = await post(server.url, OBSERVATIONS_PATH, gzipSync(lines), {
      headers: { ...keyed(key), 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    });
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not ASCII', 'clé'],
    ['with a control character', 'a\tb'],
  ])('is refused when it is %s', async (_what, key) => {
    expectProblem(await ingest([priceOf(itemA, 1)], keyed(key)), 400, 'http/idempotency-key-malformed');
    expect(await storedPrices(itemA)).toEqual([]);
  });

  it('of 255 characters is fine, and the answer of a later read shows the one point', async () => {
    const key = 'k'.repeat(255);
    await ingest([priceOf(itemA, 42)], keyed(key));
    const prices = await get(
      server.url,
      `/api/v1/market/games/dofus/servers/draconiros/prices?externalIds=${itemA}`,
    );
    expect(prices.json.items).toHaveLength(1);
    expect(prices.json.items[0]).toMatchObject({ externalId: itemA, unitPrice: 42, label: `#${itemA}` });
  });
});
