import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Answer, call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const BASE = '/api/v1/market/games/dofus/servers/draconiros/imports';
const HEADER = 'externalId,unitPrice,lots,capturedAt,source';
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

async function newImport(format = 'csv'): Promise<string> {
  const answer = await post(server.url, BASE, { format });
  expect(answer.status).toBe(201);
  return (answer.json as { id: string }).id;
}

const put = (id: string, part: number, body: string, type = 'text/csv'): Promise<Answer> =>
  call(server.url, 'PUT', `${BASE}/${id}/parts/${part}`, { body, headers: { 'content-type': type } });
const find = (id: string): Promise<Answer> => get(server.url, `${BASE}/${id}`, { token: INGEST_TOKEN });

async function finish(id: string): Promise<Answer> {
  const started = await post(server.url, `${BASE}/${id}/start`, undefined);
  expect(started.status).toBe(202);
  await waitUntil('the import is finished', 20_000, async () => (await find(id)).json.state === 'finished');
  return find(id);
}

/** Lines of one item, an hour apart. */
function lines(externalId: number, count: number, firstDay = '2024-03-01'): string {
  const first = Date.parse(`${firstDay}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(first + index * 3_600_000).toISOString();
    return `${externalId},${10 + index},1,${at},old-book`;
  }).join('\n');
}

const storedOf = (externalId: number): Promise<{ price: number }[]> =>
  queryRows<{ price: number }>(
    database.url,
    `SELECT o.price FROM market.observation o JOIN market.item i ON i.id = o.item_id
     WHERE i.external_id = $1 ORDER BY o.captured_at`,
    [externalId],
  );

describe('an import of old prices', () => {
  it('is sent in parts in any order, applied by a job, and can be watched to its end', async () => {
    const id = await newImport();
    expect((await put(id, 1, lines(910_000_002, 30))).status).toBe(200);
    expect((await put(id, 0, 'not,a\nheader')).status).toBe(422);
    expect((await put(id, 0, `${HEADER}\n${lines(910_000_001, 2_500, '2023-01-01')}`)).status).toBe(200);
    expect((await find(id)).json).toMatchObject({ state: 'uploading', partCount: 2, jobId: null });
    const done = (await finish(id)).json;
    expect(done).toMatchObject({ acceptedCount: 2_530, duplicateCount: 0, rejectedCount: 0, partCount: 0 });
    const stored = await storedOf(910_000_001);
    expect(stored).toHaveLength(2_500);
    expect(stored.at(-1)!.price).toBe(2_509);

    const job = await get(server.url, `/api/v1/jobs/${done.jobId}`, { token: INGEST_TOKEN });
    expect(job.json).toMatchObject({ name: 'market.import-history', state: 'done', attempts: 0 });
    expect(job.json.progress.done).toBe(job.json.progress.total);
    const events = await get(server.url, `/api/v1/jobs/${done.jobId}/events`, { token: INGEST_TOKEN });
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    const [, lastId] = /id: (\d+)\n/.exec(events.text)!;
    expect(events.text).toContain('"state":"done"');
    const again = await get(server.url, `/api/v1/jobs/${done.jobId}/events`, {
      token: INGEST_TOKEN,
      headers: { 'last-event-id': lastId! },
    });
    expect(again.text).not.toContain('data:');
  });

  it('counts stored prices in whose place lower ones of the file stand', async () => {
    const first = await newImport();
    await put(first, 0, `${HEADER}\n${lines(910_000_071, 3)}`);
    expect((await finish(first)).json).toMatchObject({ acceptedCount: 3, displacedCount: 0 });
    const correction = await newImport();
    const lower = lines(910_000_071, 2).replace(',10,', ',4,').replace(',11,', ',5,');
    await put(correction, 0, `${HEADER}\n${lower}`);
    expect((await finish(correction)).json).toMatchObject({ acceptedCount: 2, displacedCount: 2 });
    expect((await storedOf(910_000_071)).map(({ price }) => price)).toEqual([4, 5, 12]);
  });

  it('takes NDJSON, names what it rejects, and stores a repetition once', async () => {
    const id = await newImport('ndjson');
    const good = { externalId: 910_000_003, unitPrice: 5, capturedAt: '2024-01-01T00:00:00Z' };
    const rows = [good, { ...good, unitPrice: -1 }, good, { ...good, capturedAt: '2024-01-02T00:00:00Z' }];
    const text = [...rows.map((row) => JSON.stringify(row)), '{broken'].join('\n');
    expect((await put(id, 0, text, 'application/x-ndjson')).status).toBe(200);
    const done = (await finish(id)).json;
    expect(done).toMatchObject({ acceptedCount: 2, duplicateCount: 1, rejectedCount: 2 });
    expect(done.faults).toEqual([
      expect.objectContaining({ part: 0, row: 1, pointer: '/unitPrice' }),
      expect.objectContaining({ part: 0, row: 4, code: 'invalid-json' }),
    ]);
  });

  it('loses only the broken lines of a CSV file', async () => {
    const id = await newImport();
    const at = '2024-02-01T00:00:00Z';
    const body = `${HEADER}\n910000004,5,1,${at},"a"\n910000004,6,1,"2024-02-02T00:00:00Z,a\n910000004,x,1,2024-02-03T00:00:00Z,a`;
    expect((await put(id, 0, body)).status).toBe(200);
    const done = (await finish(id)).json;
    expect(done).toMatchObject({ acceptedCount: 1, rejectedCount: 2 });
  });

  it('starts once, whole, and belongs to the job from then on', async () => {
    const id = await newImport();
    expectProblem(await post(server.url, `${BASE}/${id}/start`, undefined), 422, 'market/import-incomplete');
    await put(id, 1, lines(910_000_005, 3));
    expectProblem(await post(server.url, `${BASE}/${id}/start`, undefined), 422, 'market/import-incomplete');
    await put(id, 0, `${HEADER}\n`);
    const first = await post(server.url, `${BASE}/${id}/start`, undefined);
    const second = await post(server.url, `${BASE}/${id}/start`, undefined);
    expect(second.json.jobId).toBe(first.json.jobId);
    expectProblem(await put(id, 2, lines(910_000_005, 1)), 409, 'market/import-started');
    expectProblem(await call(server.url, 'DELETE', `${BASE}/${id}`), 409, 'market/import-started');
    await finish(id);
  });

  it('can be discarded before it starts', async () => {
    const id = await newImport();
    await put(id, 0, `${HEADER}\n${lines(910_000_006, 3)}`);
    expect((await call(server.url, 'DELETE', `${BASE}/${id}`)).status).toBe(204);
    expectProblem(await find(id), 404, 'market/unknown-import');
  });

  it('is refused where it cannot be one', async () => {
    expectProblem(await post(server.url, BASE, { format: 'xml' }), 400, 'http/malformed');
    expectProblem(await find(randomUUID()), 404, 'market/unknown-import');
    expectProblem(await find('no-id'), 404, 'market/unknown-import');
    const id = await newImport();
    expectProblem(await put(id, 0, ' \n'), 422, 'market/import-part-empty');
    expectProblem(await put(id, 10_000, 'a'), 422, 'market/import-too-large');
    expectProblem(
      await call(server.url, 'PUT', `${BASE}/${id}/parts/x`, {
        body: 'a',
        headers: { 'content-type': 'text/csv' },
      }),
      404,
      'market/unknown-import',
    );
    expectProblem(await put(id, 0, 'externalId,colour\n1,red'), 422, 'market/import-header-unreadable');
  });
});

