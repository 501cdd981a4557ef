import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { openLangfuseSandbox, type LangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { type Answer, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LANGFUSE_KEYS } from '../support/langfuse-trial.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// The unmodified page of the Cupid dashboard: what it asks for, in the order in which it asks, and what its types say that it gets. It has no
// base URL, announces JSON with every GET, triggers with an empty body, and crashes on a null where it calls `toFixed`.

const text = z.string();
const maybe = text.nullable();
const count = z.int().min(0);
const amount = z.number().min(0);
const session = z.strictObject({
  id: text,
  created_at: text,
  trace_count: count,
  total_cost: amount,
  avg_latency: amount,
  mortal_name: maybe,
  match_name: maybe,
  max_chapter: z.int().min(-1),
  is_complete: z.boolean(),
  first_trace_at: maybe,
  last_trace_at: maybe,
  duration_seconds: amount.nullable(),
});
const sessions = z.strictObject({
  data: z.array(session),
  meta: z.strictObject({ total: count, page: count, limit: count, pages: count }),
});
const stats = z.strictObject({
  total_sessions: count,
  total_cost: amount,
  avg_duration_seconds: amount,
  avg_latency_seconds: amount,
  complete_sessions: count,
  incomplete_sessions: count,
});
const usage = z.strictObject({
  latency_ms: amount.nullable(),
  cost: amount.nullable(),
  total_tokens: count.nullable(),
  prompt_tokens: count.nullable(),
  completion_tokens: count.nullable(),
  model: maybe,
});
const said = { timestamp: text, chapter: maybe, content: text };
const conversation = z.strictObject({
  session: session.pick({
    id: true,
    mortal_name: true,
    match_name: true,
    max_chapter: true,
    is_complete: true,
    total_cost: true,
    duration_seconds: true,
  }),
  messages: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('user'), ...said, agent: z.null(), metadata: z.null() }),
      z.strictObject({ type: z.literal('agent'), ...said, agent: maybe, metadata: usage.nullable() }),
    ]),
  ),
});
const agents = z.strictObject({
  data: z.array(
    z.strictObject({
      name: text,
      category: z.enum(['routing', 'content', 'ui', 'meta', 'unknown']),
      execution_count: count,
      avg_latency_ms: amount,
      total_cost: amount,
      total_tokens: count,
      success_rate: z.number().min(0).max(100),
    }),
  ),
});
const dashboard = z.strictObject({
  kpis: z.strictObject({
    unique_sessions: count,
    total_traces: count,
    total_cost: amount,
    avg_latency_seconds: amount,
    cost_per_session: amount,
  }),
  cost_by_chapter: z.array(z.strictObject({ chapter: text, cost: amount })),
  traces_per_day: z.array(z.strictObject({ date: z.iso.date(), count })).max(7),
});
const status = z.strictObject({
  status: z.enum(['idle', 'running', 'rate_limited', 'error', 'unknown']),
  last_sync_at: maybe,
  next_sync_at: maybe,
  error_message: maybe,
});
const started = z.strictObject({ status: z.literal('started'), message: text });

let database: TestDatabase;
let langfuse: LangfuseSandbox;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const untilMs = Date.now() - 600_000;
  const world = storyWorld({
    projectId: 'proj',
    seed: 9,
    fromMs: untilMs - 3 * 86_400_000,
    untilMs,
    observations: 2_200,
  });
  langfuse = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
    LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
    LANGFUSE_BASE_URL: langfuse.url,
    LANGFUSE_API: 'v2',
    COMPAT_ROOT: 'cupid',
    DOMAINS: 'agent-analytics',
  });
  await waitUntil('the first copy is complete', 30_000, async () => (await poll()).status === 'idle');
}, 60_000);

afterAll(async () => {
  await server.stop();
  await langfuse.close();
  await database.drop();
});

