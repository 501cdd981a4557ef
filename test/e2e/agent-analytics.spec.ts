import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { type LangfuseSandbox, openLangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LANGFUSE_KEYS } from '../support/langfuse-trial.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// The native API on a copy of a stand-in's plays: figures that are told in several ways must agree.

const BASE = '/api/v1/agent-analytics';
const ADMIN_BASE = '/api/v1/admin/agent-analytics';
const FROM_MS = Date.UTC(2026, 0, 1);
/** Before the first play: figures are of the last 30 days without. */
const EVER = 'from=2025-12-01T00:00:00Z';
/** Not of the stand-in's: only its keys differ. */
const CLOSED = { name: 'closed', publicKey: 'pk-lf-of-nobody', secretKey: 'sk-lf-of-nobody' };

let database: TestDatabase;
let langfuse: LangfuseSandbox;
let server: ServerProcess;
let settings: Record<string, string>;

interface Session {
  id: string;
  state: string;
  createdAt: string;
  mortal: string | null;
  match: string | null;
  costUsd: number;
  totalTokens: number;
  traceCount: number;
  environment: string;
}
interface Row {
  key: string | null;
  count: number;
  costUsd: number;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const world = storyWorld({
    projectId: 'proj',
    seed: 11,
    fromMs: FROM_MS,
    untilMs: FROM_MS + 5 * 86_400_000,
    observations: 900,
  });
  langfuse = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world }] });
  settings = {
    DATABASE_URL: database.url,
    LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
    LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
    LANGFUSE_BASE_URL: langfuse.url,
    LANGFUSE_PROJECT: 'plays',
    LANGFUSE_PROJECTS: JSON.stringify([CLOSED]),
    DOMAINS: 'agent-analytics',
    AGENT_NAMES: JSON.stringify({ categories: { Narrator: 'meta' } }),
  };
  server = await startServerProcess(settings);
  await waitUntil('both projects were tried', 30_000, async () => {
    const states = (await sources()).map(({ state }) => state);
    return states[0] === 'idle' && states[1] === 'error';
  });
});

afterAll(async () => {
  await server.stop();
  await langfuse.close();
  await database.drop();
});

async function ask<T = Record<string, unknown>>(path: string): Promise<T> {
  const answer = await get(server.url, `${BASE}/${path}`);
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return answer.json as T;
}

const sources = async (): Promise<Record<string, string | null>[]> =>
  (await ask<{ items: Record<string, string | null>[] }>('sync/sources')).items;