const WRITER = '00000000-0000-7000-8000-000000000001';

/** An import whose job came to this end after its first part had been applied, as far as the rows say. */
async function stoppedImport(item: number, state: 'cancelled' | 'dead' | 'gone'): Promise<string> {
  const id = await newImport();
  await put(id, 0, `${HEADER}\n${lines(item, 5)}`);
  await put(id, 1, lines(item, 7, '2024-04-01'));
  const jobId = randomUUID();
  if (state !== 'gone')
    await queryRows(
      database.url,
      `INSERT INTO platform.job (id, user_id, name, queue, payload, state, finished_at)
       VALUES ($1, $2, 'market.import-history', 'market-imports', '{}', $3, now())`,
      [jobId, WRITER, state],
    );
  await queryRows(
    database.url,
    'UPDATE market.history_import SET job_id = $2, next_part = 1, accepted_count = 5 WHERE id = $1',
    [id, jobId],
  );
  return id;
}

describe('an import that stopped', () => {
  it.each(['cancelled', 'dead', 'gone'] as const)(
    'with a job that is %s goes on where it was',
    async (end) => {
      const item = { cancelled: 910_000_020, dead: 910_000_021, gone: 910_000_022 }[end];
      const id = await stoppedImport(item, end);
      const stopped = (await find(id)).json;
      expect(stopped).toMatchObject({ state: 'stopped', nextPart: 1, parts: [0, 1], acceptedCount: 5 });
      expectProblem(await put(id, 0, `${HEADER}\n`), 409, 'market/import-started');
      const done = (await finish(id)).json;
      expect(done).toMatchObject({ acceptedCount: 12, partCount: 0, parts: [] });
      expect(done.jobId).not.toBe(stopped.jobId);
      expect(await storedOf(item)).toHaveLength(7); // the rows of its first part were never there
    },
  );

  it('can be discarded', async () => {
    const id = await stoppedImport(910_000_023, 'dead');
    expect((await call(server.url, 'DELETE', `${BASE}/${id}`)).status).toBe(204);
    expectProblem(await find(id), 404, 'market/unknown-import');
  });

  it('because its caller cancelled it under way is started again and stores each row once', async () => {
    const item = 910_000_024;
    const id = await newImport();
    await put(id, 0, `${HEADER}\n${lines(item, 2_500, '2023-01-01')}`);
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    // The first portion cannot be stored until it is let.
    await owner.query('BEGIN; LOCK TABLE market.latest IN SHARE MODE');
    const { jobId } = (await post(server.url, `${BASE}/${id}/start`, undefined)).json as { jobId: string };
    await post(server.url, `/api/v1/jobs/${jobId}/cancel`, undefined);
    await waitUntil('the job is cancelled', 20_000, async () => {
      const job = await get(server.url, `/api/v1/jobs/${jobId}`, { token: INGEST_TOKEN });
      return job.json.state === 'cancelled';
    });
    await owner.query('ROLLBACK');
    await owner.end();
    expect((await find(id)).json.state).toBe('stopped');
    expect((await finish(id)).json).toMatchObject({ acceptedCount: 2_500, duplicateCount: 0 });
    expect(await storedOf(item)).toHaveLength(2_500);
  });
});

