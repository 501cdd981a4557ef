import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectCompatError, expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { RawConnection } from '../support/raw-socket.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { StalledClients } from '../support/stalled-clients.js';
import { TableCounter } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// What a broken or hostile client sends in a well-formed HTTP request. Each is answered by a clear 4xx, leaves every table as
// it was, and leaves the server serving. What is wrong below HTTP is in bad-wire.spec.ts, except for clients that stall: they
// are connected from the first test to the last, since only time shows what becomes of them, and nobody else may notice.

const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 30_000;
/** The server looks for stalled clients every second. */
const CHECK_MS = 2_500;
const CROWD_SIZE = 40;

const COMPAT_INGEST = '/compat/dofus/api/ingest';
const ITEMS = '/api/v1/market/games/dofus/items';

let database: TestDatabase;
let server: ServerProcess;
let counter: TableCounter;
let stalled: StalledClients;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  counter = await TableCounter.open(database.url);
  stalled = await StalledClients.open(server.url, CROWD_SIZE);
});

afterAll(async () => {
  stalled.close();
  await counter.close();
  await server.stop();
  await database.drop();
});

const ingest = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  post(server.url, OBSERVATIONS_PATH, body, { headers });
const GOOD = { name: 'Objet sans histoire', unitPrice: 5, capturedAt: '2026-01-01T00:00:00Z' };

