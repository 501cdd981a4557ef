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

/** A row of the administrator's own, with whatever differs from a waiting import. */
async function insertJob(changes: Record<string, unknown> = {}): Promise<string> {
  const row = {
    id: randomUUID(),
    user_id: '00000000-0000-7000-8000-000000000004',
    name: 'market.import-history',
    queue: 'market-imports',
    payload: JSON.stringify({ importId: randomUUID() }),
    state: 'waiting',
    ...changes,
  };
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  await queryRows(
    database.url,
    `INSERT INTO platform.job (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
  return row.id;
}

/** A stream of events that is read while it is open. */
class EventStream {
  text = '';
  isOver = false;
  private readonly abort = new AbortController();

  static async open(id: string): Promise<EventStream> {
    const stream = new EventStream();
    const response = await fetch(`${server.url}/api/v1/jobs/${id}/events`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'x-request-id': `stream-${id}` },
      signal: stream.abort.signal,
    });
    expect(response.status).toBe(200);
    void stream.read(response.body!);
    return stream;
  }

  close(): void {
    this.abort.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) this.text += decoder.decode(chunk, { stream: true });
    } catch {
      // closed by us
    }
    this.isOver = true;
  }
}

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

  it('says which job stands in the way of driving it again', async () => {
    const redrive = (id: string): Promise<Answer> =>
      post(server.url, `/api/v1/admin/jobs/${id}/redrive`, undefined, admin);
    const parent = await insertJob({ state: 'dead', waiting_for: 1 });
    const child = await insertJob({ state: 'dead', parent_id: parent });
    const ofChild = await redrive(parent);
    expectProblem(ofChild, 409, 'operations/job-waits-for-child');
    expect(ofChild.json.detail).toContain(child);
    const later = new Date(Date.now() + 3_600_000);
    const key = { name: 'trial.later', dedup_key: 'same' };
    const dead = await insertJob({ ...key, state: 'dead' });
    const twin = await insertJob({ ...key, state: 'open', run_at: later });
    const ofTwin = await redrive(dead);
    expectProblem(ofTwin, 409, 'operations/job-has-twin');
    expect(ofTwin.json.detail).toContain(twin);
    const open = await redrive(twin);
    expectProblem(open, 409, 'operations/job-not-ended');
    expect(open.json.detail).toContain('is open');
    expectProblem(await redrive(randomUUID()), 404, 'operations/job-unknown');
  });

  it('that is cancelled is no error', async () => {
    const id = await insertJob({ state: 'open', is_cancel_requested: true });
    await waitUntil('it is cancelled', 10_000, async () => (await stateOf(id)) === 'cancelled');
    const logs = `/api/v1/admin/profiling/logs?requestId=${id}`;
    const [row] = await waitUntil('its try is recorded', 10_000, async () => {
      const { items } = (await get(server.url, logs, admin)).json as { items: { extraData: object }[] };
      return items.length > 0 && items;
    });
    expect(row!.extraData).toMatchObject({ isError: false });
    const errors = await get(server.url, '/api/v1/admin/profiling/errors', admin);
    expect(errors.text).not.toContain('JobCancelledError');
  });

  it('is paged by its id', async () => {
    const page = await jobs('limit=1');
    const next = await jobs(`limit=1&cursor=${page.json.nextCursor as string}`);
    expect(next.json.items[0].id < page.json.items[0].id).toBe(true);
    expectProblem(await jobs('cursor=x'), 400, 'http/malformed');
  });
});

describe('streams of events', () => {
  it('that are opened together stay open, show progress, and end with their jobs', async () => {
    const ids = await Promise.all([insertJob(), insertJob(), insertJob(), insertJob()]);
    const streams = await Promise.all(ids.map((id) => EventStream.open(id)));
    const all = (text: string): boolean => streams.every((stream) => stream.text.includes(text));
    await waitUntil('all have seen their job', 10_000, () => all('"state":"waiting"'));
    for (const done of [1, 2]) {
      await queryRows(
        database.url,
        'UPDATE platform.job SET progress = $2, version = version + 1 WHERE id = ANY ($1)',
        [ids, JSON.stringify({ done, total: 2 })],
      );
      await waitUntil('all have seen the progress', 10_000, () => all(`"done":${done}`));
    }
    expect(streams.map(({ isOver }) => isOver)).toEqual([false, false, false, false]);
    await Promise.all(ids.map((id) => post(server.url, `/api/v1/jobs/${id}/cancel`, undefined, admin)));
    await waitUntil('all have ended', 10_000, () => streams.every(({ isOver }) => isOver));
    expect(all('"state":"cancelled"')).toBe(true);
    expect(all('event: end\ndata: {"reason":"over"}')).toBe(true);
  });

  it('are not for those who have seen the end', async () => {
    const id = await insertJob({ state: 'done', version: 7 });
    const after = (version: number): Promise<Answer> =>
      get(server.url, `/api/v1/jobs/${id}/events`, {
        ...admin,
        headers: { 'last-event-id': String(version) },
      });
    expect((await after(6)).text).toContain('"state":"done"');
    const over = await after(7);
    expect([over.status, over.text]).toEqual([204, '']);
  });

  it('are timed until their first byte', async () => {
    const id = await insertJob();
    const streams = await Promise.all(Array.from({ length: 8 }, () => EventStream.open(id)));
    for (const stream of streams) stream.close();
    const logs = `/api/v1/admin/profiling/logs?requestId=stream-${id}`;
    const rows = await waitUntil('they are recorded', 10_000, async () => {
      const { items } = (await get(server.url, logs, admin)).json as {
        items: { durationMs: number; extraData: { isStream: boolean; openMs: number } }[];
      };
      return items.length === 8 && items;
    });
    for (const { durationMs, extraData } of rows) {
      expect(extraData.isStream).toBe(true);
      expect(durationMs).toBeLessThan(extraData.openMs);
    }
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
      'platform',
      'platform-webhooks',
      'platform-notifications',
      'platform-sync',
      'platform-sync-accounts',
      'platform-sync-schedule',
      'identity',
      'identity-data-rights',
      'identity-exports',
      'market',
      'market-imports',
      'market-figures',
      'market-alerts',
      'market-dumps',
      'agent-analytics',
      'agent-analytics-alerts',
      'agent-analytics-bulk',
      'destiny-manifest',
      'running',
      'running-imports',
      'tabletop',
      'tabletop-generation',
      'tabletop-index',
    ]);
  });
});