describe('a client that lost its state', () => {
  it('finds its imports, page by page, and the parts that are there', async () => {
    const id = await newImport();
    await put(id, 0, `${HEADER}\n`);
    await put(id, 3, lines(910_000_030, 1));
    const list = (query: string): Promise<Answer> =>
      get(server.url, `${BASE}?${query}`, { token: INGEST_TOKEN });
    const first = (await list('limit=1')).json;
    expect(first.items).toEqual([expect.objectContaining({ id, state: 'uploading', partCount: 2 })]);
    const second = (await list(`limit=1&cursor=${first.nextCursor as string}`)).json;
    expect(second.items[0].id < id).toBe(true);
    expect((await find(id)).json.parts).toEqual([0, 3]);
    expectProblem(await list('cursor=x'), 400, 'http/malformed');
    expectProblem(await list('limit=0'), 400, 'http/malformed');
  });

  it('begins an import once, however often it asks with one key', async () => {
    const begin = (format: string): Promise<Answer> =>
      post(server.url, BASE, { format }, { headers: { 'idempotency-key': 'once' } });
    const [first, second] = [await begin('csv'), await begin('csv')];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json).toEqual(first.json);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expectProblem(await begin('ndjson'), 422, 'http/idempotency-key-reused');
  });
});

describe('an import that nobody went on with', () => {
  it('is given up after a week, unless its job may still run', async () => {
    const fresh = await newImport();
    const [uploading, stopped, running] = [
      await newImport(),
      await stoppedImport(910_000_040, 'cancelled'),
      await stoppedImport(910_000_041, 'dead'),
    ];
    await queryRows(
      database.url,
      `UPDATE platform.job SET state = 'open', run_at = now() + interval '1 hour'
       WHERE id = (SELECT job_id FROM market.history_import WHERE id = $1)`,
      [running],
    );
    await queryRows(
      database.url,
      `UPDATE market.history_import SET touched_at = now() - interval '169 hours' WHERE id = ANY ($1)`,
      [[uploading, stopped, running]],
    );
    const [job] = await queryRows<{ id: string }>(
      database.url,
      `INSERT INTO platform.job (id, user_id, name, queue, payload)
       VALUES (gen_random_uuid(), $1, 'market.expire-imports', 'market', '{}') RETURNING id`,
      ['00000000-0000-7000-8000-000000000000'],
    );
    await waitUntil('it has been looked after', 20_000, async () => {
      const [row] = await queryRows<{ state: string }>(
        database.url,
        'SELECT state FROM platform.job WHERE id = $1',
        [job!.id],
      );
      return row!.state === 'done';
    });
    const statuses = await Promise.all([fresh, uploading, stopped, running].map((id) => find(id)));
    expect(statuses.map(({ status }) => status)).toEqual([200, 404, 404, 200]);
  });
});

describe('jobs of others', () => {
  it('are as unknown as jobs that never were', async () => {
    const id = await newImport();
    await put(id, 0, `${HEADER}\n${lines(910_000_007, 1)}`);
    const { jobId } = (await finish(id)).json as { jobId: string };
    const [strangers, missing] = await Promise.all([
      get(server.url, `/api/v1/jobs/${jobId}`),
      get(server.url, `/api/v1/jobs/${randomUUID()}`),
    ]);
    expectProblem(strangers, 404, 'operations/job-unknown');
    expect(strangers.json.detail).toBe(missing.json.detail);
    expect((await get(server.url, '/api/v1/jobs')).json.items).toEqual([]);
  });
});
