import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

/** What operators see and do: dead letters, the queue board, figures of jobs. */
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

const admin = { token: ADMIN_TOKEN };
const jobs = (query: string): Promise<Answer> => get(server.url, `/api/v1/admin/jobs?${query}`, admin);
const stateOf = async (id: string): Promise<string> =>
  (await get(server.url, `/api/v1/jobs/${id}`, admin)).json.state as string;

/** A job of the administrator's own that its handler cannot read. */
async function poison(state = 'open'): Promise<string> {
  const id = randomUUID();
  await queryRows(
    database.url,
    `INSERT INTO platform.job (id, user_id, name, queue, payload, state, run_at)
     VALUES ($1, '00000000-0000-7000-8000-000000000004', 'market.import-history', 'market-imports', '{"importId": 7}', $2,
       now() + CASE WHEN $2 = 'open' THEN interval '0' ELSE interval '1 hour' END)`,
    [id, state],
  );
  return id;
}

describe('a job whose payload nobody can read', () => {
  it('is dead at once, listed as such, and dead again when it is driven again', async () => {
    const id = await poison();
    await waitUntil('it is dead', 10_000, async () => (await stateOf(id)) === 'dead');
    const listed = (await jobs('state=dead')).json.items as { id: string; error: string }[];
    expect(listed.find((job) => job.id === id)!.error).toContain('importId');
    const redriven = await post(server.url, `/api/v1/admin/jobs/${id}/redrive`, undefined, admin);
    expect(redriven.status).toBe(200);
    await waitUntil('it is dead again', 10_000, async () => (await stateOf(id)) === 'dead');
    expect((await get(server.url, '/metrics', admin)).text).toMatch(
      /jobs_dead_total\{job="market.import-history"\} [2-9]/,
    );
  });
});

describe('a job', () => {
  it('that has not ended cannot be driven again', async () => {
    const id = await poison('waiting');
    expectProblem(
      await post(server.url, `/api/v1/admin/jobs/${id}/redrive`, undefined, admin),
      409,
      'operations/job-not-ended',
    );
  });

  it('that waits is cancelled at once, and its stream ends with that', async () => {
    const id = await poison('waiting');
    const stream = get(server.url, `/api/v1/jobs/${id}/events`, admin);
    const cancelled = await post(server.url, `/api/v1/jobs/${id}/cancel`, undefined, admin);
    expect(cancelled.status).toBe(200);
    expect((await stream).text).toContain('"state":"cancelled"');
    expect(await stateOf(id)).toBe('cancelled');
  });

  it('is paged by its id', async () => {
    const page = await jobs('limit=1');
    const next = await jobs(`limit=1&cursor=${page.json.nextCursor as string}`);
    expect(next.json.items[0].id < page.json.items[0].id).toBe(true);
    expectProblem(await jobs('cursor=x'), 400, 'http/malformed');
  });
});

describe('the operators’ doors', () => {
  it('stay shut for tokens that may only send prices', async () => {
    const sender = { token: INGEST_TOKEN };
    expectProblem(await get(server.url, '/api/v1/admin/jobs', sender), 403, 'auth/forbidden');
    const id = randomUUID();
    expectProblem(
      await post(server.url, `/api/v1/admin/jobs/${id}/redrive`, undefined, sender),
      403,
      'auth/forbidden',
    );
  });

  it('show the queue board to administrators alone', async () => {
    const board = (password?: string): Promise<Answer> =>
      get(server.url, '/admin/queues/', {
        token: null,
        headers: password === undefined ? {} : { authorization: `Basic ${btoa(`any:${password}`)}` },
      });
    expect((await board()).status).toBe(401);
    expect((await board()).headers.get('www-authenticate')).toContain('Basic');
    expect((await board(INGEST_TOKEN)).status).toBe(401);
    const page = await board(ADMIN_TOKEN);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Guildhall');
    const queues = await get(server.url, '/admin/queues/api/queues', {
      token: null,
      headers: { authorization: `Basic ${btoa(`any:${ADMIN_TOKEN}`)}` },
    });
    expect(queues.status).toBe(200);
    expect((queues.json.queues as { name: string }[]).map(({ name }) => name)).toEqual([
      'identity',
      'market',
      'market-imports',
    ]);
  });
});