async function everySession(query = ''): Promise<Session[]> {
  const found: Session[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { items: Session[]; nextCursor: string | null } = await ask(
      `sessions?limit=7${query}${cursor && `&cursor=${cursor}`}`,
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

const sumOf = <T>(rows: readonly T[], read: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + read(row), 0);

describe('sessions', () => {
  it('come page by page, newest first, each once', async () => {
    const found = await everySession();
    expect(found.length).toBeGreaterThan(20);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    const times = found.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('are narrowed by state, character, cost, words and range, as the whole list says', async () => {
    const all = await everySession();
    const { mortal } = all.find((session) => session.mortal !== null)!;
    const dear = all.map(({ costUsd }) => costUsd).sort((a, b) => a - b)[all.length >> 1]!;
    const middle = all[all.length >> 1]!;
    const cases: [string, (session: Session) => boolean][] = [
      ['&state=complete', ({ state }) => state === 'complete'],
      ['&state=abandoned', ({ state }) => state === 'abandoned'],
      [
        `&character=${encodeURIComponent(mortal!.toUpperCase())}`,
        (one) => [one.mortal, one.match].includes(mortal),
      ],
      [`&minCostUsd=${dear}`, ({ costUsd }) => costUsd >= dear],
      [`&maxCostUsd=${dear}`, ({ costUsd }) => costUsd <= dear],
      [`&q=${middle.id.slice(-6)}`, ({ id }) => id.includes(middle.id.slice(-6))],
      [`&from=${middle.createdAt}`, ({ createdAt }) => createdAt >= middle.createdAt],
      [`&to=${middle.createdAt}`, ({ createdAt }) => createdAt < middle.createdAt],
      [`&environment=${middle.environment}`, ({ environment }) => environment === middle.environment],
    ];
    for (const [query, isMeant] of cases) {
      const found = await everySession(query);
      expect([query, found.map(({ id }) => id)]).toEqual([query, all.filter(isMeant).map(({ id }) => id)]);
    }
    expect(await everySession('&q=%25')).toEqual([]);
    expect(await everySession('&state=active')).toEqual([]);
  });

  it('show their traces, and a transcript in which a pick is one of what was offered before', async () => {
    const [longest] = (await everySession()).sort((a, b) => b.traceCount - a.traceCount);
    const detail = await ask<{ traces: Row[] } & Session>(`sessions/${longest!.id}`);
    expect(detail).toMatchObject(longest!);
    expect(sumOf(detail.traces, ({ costUsd }) => costUsd)).toBeCloseTo(longest!.costUsd, 9);
    const { turns } = await ask<{
      turns: {
        ordinal: number;
        player: string | null;
        picked: { key: string } | null;
        offered: { key: string }[];
        lines: { text: string; isInternal: boolean }[];
      }[];
    }>(`sessions/${longest!.id}/transcript`);
    expect(turns.map(({ ordinal }) => ordinal)).toEqual(turns.map((_turn, index) => index + 1));
    // Where offering them has failed, the stand-in's players pick all the same.
    const picked = turns.filter((turn) => turn.picked && turns[turn.ordinal - 2]?.offered.length);
    expect(picked.length).toBeGreaterThan(0);
    for (const turn of picked) {
      expect(turns[turn.ordinal - 2]!.offered).toContainEqual(turn.picked);
      expect(turn.player).not.toContain('PLAYER_CHOICE');
    }
    expect(turns.flatMap(({ lines }) => lines).some(({ isInternal }) => isInternal)).toBe(true);
  });
});

describe('figures', () => {
  it('agree with each other, whichever way they are told', async () => {
    const all = await everySession();
    const dashboard = await ask<Record<string, number>>(`metrics/dashboard?${EVER}`);
    const cost = sumOf(all, ({ costUsd }) => costUsd);
    expect(dashboard).toMatchObject({
      sessionCount: all.length,
      completeCount: all.filter(({ state }) => state === 'complete').length,
      abandonedCount: all.filter(({ state }) => state === 'abandoned').length,
      traceCount: sumOf(all, ({ traceCount }) => traceCount),
      totalTokens: sumOf(all, ({ totalTokens }) => totalTokens),
    });
    expect(dashboard['costUsd']).toBeCloseTo(cost, 9);
    for (const groupBy of ['chapter', 'pair', 'release', 'agent', 'model']) {
      const { items } = await ask<{ items: Row[] }>(`metrics/cost?groupBy=${groupBy}&${EVER}`);
      expect([groupBy, sumOf(items, ({ costUsd }) => costUsd)]).toEqual([groupBy, expect.closeTo(cost, 9)]);
    }
    const { items: chapters } = await ask<{ items: Row[] }>(`metrics/cost?groupBy=chapter&${EVER}`);
    expect(chapters.map(({ key }) => key).slice(0, 3)).toEqual(['Introduction', 'Mortal', 'Match']);
  });

  it('of agents have their quantiles in order, and their models', async () => {
    interface Agent {
      name: string;
      category: string;
      runCount: number;
      successRatio: number;
      latency: Record<string, number>;
      models: { runCount: number }[];
    }
    const { items } = await ask<{ items: Agent[] }>(`agents?${EVER}`);
    expect(items.length).toBeGreaterThan(5);
    for (const { latency, successRatio } of items) {
      const { p50Ms, p90Ms, p95Ms, p99Ms } = latency;
      const quantiles = [p50Ms, p90Ms, p95Ms, p99Ms];
      expect(quantiles).toEqual([...quantiles].sort((a, b) => a! - b!));
      expect(successRatio >= 0 && successRatio <= 1).toBe(true);
    }
    const story = items.find(({ name }) => name === 'StartCupidGame')!;
    expect(story.category).toBe('control');
    const detail = await ask<Agent>(`agents/StartCupidGame?${EVER}`);
    expect(sumOf(detail.models, ({ runCount }) => runCount)).toBe(story.runCount);
  });

  it('of a range are those of the traces in it, and two halves make a whole', async () => {
    const middle = new Date(FROM_MS + 2.5 * 86_400_000).toISOString();
    const [whole, first, second] = await Promise.all(
      [EVER, `${EVER}&to=${middle}`, `from=${middle}`].map((query) =>
        ask<Record<string, number>>(`metrics/dashboard?${query}`),
      ),
    );
    expect(first!['traceCount']).toBeGreaterThan(0);
    expect(second!['traceCount']).toBeGreaterThan(0);
    expect(first!['traceCount']! + second!['traceCount']!).toBe(whole!['traceCount']);
  });

  it('without a beginning are those of 30 days', async () => {
    const first = (await everySession()).at(-1)!;
    const counted = async (daysAfter: number): Promise<unknown> => {
      const to = new Date(Date.parse(first.createdAt) + daysAfter * 86_400_000 - 60_000).toISOString();
      return (await ask(`story/funnel?to=${to}`))['sessionCount'];
    };
    expect(await counted(30)).toBe((await everySession()).length);
    expect(await counted(30 + 6)).toBe(0);
    expect(await ask('metrics/dashboard')).toMatchObject({ traceCount: 0 });
  });

  it('over time have no gaps, in any zone and across a change of clocks, and add up', async () => {
    interface Point {
      from: string;
      traceCount: number;
      costUsd: number;
    }
    const whole = await ask<Record<string, number>>(`metrics/dashboard?${EVER}`);
    const span = `from=2025-12-30T00:00:00Z&to=2026-01-12T00:00:00Z`;
    for (const [bucket, tz, ms] of [
      ['hour', 'Asia/Kathmandu', 3_600_000],
      ['day', 'America/Sao_Paulo', 86_400_000],
      ['week', 'UTC', 7 * 86_400_000],
    ] as const) {
      const { items } = await ask<{ items: Point[] }>(`metrics/timeseries?bucket=${bucket}&tz=${tz}&${span}`);
      const gaps = items.slice(1).map(({ from }, index) => Date.parse(from) - Date.parse(items[index]!.from));
      expect([bucket, new Set(gaps)]).toEqual([bucket, new Set([ms])]);
      expect(sumOf(items, ({ traceCount }) => traceCount)).toBe(whole['traceCount']);
      expect(sumOf(items, ({ costUsd }) => costUsd)).toBeCloseTo(whole['costUsd']!, 9);
    }
    const spring = 'from=2026-03-28T12:00:00Z&to=2026-03-30T12:00:00Z&tz=Europe/Berlin';
    const days = await ask<{ items: Point[] }>(`metrics/timeseries?${spring}`);
    expect(days.items.map(({ from }) => from)).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect((await ask<{ items: Point[] }>(`metrics/timeseries?bucket=hour&${spring}`)).items).toHaveLength(
      48,
    );
  });

  it('of stories: whoever comes to a chapter has come to those before it', async () => {
    interface Step {
      chapter: number;
      name: string;
      sessionCount: number;
      lastHereCount: number;
      medianSecondsToReach: number;
      meanCostToReachUsd: number;
    }
    const all = (await everySession()) as (Session & { maxChapter: number | null })[];
    const { items, sessionCount } = await ask<{ items: Step[]; sessionCount: number }>(
      `story/funnel?${EVER}`,
    );
    expect(sessionCount).toBe(all.length);
    expect(items.map(({ chapter, sessionCount: count }) => [chapter, count])).toEqual(
      items.map((_step, n) => [n, all.filter(({ maxChapter }) => (maxChapter ?? -1) >= n).length]),
    );
    expect(sumOf(items, ({ lastHereCount }) => lastHereCount)).toBe(all.length);
    expect(items[0]).toMatchObject({ name: 'Introduction', medianSecondsToReach: 0, meanCostToReachUsd: 0 });
    expect(items[1]!.medianSecondsToReach).toBeGreaterThan(0);
    expect(items[1]!.meanCostToReachUsd).toBeGreaterThan(0);
  });

  it('of choices and waits are those of the transcripts', async () => {
    interface Turn {
      latencyMs: number;
      picked: { key: string } | null;
      offered: { key: string }[];
    }
    const transcripts = await Promise.all(
      (await everySession()).map(({ id }) => ask<{ turns: Turn[] }>(`sessions/${id}/transcript`)),
    );
    const turns = transcripts.flatMap((transcript) => transcript.turns);
    const offers = transcripts.flatMap(({ turns: own }) =>
      own.flatMap(({ offered }, index) => {
        const key = own[index + 1]?.picked?.key;
        const isOffered = offered.some((choice) => choice.key === key);
        return offered.length === 0 ? [] : [{ offered, picked: isOffered ? key : null }];
      }),
    );
    const choices = await ask<{
      offerCount: number;
      unpickedCount: number;
      items: { key: string; offeredCount: number; pickedCount: number; pickedRatio: number }[];
    }>(`story/choices?${EVER}`);
    expect(choices).toMatchObject({
      offerCount: offers.length,
      unpickedCount: offers.filter(({ picked }) => picked === null).length,
    });
    expect(choices.items.map(({ key }) => key).slice(0, 2)).toEqual(['A', 'B']);
    for (const { key, offeredCount, pickedCount } of choices.items)
      expect([key, offeredCount, pickedCount]).toEqual([
        key,
        offers.filter(({ offered }) => offered.some((choice) => choice.key === key)).length,
        offers.filter(({ picked }) => picked === key).length,
      ]);
    const waits = await ask<{
      turnCount: number;
      p50Ms: number;
      p99Ms: number;
      items: { fromS: number; toS: number | null; turnCount: number; lostCount: number }[];
    }>(`story/turn-latency?${EVER}`);
    expect(waits.turnCount).toBe(turns.length);
    for (const { fromS, toS, turnCount } of waits.items)
      expect([fromS, turnCount]).toEqual([
        fromS,
        turns.filter(({ latencyMs }) => latencyMs >= fromS * 1_000 && latencyMs < (toS ?? Infinity) * 1_000)
          .length,
      ]);
    const lost = (await everySession()).filter(({ state }) => state !== 'complete').length;
    expect(sumOf(waits.items, ({ lostCount }) => lostCount)).toBe(lost);
    expect(waits.p50Ms).toBeLessThanOrEqual(waits.p99Ms);
  });

  it('say how fresh they are', async () => {
    for (const path of [
      'sessions',
      'agents',
      'metrics/dashboard',
      'metrics/cost?groupBy=agent',
      'story/funnel',
    ]) {
      const { asOf, completeThrough } = await ask<Record<string, string>>(path);
      expect([Date.parse(asOf!) > FROM_MS, Date.parse(completeThrough!) > FROM_MS]).toEqual([true, true]);
    }
    const never = await ask('metrics/dashboard?project=closed');
    expect(never).toMatchObject({ asOf: null, completeThrough: null, sessionCount: 0, meanLatencyS: null });
  });
});

describe('the copy', () => {
  it('shows its sources, with what is wrong where something is, and no key', async () => {
    const [plays, closed] = await sources();
    expect(plays).toMatchObject({ id: 'langfuse:plays', state: 'idle', error: null });
    expect(closed).toMatchObject({ id: 'langfuse:closed', state: 'error', lastSuccessAt: null });
    expect(closed!['error']).toContain('401');
    const check = (id: string): Promise<Answer> =>
      get(server.url, `${BASE}/sync/sources/${id}/check`, { token: INGEST_TOKEN });
    expect((await check('langfuse:plays')).json).toMatchObject({ isOk: true });
    const refused = await check('langfuse:closed');
    expect(refused.json).toMatchObject({ isOk: false });
    expect(JSON.stringify([closed, refused.json])).not.toMatch(/[ps]k-lf-/);
  });

  it('is looked at run by run and stream by stream', async () => {
    const { items } = await ask<{ items: { id: string; sourceId: string; state: string }[] }>(
      'sync/runs?limit=50',
    );
    const run = items.find(({ sourceId, state }) => sourceId === 'langfuse:plays' && state === 'succeeded')!;
    const { streams } = await ask<{ streams: { stream: string; fetched: number; inserted: number }[] }>(
      `sync/runs/${run.id}`,
    );
    expect(streams.map(({ stream }) => stream)).toEqual(['sessions', 'traces', 'observations', 'scores']);
    const { items: marks } = await ask<{ items: { stream: string }[] }>('sync/watermarks');
    expect(marks.map(({ stream }) => stream).sort()).toEqual([
      'observations',
      'scores',
      'sessions',
      'traces',
    ]);
    expect(await ask('sync/gaps?isOpen=true')).toEqual({ items: [], nextCursor: null });
  });

  it('is made again when somebody asks, and finds nothing new', async () => {
    const started = await post(server.url, `${BASE}/sync/runs`, {
      sourceId: 'langfuse:plays',
      kind: 'backfill',
    });
    expect(started).toMatchObject({ status: 200, json: { kind: 'backfill', isJoined: false } });
    const { id } = started.json as { id: string };
    const joined = await post(server.url, `${BASE}/sync/runs`, {
      sourceId: 'langfuse:plays',
      kind: 'backfill',
    });
    expect(joined.json).toMatchObject({ id, isJoined: true });
    interface Run {
      state: string;
      streams: { inserted: number; updated: number }[];
    }
    let run = await ask<Run>(`sync/runs/${id}`);
    await waitUntil('it has ended', 30_000, async () => {
      run = await ask<Run>(`sync/runs/${id}`);
      return run.state === 'succeeded';
    });
    expect(run.streams.map(({ inserted, updated }) => [inserted, updated])).toEqual(
      run.streams.map(() => [0, 0]),
    );
    const ended = await post(server.url, `${BASE}/sync/runs/${id}/cancel`, undefined);
    expect(ended).toMatchObject({ status: 409, json: { code: 'agent-analytics/run-ended' } });
  });
});

describe('an operator', () => {
  const agents = (...args: string[]): ReturnType<typeof runCli> => runCli(['agents', ...args], settings);

  it('is told whether keys and address of each project work, and sees no key', async () => {
    const all = await agents('check');
    expect([all.code, all.stderr]).toEqual([1, expect.stringContaining('Not every project can be read.')]);
    expect(all.stdout).toMatch(/plays: Langfuse takes the keys/);
    expect(all.stdout).toMatch(/closed: .*401/);
    expect(all.stdout + all.stderr).not.toMatch(/[ps]k-lf-/);
    expect(await agents('check', '--project', 'plays')).toMatchObject({ code: 0, stderr: '' });
  });

  it('makes figures anew, which are the same, and is told of what cannot be', async () => {
    const before = await everySession();
    expect(await agents('rebuild', '--project', 'plays')).toMatchObject({ code: 0 });
    expect(await everySession()).toEqual(before);
    for (const [args, reason] of [
      [['rebuild', '--project', 'none'], 'There is no project none'],
      [['import', '--file', '/no/such/file'], 'cannot be read'],
      [['import'], 'Usage'],
      [['sideways'], 'Usage'],
    ] as const)
      expect(await agents(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
  });
});

describe('an administrator', () => {
  const admin = { token: ADMIN_TOKEN };
  const upload = (query: string, body: Buffer, token = ADMIN_TOKEN): Promise<Answer> =>
    call(server.url, 'POST', `${ADMIN_BASE}/imports?${query}`, {
      token,
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
  interface Job {
    state: string;
    progress: { done: number; total: number; note: string };
  }
  async function ended({ status, json }: Answer): Promise<Job> {
    expect(status).toBe(202);
    const path = `/api/v1/jobs/${(json as { jobId: string }).jobId}`;
    const find = async (): Promise<Job> => (await get(server.url, path, admin)).json;
    await waitUntil('the job has ended', 30_000, async () => ['done', 'dead'].includes((await find()).state));
    return find();
  }
  const FILE = Buffer.from(
    [
      '{"id":"of-a-file","timestamp":"2025-06-05T10:00:00.000Z","session_id":"from-a-file","tags":["chapter_1"],"total_cost":0.25}',
      '{"broken',
    ].join('\n'),
  );

  it('takes over a file of an export, plain or packed, and is told what became of it', async () => {
    const first = await ended(await upload('project=closed', FILE));
    expect(first).toMatchObject({ state: 'done', progress: { done: 2, total: 2 } });
    expect(first.progress.note).toBe('2 lines, 1 rows new, 0 changed, 0 known, 1 refused (line 2: no JSON)');
    expect(await ask('sessions/from-a-file?project=closed')).toMatchObject({ traceCount: 1, costUsd: 0.25 });
    const again = await ended(await upload('project=closed', gzipSync(FILE)));
    expect(again.progress.note).toMatch(/^2 lines, 0 rows new, 0 changed, 1 known/);
  });

  it('is told of a file that is damaged, or none of an export, or written tomorrow', async () => {
    const cut = gzipSync(Buffer.concat(Array.from({ length: 500 }, () => FILE))).subarray(0, -20);
    expect(await ended(await upload('project=closed', cut))).toMatchObject({ state: 'dead' });
    const picture = await upload('project=closed', Buffer.from('GIF89a.....................'));
    expect(picture).toMatchObject({ status: 415, json: { code: 'operations/file-type-refused' } });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await upload(`writtenAt=${tomorrow}`, FILE)).toMatchObject({ status: 400 });
    expect(await upload('project=none', FILE)).toMatchObject({ status: 404 });
  });

  it('has figures made anew, which are the same', async () => {
    const before = await everySession();
    const rebuilt = await ended(await post(server.url, `${ADMIN_BASE}/rebuild`, { project: 'plays' }, admin));
    expect(rebuilt.state).toBe('done');
    expect(rebuilt.progress.done).toBe(rebuilt.progress.total);
    expect(rebuilt.progress.done).toBeGreaterThan(before.length);
    expect(await everySession()).toEqual(before);
  });

  it('alone may do so', async () => {
    expect((await upload('project=closed', FILE, INGEST_TOKEN)).status).toBe(403);
    expect((await post(server.url, `${ADMIN_BASE}/rebuild`, {}, { token: INGEST_TOKEN })).status).toBe(403);
  });
});

describe('names', () => {
  it('of agents and chapters are the settings', async () => {
    const agents = await ask<{ items: object[] }>('config/agents');
    expect(agents).toMatchObject({ endAgent: 'End', choiceAgent: 'DisplayChoices' });
    expect(agents.items).toContainEqual({ name: 'Narrator', category: 'meta' });
    expect(agents.items).toContainEqual({ name: 'StartCupidGame', category: 'control' });
    const chapters = await ask<{ items: object[] }>('config/chapters');
    expect(chapters.items[1]).toEqual({ number: 1, tag: 'chapter_1', name: 'Mortal' });
    expect(chapters).toMatchObject({ completeFromChapter: 5 });
  });
});

describe('a request that cannot be served', () => {
  const ROUTES: [string, number, string][] = [
    ['sessions?project=none', 404, 'agent-analytics/unknown-project'],
    ['sessions/none', 404, 'agent-analytics/unknown-session'],
    ['sessions/none/transcript', 404, 'agent-analytics/unknown-session'],
    ['agents/Nobody', 404, 'agent-analytics/unknown-agent'],
    ['sync/runs/none', 404, 'agent-analytics/unknown-run'],
    ['sync/sources/none/check', 404, 'agent-analytics/unknown-source'],
    ['sessions?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 400, 'agent-analytics/invalid-query'],
    ['sync/runs?cursor=WyJub25lIl0', 400, 'agent-analytics/invalid-query'],
    ['sessions?limit=0', 400, 'http/malformed'],
    ['sessions?limit=10000', 400, 'http/malformed'],
    ['sessions?state=sideways', 400, 'http/malformed'],
    ['sessions?from=yesterday', 400, 'http/malformed'],
    ['sessions?cursor=x', 400, 'http/malformed'],
    ['metrics/timeseries?tz=Mars', 400, 'agent-analytics/invalid-query'],
    ['metrics/timeseries?bucket=hour&from=2020-01-01T00:00:00Z', 400, 'agent-analytics/invalid-query'],
    ['metrics/cost', 400, 'http/malformed'],
    ['metrics/cost?groupBy=player', 400, 'http/malformed'],
  ];

  it.each(ROUTES)('%s is refused with its reason', async (path, status, code) => {
    const answer = await get(server.url, `${BASE}/${path}`, { token: INGEST_TOKEN });
    expect([answer.status, answer.json?.code]).toEqual([status, code]);
  });

  it.each<[string, object, number, string]>([
    [
      'no such source',
      { sourceId: 'langfuse:none', kind: 'backfill' },
      404,
      'agent-analytics/unknown-source',
    ],
    [
      'half a range',
      { sourceId: 'langfuse:plays', kind: 'backfill', from: '2026-01-01T00:00:00Z' },
      422,
      'agent-analytics/invalid-run',
    ],
    [
      'a range of what has none',
      {
        sourceId: 'langfuse:plays',
        kind: 'incremental',
        from: '2026-01-01T00:00:00Z',
        to: '2026-01-02T00:00:00Z',
      },
      422,
      'agent-analytics/invalid-run',
    ],
    ['an unknown kind', { sourceId: 'langfuse:plays', kind: 'sideways' }, 400, 'http/malformed'],
  ])('a run of %s is refused', async (_what, body, status, code) => {
    const answer = await post(server.url, `${BASE}/sync/runs`, body);
    expect([answer.status, answer.json?.code]).toEqual([status, code]);
  });
});
