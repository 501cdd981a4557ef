import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openLangfuseSandbox, type LangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { recordedWorld } from '../../src/sandbox/langfuse/recorded-world.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { readRecorded, recordedFolder, recordedRows } from '../support/agents-trial.js';
import { type Answer, call } from '../support/api-client.js';
import { expectedAnswer } from '../support/cupid-golden.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LANGFUSE_KEYS } from '../support/langfuse-trial.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// The dashboard's page against the whole program: it copies a Langfuse by itself, and answers as the original did.

const BASE = '/compat/cupid/api';
const golden = recordedFolder === undefined ? {} : (readRecorded('golden/original-responses.json') as Golden);
type Golden = Record<string, unknown>;
/** Ranges hang on the clock: compat-golden.db.spec.ts has one of its own. */
const GOLDEN_KEYS = Object.keys(golden).filter((key) => !/time_range=(?!all)/.test(key));

let database: TestDatabase;
let langfuse: LangfuseSandbox;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const from = Date.UTC(2026, 0, 1);
  const world =
    recordedFolder === undefined
      ? storyWorld({ projectId: 'proj', seed: 3, fromMs: from, untilMs: from + 1e8, observations: 300 })
      : recordedWorld('proj-cupid-demo', recordedRows());
  langfuse = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
    LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
    LANGFUSE_BASE_URL: langfuse.url,
    COMPAT_ROOT: 'cupid',
    DOMAINS: 'agent-analytics',
  });
  await waitUntil('the first copy is complete', 30_000, async () => (await status()).status === 'idle');
});

afterAll(async () => {
  await server.stop();
  await langfuse.close();
  await database.drop();
});

/** As the page asks: JSON is announced with every call, and nobody says who they are. */
const ask = (path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> =>
  call(server.url, method, path, {
    token: null,
    headers: { 'content-type': 'application/json', ...headers },
  });

async function status(): Promise<Record<string, unknown>> {
  return (await ask(`${BASE}/sync/status`)).json as Record<string, unknown>;
}

(recordedFolder === undefined ? describe.skip : describe)(
  "the original's answers (needs the folder ../shared/data/langfuse)",
  () => {
    it.each(GOLDEN_KEYS)('%s', async (key) => {
      const answer = await ask(BASE + key.slice('GET '.length));
      expect([answer.status, answer.json]).toEqual([200, expectedAnswer(key, golden[key])]);
    });
  },
);

describe('synchronisation', () => {
  it('tells of the last and the next copy as Python writes times', async () => {
    const { last_sync_at: last, next_sync_at: next, ...rest } = await status();
    expect(rest).toEqual({ status: 'idle', error_message: null });
    expect([last, next]).toEqual(
      Array.from({ length: 2 }, () => expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\+00:00$/)),
    );
    expect(Date.parse(String(next)) - Date.parse(String(last))).toBe(300_000);
  });

  it('begins with a JSON request without a body, runs before it has answered, and twice is once', async () => {
    const started = { status: 'started', message: 'Sync job started - fetching from Langfuse API' };
    const answers = await Promise.all([1, 2, 3].map(() => ask(`${BASE}/sync/trigger`, 'POST')));
    expect(answers.map(({ status: code, json }) => [code, json])).toEqual(
      Array.from({ length: 3 }, () => [200, started]),
    );
    expect((await status()).status).toBe('running');
    await waitUntil('it has ended', 30_000, async () => (await status()).status === 'idle');
  });
});