describe('bad input', () => {
  let before: Record<string, number>;

  beforeEach(async () => {
    before = await counter.count();
  });

  afterEach(async () => {
    expect(await counter.count()).toEqual(before);
    expect((await get(server.url, '/health/ready')).status).toBe(200);
  });

  describe('that is not JSON', () => {
    it.each([
      ['nothing but blanks', '  \n '],
      ['half a document', '[{"name":"a"'],
      ['two documents', '[] []'],
      ['a comma too many', '[1,]'],
      ['a bare word', 'hello'],
      [
        'a number that JSON does not have',
        '[{"name":"a","unitPrice":NaN,"capturedAt":"2026-01-01T00:00:00Z"}]',
      ],
      ['a raw NUL', '[{"name":"a\0b","unitPrice":1,"capturedAt":"2026-01-01T00:00:00Z"}]'],
      ['a raw line break in a text', '[{"name":"a\nb"}]'],
      ['single quotes', "[{'name':'a'}]"],
      ['bytes of no encoding', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ])('is refused: %s', async (_what, body) => {
      const answer = await ingest(body);
      expectProblem(answer, 400, 'http/malformed');
      expectCompatError(await post(server.url, COMPAT_INGEST, body), 400);
    });

    it('does not have its text quoted back', async () => {
      const answer = await ingest('[{"name":"canary-of-a-body" "unitPrice":1}]');
      expectProblem(answer, 400, 'http/malformed');
      expect(answer.json.detail).toBe('The body is not valid JSON.');
    });
  });

  describe('of the wrong kind', () => {
    it.each([
      ['a form', 'application/x-www-form-urlencoded'],
      ['text', 'text/plain'],
      ['no type', ''],
      ['a multipart form', 'multipart/form-data; boundary=x'],
      ['a type that only looks like JSON', 'application/jsonp'],
      ['nonsense', 'application'],
    ])('is refused: %s', async (_what, type) => {
      expectProblem(await ingest('[]', { 'content-type': type }), 415, 'http/unsupported-media-type');
      expectCompatError(
        await post(server.url, COMPAT_INGEST, '[]', { headers: { 'content-type': type } }),
        415,
      );
    });

    it.each([
      ['application/json; charset=latin1', 415],
      ['application/json; charset=no-such', 415],
      ['application/x-ndjson; charset=no-such', 415],
      ['application/json; charset=utf-16', 400],
    ])('is refused: %s', async (type, status) => {
      expectProblem(await ingest('[]', { 'content-type': type }), status);
    });

    it.each(['zstd', 'compress', 'gzip, gzip', 'x'])('is refused: content encoding %s', async (encoding) => {
      expectProblem(await ingest('[]', { 'content-encoding': encoding }), 415);
    });

    it.each(['gzip', 'deflate', 'br'])('is refused: text that claims to be %s', async (encoding) => {
      expectProblem(await ingest('[{"name":"a"}]', { 'content-encoding': encoding }), 400, 'http/malformed');
    });
  });

  describe('in an element', () => {
    const cases: [string, string, string][] = [
      ['no price', '{"unitPrice":null}', '/unitPrice'],
      ['a price as text', '{"unitPrice":"5"}', '/unitPrice'],
      ['a negative price', '{"unitPrice":-0.01}', '/unitPrice'],
      ['a price of zero', '{"unitPrice":0}', '/unitPrice'],
      ['a price of minus zero', '{"unitPrice":-0}', '/unitPrice'],
      ['an infinite price', '{"unitPrice":1e999}', '/unitPrice'],
      ['a price beyond the limit', '{"unitPrice":1000000000001}', '/unitPrice'],
      ['an absurd price', '{"unitPrice":1e308}', '/unitPrice'],
      ['an array as a price', '{"unitPrice":[5]}', '/unitPrice'],
      ['a fraction of a lot', '{"lots":1.5}', '/lots'],
      ['no lots', '{"lots":0}', '/lots'],
      ['lots beyond 32 bits', '{"lots":4294967297}', '/lots'],
      ['a date in year 1', '{"capturedAt":"0001-01-01T00:00:00Z"}', '/capturedAt'],
      ['a date before the market', '{"capturedAt":"2009-12-31T23:59:59Z"}', '/capturedAt'],
      ['a date in the future', '{"capturedAt":"2099-01-01T00:00:00Z"}', '/capturedAt'],
      ['a date beyond the calendar', '{"capturedAt":"+275760-09-13T00:00:00Z"}', '/capturedAt'],
      ['a day that does not exist', '{"capturedAt":"2026-02-30T00:00:00Z"}', '/capturedAt'],
      ['a date without a zone', '{"capturedAt":"2026-01-01T00:00:00"}', '/capturedAt'],
      ['a date alone', '{"capturedAt":"2026-01-01"}', '/capturedAt'],
      ['a number as a date', '{"capturedAt":1767225600000}', '/capturedAt'],
      ['an escaped NUL in a name', '{"name":"a\\u0000b"}', '/name'],
      ['half a surrogate pair in a name', '{"name":"a\\ud800b"}', '/name'],
      ['the other half in a category', '{"category":"\\udc00"}', '/category'],
      ['a NUL in a source', '{"source":"a\\u0000"}', '/source'],
      ['half a pair in a version', '{"sourceVersion":"\\ud83d"}', '/sourceVersion'],
      ['an empty name', '{"name":""}', '/name'],
      ['a blank name', '{"name":" \\t\\u00a0\\u2003"}', '/name'],
      ['a name of 256 characters', `{"name":"${'n'.repeat(256)}"}`, '/name'],
      ['a megabyte of name', `{"name":"${'n'.repeat(900_000)}"}`, '/name'],
      ['an id of zero', '{"externalId":0}', '/externalId'],
      ['an id beyond 32 bits', '{"externalId":2147483648}', '/externalId'],
      ['an id as text', '{"externalId":"44"}', '/externalId'],
      ['an unknown key', '{"price":5}', '/price'],
      ['a key of another spelling', '{"unitprice":5}', '/unitprice'],
      ['a prototype', '{"__proto__":{"unitPrice":5}}', '/__proto__'],
      ['a constructor', '{"constructor":{"prototype":{"isAdmin":true}}}', '/constructor'],
    ];

    it.each(cases)('is refused: %s', async (_what, change, pointer) => {
      // Put together as text: an object literal would lose __proto__ and the escapes.
      const good = Object.entries(GOOD).filter(([key]) => !change.startsWith(`{"${key}"`));
      const element = `${JSON.stringify(Object.fromEntries(good)).slice(0, -1)},${change.slice(1)}`;
      const answer = await ingest(`[${element}]`);
      expectProblem(answer, 422, 'market/batch-rejected');
      expect(answer.json.errors).toEqual([
        { pointer: `/0${pointer}`, code: expect.stringMatching(/^[a-z-]+$/), detail: expect.any(String) },
      ]);
    });

    it.each(['null', '5', '"x"', '[]', '[{}]', 'true'])('is refused: %s in its place', async (element) => {
      expectProblem(await ingest(`[${element}]`), 422, 'market/batch-rejected');
    });

    it('is refused: neither id nor name', async () => {
      const { name: _name, ...rest } = GOOD;
      expectProblem(await ingest([rest]), 422, 'market/batch-rejected');
    });

    it('has nobody else become what it claims to be', async () => {
      await ingest('[{"__proto__":{"unitPrice":5,"capturedAt":"2026-01-01T00:00:00Z","name":"x"}}]');
      await get(server.url, `${ITEMS}?__proto__[limit]=1`);
      expectProblem(await ingest([{}]), 422, 'market/batch-rejected');
    });
  });

  describe('in a URL', () => {
    it.each([
      ['a NUL in a query', `${ITEMS}?q=%00`, 400],
      ['a NUL in a path', '/api/v1/market/games/do%00fus/items', 400],
      ['a NUL in an unknown path', '/no%00where', 400],
      ['half a surrogate pair in a path', '/api/v1/market/games/%ED%A0%80/items', 400],
      ['a broken escape in a path', '/api/v1/market/games/%/items', 400],
      ['a broken escape in an unknown path', '/%E0%A4%A', 404],
      ['an id that is a path', '/api/v1/market/games/dofus/items/..%2F..%2Fhealth', 404],
      ['a name of the prototype', '/api/v1/market/games/__proto__/items', 404],
      ['a method of the prototype', '/api/v1/market/games/constructor/items', 404],
      ['a server of the prototype', '/api/v1/market/games/dofus/servers/__proto__/prices?ids=1', 404],
      ['15,000 characters of path', `/${'x'.repeat(15_000)}`, 404],
      ['thousands of slashes', `/api${'/'.repeat(14_000)}`, 404],
      ['a query of 3,000 keys', `${ITEMS}?${'a=1&'.repeat(3_000)}`, 400],
    ])('is refused: %s', async (_what, path, status) => {
      expectProblem(await get(server.url, path), status);
      if (!path.startsWith('/api/')) expectCompatError(await get(server.url, `/compat/dofus${path}`), status);
    });

    it('never reaches a search as half a character: %ED%A0%80 finds nothing', async () => {
      expect((await get(server.url, `${ITEMS}?q=%ED%A0%80`)).json).toEqual({ items: [], nextCursor: null });
    });

    it.each([
      [
        'a URL of 20,000 characters',
        (): Promise<Answer> => get(server.url, `${ITEMS}?q=${'x'.repeat(20_000)}`),
      ],
      [
        'a header of 20,000 characters',
        () => get(server.url, ITEMS, { headers: { 'x-long': 'x'.repeat(20_000) } }),
      ],
      [
        'a thousand headers',
        () =>
          get(server.url, ITEMS, {
            headers: Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`x-header-${n}`, 'value'])),
          }),
      ],
    ])('is refused: %s', async (_what, send) => {
      expectProblem(await send(), 431, 'http/headers-too-large');
    });
  });

  describe('that is too much', () => {
    const large = JSON.stringify(Array.from({ length: 20_000 }, () => GOOD));

    it('is refused: 2 MB of JSON, and 2 MB of lines', async () => {
      expect(large.length).toBeGreaterThan(1_500_000);
      for (const type of ['application/json', 'application/x-ndjson'])
        expectProblem(await ingest(large, { 'content-type': type }), 413, 'http/too-large');
      const compat = await post(server.url, COMPAT_INGEST, large);
      expectCompatError(compat, 413);
      expect(compat.json.error).toBe('payload_too_large');
    });

    it('is refused: 2 MB without an announced length', async () => {
      const chunks = new ReadableStream({
        start(controller): void {
          for (let sent = 0; sent < large.length; sent += 65_536)
            controller.enqueue(new TextEncoder().encode(large.slice(sent, sent + 65_536)));
          controller.close();
        },
      });
      const response = await fetch(server.url + OBSERVATIONS_PATH, {
        method: 'POST',
        headers: {
          authorization: 'Bearer ingest-token-of-the-tests-0123456789',
          'content-type': 'application/json',
        },
        body: chunks,
        duplex: 'half',
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'http/too-large' });
    });

    it('is refused: 50,000 elements, small or real', async () => {
      expectProblem(await ingest(Array(50_000).fill({})), 413, 'market/batch-too-large');
      expectProblem(await ingest(Array(50_000).fill(GOOD)), 413, 'http/too-large');
      expectProblem(
        await ingest('{}\n'.repeat(50_000), { 'content-type': 'application/x-ndjson' }),
        413,
        'market/batch-too-large',
      );
    });

    it.each([
      ['arrays', '['.repeat(250_000) + ']'.repeat(250_000)],
      ['objects', `[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]`],
      ['arrays in a field', `[{"name":${'['.repeat(200_000)}${']'.repeat(200_000)}}]`],
    ])('is refused: deeply nested %s', async (_what, body) => {
      expectProblem(await ingest(body), 422, 'market/batch-rejected');
      expectProblem(
        await ingest(body, { 'content-type': 'application/x-ndjson' }),
        422,
        'market/batch-rejected',
      );
      expectCompatError(await post(server.url, COMPAT_INGEST, body), 400);
    });

    it('is refused: an element of 10,000 unknown keys, named once', async () => {
      const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 1]));
      const answer = await ingest([{ ...GOOD, ...keys }]);
      expectProblem(answer, 422, 'market/batch-rejected');
      expect(answer.text.length).toBeLessThan(400_000);
    });
  });
});

