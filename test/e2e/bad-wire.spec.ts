import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { call, get, OBSERVATIONS_PATH } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { exchange, type RawAnswer, RawConnection } from '../support/raw-socket.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { JSON_TYPE, requestHead } from '../support/stalled-clients.js';
import { TableCounter } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// What a broken or hostile client does below the level of a request: bombs, garbage, requests that two parsers would read
// differently, questions whose answers nobody reads. Clients that stall are in bad-input.spec.ts.

const MIB = 1_048_576;

let database: TestDatabase;
let server: ServerProcess;
let counter: TableCounter;
let before: Record<string, number>;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  counter = await TableCounter.open(database.url);
  before = await counter.count();
});

afterAll(async () => {
  await counter.close();
  await server.stop();
  await database.drop();
});

/** Highest resident memory of the server so far. */
const peakMb = (): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1_024;
const hasProc = process.platform === 'linux';

async function expectUnharmed(): Promise<void> {
  expect((await get(server.url, '/health/ready')).status).toBe(200);
  expect(await counter.count()).toEqual(before);
}

function expectRawProblem(answer: RawAnswer | undefined, status: number, code: string): void {
  expect({ status: answer?.status, type: answer?.headers['content-type'] }).toEqual({
    status,
    type: 'application/problem+json',
  });
  expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status, code });
}

describe('a bomb', () => {
  /** A gigabyte of zeros in a few kilobytes: members of gzip may follow each other. */
  const gzipBomb = (): Buffer[] => Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * MIB)));
  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

  it.each([
    ['gzip', gzipBomb],
    ['deflate', () => [deflateSync(Buffer.alloc(64 * MIB))]],
    ['br', () => [brotliCompressSync(Buffer.alloc(64 * MIB), quick)]],
  ])('of %s is refused, and memory stays flat', async (encoding, make) => {
    const parts = make();
    const peakBefore = hasProc ? peakMb() : 0;
    for (const type of ['application/json', 'application/x-ndjson']) {
      const connection = new RawConnection(server.url);
      const headers = {
        'Content-Type': type,
        'Content-Encoding': encoding,
        'Transfer-Encoding': 'chunked',
        Connection: 'close',
      };
      await connection.write(requestHead('POST', OBSERVATIONS_PATH, headers));
      for (const part of parts) {
        await connection.write(`${part.length.toString(16)}\r\n`);
        await connection.write(part);
        await connection.write('\r\n');
      }
      await connection.write('0\r\n\r\n');
      await connection.closed;
      expectRawProblem(connection.answers()[0], 413, 'http/too-large');
    }
    if (hasProc) expect(peakMb() - peakBefore).toBeLessThan(100);
    await expectUnharmed();
  });

  it('below the compat mount is refused in its own shape', async () => {
    const answer = await call(server.url, 'POST', '/compat/dofus/api/ingest', {
      headers: { 'content-encoding': 'gzip' },
      body: Buffer.concat(gzipBomb().slice(0, 4)),
    });
    expect({ status: answer.status, error: answer.json.error }).toEqual({
      status: 413,
      error: 'payload_too_large',
    });
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['garbage', 'hello there\r\n\r\n'],
    ['a TLS greeting', Buffer.from('16030100a5010000a1030345', 'hex')],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown method', 'STEAL /health HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a raw NUL in a path', 'GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a raw NUL in a header', 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n'],
    ['a header without a colon', 'GET /health HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n'],
    ['a blank in a header name', 'GET /health HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n'],
    [
      'two lengths',
      'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
    ],
    [
      'a length beside chunks',
      'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
  ])('are refused: %s', async (_what, bytes) => {
    const answers = await exchange(server.url, bytes);
    expect(answers).toHaveLength(1);
    expectRawProblem(answers[0], 400, 'http/malformed');
    expect(answers[0]?.headers['connection']).toBe('close');
  });

  it.each([
    ['HTTP of another century', 'GET /\r\n\r\n', 404],
    [
      'an encoding of chunks that nobody knows',
      'POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      415,
    ],
  ])('are answered once and with an error: %s', async (_what, bytes, status) => {
    const answers = await exchange(server.url, bytes);
    expect(answers.map((answer) => answer.status)).toEqual([status]);
  });

  it('are refused: no Host', async () => {
    const [answer] = await exchange(server.url, 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
    expectRawProblem(answer, 400, 'http/malformed');
  });

  it('are refused: an expectation that nobody can meet', async () => {
    const bytes = 'GET /health HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n';
    const [answer] = await exchange(server.url, bytes);
    expectRawProblem(answer, 417, 'http/malformed');
  });

  it('are refused, and told when to come back: more at once than one connection may ask', async () => {
    const asking = 'GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n';
    const last = 'GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const answers = await exchange(server.url, asking.repeat(60) + last);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(headers['retry-after']).toBe('1');
      expect(JSON.parse(body)).toMatchObject({ code: 'http/too-many-unanswered', retryAfterS: 1 });
    }
  });

  it('end a connection on which good requests came before, after their answers', async () => {
    const good = requestHead('GET', '/health/live');
    const answers = await exchange(server.url, `${good}${good}garbage follows\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400]);
    expectRawProblem(answers[2], 400, 'http/malformed');
  });

  it('after a body count as the next request, never as part of the first', async () => {
    const body = '[{}]';
    const first = requestHead('POST', OBSERVATIONS_PATH, { ...JSON_TYPE, 'Content-Length': body.length });
    const answers = await exchange(server.url, `${first}${body}more than announced\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([422, 400]);
  });

  it('in a chunked body are refused', async () => {
    const chunked = requestHead('POST', OBSERVATIONS_PATH, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' });
    const [answer] = await exchange(server.url, `${chunked}zz\r\n[]\r\n`);
    expectRawProblem(answer, 400, 'http/malformed');
    await expectUnharmed();
  });

  it('are no answer to anybody else: a tunnel is not opened', async () => {
    const answers = await exchange(server.url, 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(answers.filter(({ status }) => status < 400)).toEqual([]);
  });
});

describe('a client that goes away', () => {
  it('in the middle of its body stores nothing', async () => {
    for (let index = 0; index < 10; index += 1) {
      const connection = new RawConnection(server.url);
      await connection.write(
        `${requestHead('POST', OBSERVATIONS_PATH, { ...JSON_TYPE, 'Content-Length': 1_000 })}[{"name":"half"`,
      );
      connection.destroy();
    }
    await expectUnharmed();
  });

  it('asks a thousand times and never reads: memory stays flat', async () => {
    const peakBefore = hasProc ? peakMb() : 0;
    const connection = new RawConnection(server.url);
    connection.pause();
    const one = requestHead('GET', '/api/v1/market/games/dofus/items?limit=200');
    void connection.write(one.repeat(1_000));
    // Others are served; on a busy machine one of them may be told to come again.
    for (let index = 0; index < 20; index += 1) {
      await waitUntil('another client is served', 10_000, async () => {
        const { status } = await get(server.url, '/api/v1/market/games');
        expect([200, 503]).toContain(status);
        return status === 200;
      });
    }
    if (hasProc) expect(peakMb() - peakBefore).toBeLessThan(100);
    connection.destroy();
  });
});