describe('the page', () => {
  it('finds the API at the root too, since it knows no other place, and the native one beside it', async () => {
    const [mounted, atRoot] = await Promise.all([
      ask(`${BASE}/sessions?limit=3`),
      ask('/api/sessions?limit=3'),
    ]);
    expect(atRoot.status).toBe(200);
    expect(atRoot.text).toBe(mounted.text);
    expect((await ask('/api/sessionsx')).status).toBe(404);
    expect((await ask('/api/v1/account')).status).toBe(401);
  });

  it('is told what is wrong as FastAPI does', async () => {
    const answer = await ask(`${BASE}/sessions?limit=0`);
    expect([answer.status, answer.json]).toEqual([
      422,
      {
        detail: [
          {
            type: 'greater_than_equal',
            loc: ['query', 'limit'],
            msg: 'Input should be greater than or equal to 1',
            input: '0',
            ctx: { ge: 1 },
          },
        ],
      },
    ]);
    for (const [path, code, detail] of [
      ['sessions/none/conversation', 404, 'Session not found'],
      ['agents/Nobody', 404, 'Agent not found'],
    ] as const) {
      const missing = await ask(`${BASE}/${path}`);
      expect([missing.status, missing.json]).toEqual([code, { detail }]);
    }
    const wrong = await ask(`${BASE}/sessions`, 'DELETE');
    expect([wrong.status, wrong.json]).toEqual([405, { detail: 'Method Not Allowed' }]);
    expect((await ask(`${BASE}/sync/trigger`)).status).toBe(405);
  });

  it('is told in a word that nothing has changed, and what has once something did', async () => {
    const paths = ['/sessions', '/sessions/stats?time_range=all', '/agents', '/metrics/dashboard'];
    const tagged = async (): Promise<[path: string, tag: string][]> => {
      const answers = await Promise.all(paths.map((path) => ask(BASE + path)));
      return answers.map(({ headers }, index) => [paths[index]!, headers.get('etag')!]);
    };
    const before = await tagged();
    for (const [path, tag] of before) {
      expect(await ask(BASE + path, 'GET', { 'if-none-match': tag })).toMatchObject({
        status: 304,
        text: '',
      });
      // Who may not ask so learns it, whatever he holds.
      const wrong = `${BASE}${path.split('?')[0]}?time_range=ever`;
      if (path !== '/agents') expect((await ask(wrong, 'GET', { 'if-none-match': tag })).status).toBe(422);
    }
    // What hangs on the clock has no tag.
    expect((await ask(`${BASE}/sessions/stats?time_range=7d`)).headers.get('etag')).toBeNull();

    const owner = new Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`INSERT INTO agent_analytics.dirty_session (project_id, session_id)
      SELECT project_id, session_id FROM agent_analytics.session_figure LIMIT 1`);
    await owner.end();
    await ask(`${BASE}/sync/trigger`, 'POST');
    await waitUntil('the figures are made anew', 30_000, async () => {
      const [first] = await tagged();
      return first![1] !== before[0]![1];
    });
    for (const [path, tag] of before)
      expect((await ask(BASE + path, 'GET', { 'if-none-match': tag })).status).toBe(200);
  });

  it('may be served from the ports of its own deployments', async () => {
    const preflight = (origin: string): Promise<Answer> =>
      ask(`${BASE}/sessions`, 'OPTIONS', {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'content-type',
      });
    const allowed = await preflight('http://localhost:3000');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('content-type');
    expect(
      (await preflight('http://elsewhere.example')).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  it('finds what it searches for, taken literally', async () => {
    const count = async (search: string): Promise<number> =>
      (
        (await ask(`${BASE}/sessions?search=${encodeURIComponent(search)}`)).json as {
          meta: { total: number };
        }
      ).meta.total;
    const all = await count('');
    expect(all).toBeGreaterThan(0);
    expect(await count('%')).toBe(0);
    expect(await count('_________')).toBe(0);
    expect(await count("'; DROP TABLE agent_analytics.session; --")).toBe(0);
    expect((await ask(`${BASE}/sessions?page=99999999999999999999`)).json).toMatchObject({ data: [] });
  });

  it('is healthy', async () => {
    const answer = await ask('/compat/cupid/health');
    expect([answer.status, answer.json]).toEqual([200, { status: 'healthy' }]);
  });
});