describe('a client that stalls', () => {
  it.each(['silent', 'headers', 'drippingHeaders'] as const)(
    'before its headers are complete gets one 408 and is closed: %s',
    async (kind) => {
      const connection = stalled.of(kind);
      await waitUntil('the server gives up', HEADERS_LIMIT_MS + CHECK_MS, () => connection.isClosed);
      expectTimeout(connection);
      expect(connection.closedAfterMs).toBeGreaterThan(HEADERS_LIMIT_MS - 1_000);
      expect(connection.closedAfterMs).toBeLessThan(HEADERS_LIMIT_MS + CHECK_MS);
    },
    HEADERS_LIMIT_MS + 5_000,
  );

  it('keeps nobody else waiting', async () => {
    expect(stalled.crowd.filter(({ isClosed }) => !isClosed)).toHaveLength(CROWD_SIZE);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(server.url, ITEMS)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(stalled.crowd.filter(({ isClosed }) => !isClosed)).toHaveLength(CROWD_SIZE);
  });

  it.each(['body', 'drippingBody', 'announced'] as const)(
    'before its body is complete gets one 408 and is closed: %s',
    async (kind) => {
      const connection = stalled.of(kind);
      await waitUntil('the server gives up', REQUEST_LIMIT_MS + CHECK_MS, () => connection.isClosed);
      expectTimeout(connection);
      expect(connection.closedAfterMs).toBeLessThan(REQUEST_LIMIT_MS + CHECK_MS);
    },
    REQUEST_LIMIT_MS + 5_000,
  );

  it('is cut off with all others of its kind, and none is an error of ours', async () => {
    await waitUntil('all are closed', CHECK_MS, () => stalled.crowd.every(({ isClosed }) => isClosed));
    expect((await get(server.url, '/health/ready')).status).toBe(200);
    expect(server.output()).not.toContain('"level":50');
  });

  function expectTimeout(connection: RawConnection): void {
    const answers = connection.answers();
    expect(
      answers.map(({ status, headers }) => [status, headers['content-type'], headers['connection']]),
    ).toEqual([[408, 'application/problem+json', 'close']]);
    expect(JSON.parse(answers[0]!.body)).toMatchObject({ status: 408, code: 'http/request-timeout' });
  }
});