async function ask<Shape extends z.ZodType>(
  shape: Shape,
  path: string,
  method = 'GET',
): Promise<z.output<Shape>> {
  const answer: Answer = await call(server.url, method, path, {
    token: null,
    headers: { 'content-type': 'application/json' },
  });
  expect([path, answer.status]).toEqual([path, 200]);
  const { data, error } = shape.safeParse(answer.json);
  expect([path, error?.issues]).toEqual([path, undefined]);
  return data!;
}

const poll = (): Promise<z.output<typeof status>> => ask(status, '/api/sync/status');

it('is served from its first view to a refresh', async () => {
  // The side bar, and the home page.
  await poll();
  const [home, kpis] = await Promise.all([
    ask(stats, '/api/sessions/stats?time_range=all'),
    ask(dashboard, '/api/metrics/dashboard?time_range=all'),
  ]);
  expect(kpis.kpis.unique_sessions).toBe(home.total_sessions);
  expect(home.complete_sessions + home.incomplete_sessions).toBe(home.total_sessions);

  // The table of sessions: fifty at most, newest first; then a filter, and a search letter by letter.
  const list = await ask(sessions, '/api/sessions?time_range=all&status=all&page=1&limit=50');
  expect([list.data.length, list.meta]).toEqual([
    50,
    { total: home.total_sessions, page: 1, limit: 50, pages: Math.ceil(home.total_sessions / 50) },
  ]);
  const created = list.data.map((row) => row.created_at);
  expect(created).toEqual([...created].sort().reverse());
  const complete = await ask(sessions, '/api/sessions?time_range=all&status=complete&page=1&limit=50');
  expect(complete.data.every((row) => row.is_complete)).toBe(true);
  for (const letters of ['m', 'ma', 'may', 'maya']) {
    const found = await ask(
      sessions,
      `/api/sessions?time_range=all&status=all&search=${letters}&page=1&limit=50`,
    );
    for (const row of found.data)
      expect(`${row.id} ${row.mortal_name} ${row.match_name}`.toLowerCase()).toContain(letters);
  }
  for (const range of ['24h', '7d', '30d']) {
    const { data } = await ask(sessions, `/api/sessions?time_range=${range}&status=all&page=1&limit=50`);
    const { total_sessions: total } = await ask(stats, `/api/sessions/stats?time_range=${range}`);
    expect([range, data.length]).toEqual([range, Math.min(50, total)]);
  }

  // A conversation; the id stands in the path as it is.
  const longest = list.data.reduce((most, row) => (row.trace_count > most.trace_count ? row : most));
  const { messages } = await ask(conversation, `/api/sessions/${longest.id}/conversation`);
  const times = messages.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort());
  expect(new Set(messages.map(({ type }) => type))).toEqual(new Set(['user', 'agent']));

  // Agents and metrics.
  const { data: ran } = await ask(agents, '/api/agents');
  expect(ran.map((row) => row.execution_count)).toEqual(
    ran.map((row) => row.execution_count).sort((a, b) => b - a),
  );
  expect(ran.map((row) => row.name)).not.toContain('Agent workflow');
  for (const range of ['24h', '7d', '30d', 'all'])
    await ask(dashboard, `/api/metrics/dashboard?time_range=${range}`);

  // The button: it is asked until it says idle or error, from the first answer on; then everything is fetched again.
  await ask(started, '/api/sync/trigger', 'POST');
  expect((await poll()).status).toBe('running');
  await waitUntil('the page stops asking', 30_000, async () =>
    ['idle', 'error'].includes((await poll()).status),
  );
  const again = await Promise.all([
    ask(sessions, '/api/sessions?time_range=all&status=all&page=1&limit=50'),
    ask(stats, '/api/sessions/stats?time_range=all'),
    ask(agents, '/api/agents'),
    ask(dashboard, '/api/metrics/dashboard?time_range=all'),
  ]);
  expect(again).toEqual([list, home, { data: ran }, kpis]);
}, 60_000);
