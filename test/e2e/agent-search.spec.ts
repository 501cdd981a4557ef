import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LangfuseSandbox, openLangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LANGFUSE_KEYS } from '../support/langfuse-trial.js';
import { readOpenApi } from '../support/open-api.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// Sessions found, looked into, taken along and forgotten, on a copy of a stand-in's plays.

const BASE = '/api/v1/agent-analytics';
const FROM_MS = Date.UTC(2026, 0, 1);

let database: TestDatabase;
let langfuse: LangfuseSandbox;
let server: ServerProcess;

interface Session {
  id: string;
  mortal: string | null;
  match: string | null;
  costUsd: number;
  meanLatencyS: number | null;
  durationS: number | null;
  lastTraceAt: string | null;
  createdAt: string;
  traceCount: number;
  totalTokens: number;
}
interface Hit {
  session: Session;
  rank: number;
  matches: { by: string; text: string; highlights: { from: number; to: number }[] }[];
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const world = storyWorld({
    projectId: 'proj',
    seed: 12,
    fromMs: FROM_MS,
    untilMs: FROM_MS + 5 * 86_400_000,
    observations: 600,
  });
  langfuse = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
    LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
    LANGFUSE_BASE_URL: langfuse.url,
    LANGFUSE_PROJECT: 'plays',
    DOMAINS: 'agent-analytics',
  });
  await waitUntil('the plays were copied', 30_000, async () => {
    const { items } = await ask<{ items: { lastSuccessAt: string | null }[] }>('sync/sources');
    return items[0]!.lastSuccessAt !== null;
  });
});

afterAll(async () => {
  await server.stop();
  await langfuse.close();
  await database.drop();
});

const call = (path: string): Promise<Answer> => get(server.url, `${BASE}/${path}`);

async function ask<T = Record<string, unknown>>(path: string): Promise<T> {
  const answer = await call(path);
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return answer.json as T;
}

async function every<T>(path: string): Promise<T[]> {
  const found: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<T> = await ask(
      `${path}${path.includes('?') ? '&' : '?'}limit=9${cursor && `&cursor=${cursor}`}`,
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

/** Reads all plays anew. */
async function backfill(): Promise<void> {
  const { json } = await post(server.url, `${BASE}/sync/runs`, {
    sourceId: 'langfuse:plays',
    kind: 'backfill',
  });
  const { id } = json as { id: string };
  await waitUntil('it has been read', 30_000, async () => {
    return (await ask<{ state: string }>(`sync/runs/${id}`)).state === 'succeeded';
  });
}

describe('a search', () => {
  it('finds sessions by names, ids and what was said, whatever the case and the accents', async () => {
    const all = await every<Session>('sessions');
    const { id, mortal } = all.find((session) => session.mortal?.includes('Aïcha')) ?? all[0]!;
    const plain = mortal!.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
    const hits = await every<Hit>(`search?q=${encodeURIComponent(plain)}`);
    expect(hits.map(({ session }) => session.id)).toContain(id);
    for (const { session, matches } of hits) {
      expect(session).toEqual(all.find((one) => one.id === session.id));
      for (const { text, highlights } of matches)
        for (const { from, to } of highlights) {
          const marked = text.slice(from, to).normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
          expect(plain.split(' ').some((word) => marked.startsWith(word))).toBe(true);
        }
    }
    const [best] = (await ask<Page<Hit>>(`search?q=${id}`)).items;
    expect(best).toMatchObject({ session: { id }, matches: [{ by: 'id', text: id }] });
    expect(await every(`search?q=${id}&state=active`)).toEqual([]);
  });

  it('has every session once, page by page, the best first', async () => {
    const hits = await every<Hit>('search?q=the');
    expect(hits.length).toBeGreaterThan(9);
    expect(new Set(hits.map(({ session }) => session.id)).size).toBe(hits.length);
    const ranks = hits.map(({ rank }) => rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
  });

  it('takes any signs for what they are, and refuses what is none', async () => {
    for (const q of [
      '%',
      '_',
      "'",
      '"',
      '\\',
      '&|!():*',
      '<->',
      '; DROP TABLE x',
      '💔',
      ':*',
      'a&b|!c:*',
      '% %',
    ])
      expect([q, (await call(`search?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 200]);
    expect((await ask<Page<Hit>>('search?q=%25%5F')).items).toEqual([]);
    expect((await call(`search?q=${encodeURIComponent('a '.repeat(100).trim())}`)).status).toBe(200);
    for (const [query, field] of [
      ['', 'q'],
      ['q=', 'q'],
      [`q=${'a'.repeat(201)}`, 'q'],
      ['q=a&limit=0', 'limit'],
      ['q=a&minCostUsd=2&maxCostUsd=1', 'maxCostUsd'],
      ['q=a&minLatencyS=-1', 'minLatencyS'],
      [`q=a&cursor=${Buffer.from('[99999999999,"x"]').toString('base64url')}`, 'cursor'],
      ['q=a&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
    ] as const) {
      const answer = await call(`search?${query}`);
      expectProblem(answer, 400);
      expect([query, answer.json.errors]).toEqual([
        query,
        [expect.objectContaining({ pointer: `/${field}` })],
      ]);
    }
    expectProblem(await call('search?q=a&project=none'), 404, 'agent-analytics/unknown-project');
    for (const query of ['q=%00', 'q=a&cursor=x']) expectProblem(await call(`search?${query}`), 400);
  });
});

describe('sessions', () => {
  it('come in any of the orders, each once, with what is not known as the least', async () => {
    const all = await every<Session>('sessions');
    const keys: Record<string, (session: Session) => number> = {
      createdAt: ({ createdAt }) => Date.parse(createdAt),
      lastTraceAt: ({ lastTraceAt }) => Date.parse(lastTraceAt ?? '1970-01-01T00:00:00Z'),
      costUsd: ({ costUsd }) => costUsd,
      totalTokens: ({ totalTokens }) => totalTokens,
      traceCount: ({ traceCount }) => traceCount,
      meanLatencyS: ({ meanLatencyS }) => meanLatencyS ?? -1,
      durationS: ({ durationS }) => durationS ?? -1,
    };
    for (const [sort, keyOf] of Object.entries(keys)) {
      const up = await every<Session>(`sessions?sort=${sort}&order=asc`);
      expect([sort, up.map(keyOf)]).toEqual([sort, all.map(keyOf).sort((a, b) => a - b)]);
      expect(new Set(up.map(({ id }) => id)).size).toBe(all.length);
      expect([sort, (await every<Session>(`sessions?sort=${sort}`)).reverse()]).toEqual([sort, up]);
    }
  });

  it('are narrowed by latency', async () => {
    const all = await every<Session>('sessions');
    const middle = all.map(({ meanLatencyS }) => meanLatencyS!).sort((a, b) => a - b)[all.length >> 1]!;
    const slow = await every<Session>(`sessions?minLatencyS=${middle}`);
    const quick = await every<Session>(`sessions?maxLatencyS=${middle}`);
    expect(slow).toEqual(all.filter(({ meanLatencyS }) => meanLatencyS! >= middle));
    expect(quick).toEqual(all.filter(({ meanLatencyS }) => meanLatencyS! <= middle));
  });

  it('refuse orders that there are not, and cursors of other lists', async () => {
    const { nextCursor } = await ask<Page<Session>>('sessions?limit=2&sort=costUsd');
    for (const [query, field] of [
      ['order=sideways', 'order'],
      ['sort=name', 'sort'],
      [`cursor=${nextCursor}`, 'cursor'],
      [`sort=costUsd&order=asc&cursor=${nextCursor}`, 'cursor'],
      ['minLatencyS=2&maxLatencyS=1', 'maxLatencyS'],
      ['minLatencyS=1e3', 'minLatencyS'],
    ] as const) {
      const answer = await call(`sessions?${query}`);
      expectProblem(answer, 400);
      expect([query, answer.json.errors]).toEqual([
        query,
        [expect.objectContaining({ pointer: `/${field}` })],
      ]);
    }
  });
});

describe('traces', () => {
  interface Trace {
    id: string;
    sessionId: string;
    at: string;
    isError: boolean;
    latencyS: number;
    chapter: string;
  }
  interface Observation {
    id: string;
    traceId: string;
    parentId: string | null;
    type: string;
    at: string;
    depth: number;
    place: string;
  }

  it('come newest first, and are narrowed as the whole list says', async () => {
    const all = await every<Trace>('traces');
    const times = all.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    const [{ sessionId, chapter }] = all as [Trace];
    for (const [query, isMeant] of [
      [`sessionId=${sessionId}`, (trace: Trace) => trace.sessionId === sessionId],
      [`chapter=${chapter}`, (trace: Trace) => trace.chapter === chapter],
      ['isError=true', ({ isError }: Trace) => isError],
      ['minLatencyS=10', ({ latencyS }: Trace) => latencyS >= 10],
    ] as const)
      expect([query, await every<Trace>(`traces?${query}`)]).toEqual([query, all.filter(isMeant)]);
  });

  it('show their observations from the top down, with texts one by one, and scores', async () => {
    const [trace] = await every<Trace>('traces');
    const detail = await ask<{ observations: Observation[]; observationCount: number; tags: string[] }>(
      `traces/${trace!.id}`,
    );
    expect(detail).toMatchObject({ ...trace, observationCount: 3, tags: [trace!.chapter, 'cupid'] });
    expect(detail.observations.map(({ depth, place }) => [depth, place])).toEqual([
      [0, 'root'],
      [1, 'child'],
      [2, 'child'],
    ]);
    const { depth: _depth, place: _place, ...generation } = detail.observations[2]!;
    const observation = await ask<{ input: unknown }>(`observations/${generation.id}`);
    expect(observation).toMatchObject(generation);
    expect(observation.input).not.toBe(null);
    const listed = await every<Observation>(`observations?traceId=${trace!.id}`);
    expect(listed.map(({ id }) => id).sort()).toEqual(detail.observations.map(({ id }) => id).sort());
    expect(await every(`observations?sessionId=${trace!.sessionId}&type=GENERATION`)).toHaveLength(
      (await every(`traces?sessionId=${trace!.sessionId}`)).length,
    );
    const scores = await every<{ name: string; traceId: string | null; subjectId: string }>('scores');
    expect(scores.length).toBeGreaterThan(2);
    const judged = scores.find(({ name }) => name === 'ending')!;
    expect(await every(`scores?traceId=${judged.traceId}&name=ending`)).toEqual([judged]);
    const { sessionId } = await ask<Trace>(`traces/${judged.traceId}`);
    expect(
      (await every<{ name: string }>(`scores?sessionId=${sessionId}`)).map(({ name }) => name).sort(),
    ).toEqual(['compatibility', 'ending', 'liked']);
  });

  it('that are not there are not found, and bad questions are refused', async () => {
    expectProblem(await call('traces/none'), 404, 'agent-analytics/unknown-trace');
    expectProblem(await call('observations/none'), 404, 'agent-analytics/unknown-observation');
    for (const path of [
      'traces?isError=maybe',
      'traces?minLatencyS=x',
      'observations?limit=0',
      'scores?cursor=W10',
    ])
      expectProblem(await call(path), 400);
    const far = Buffer.from('[9000000000000000,"x"]').toString('base64url');
    for (const list of ['traces', 'observations', 'scores'])
      expectProblem(await call(`${list}?cursor=${far}`), 400);
    for (const list of ['traces', 'observations', 'scores'])
      expect((await ask<Page<object>>(`${list}?sessionId=%25_'--`)).items).toEqual([]);
  });
});

describe('a transcript as a file', () => {
  it('is Markdown or JSON under a safe name', async () => {
    const [longest] = await every<Session>('sessions?sort=traceCount');
    const markdown = await call(`sessions/${longest!.id}/transcript.md`);
    expect(markdown.status).toBe(200);
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.headers.get('content-disposition')).toMatch(
      /^attachment; filename="transcript-[\w-]+\.md"$/,
    );
    const { turns } = await ask<{ turns: object[] }>(`sessions/${longest!.id}/transcript`);
    expect(markdown.text.match(/^### /gm)).toHaveLength(turns.length);
    const json = await call(`sessions/${longest!.id}/transcript.json`);
    expect(json.headers.get('content-disposition')).toMatch(/\.json"$/);
    expect(json.json).toMatchObject({ ...longest, turns });
    for (const ending of ['md', 'json'])
      expectProblem(await call(`sessions/none/transcript.${ending}`), 404, 'agent-analytics/unknown-session');
  });
});

describe('every answer of figures', () => {
  it('says how fresh it is', async () => {
    const { operations, schemas } = await readOpenApi(server.url);
    const own = operations.filter(
      ({ id, method }) =>
        (method === 'GET' || id.endsWith('/alerts/preview')) &&
        id.includes(`${BASE}/`) &&
        !/\/(?:sync|config)\/|\.(md|svg)$|\/alerts(\/\{id\})?$/.test(id), // settings, the copy itself, pictures, one’s own things
    );
    expect(own.length).toBeGreaterThan(12);
    for (const { id, responses } of own) {
      const name = responses[200]?.$ref?.split('/').at(-1) ?? '';
      const fields = Object.keys(schemas[name]?.properties ?? {});
      expect([id, fields]).toEqual([id, expect.arrayContaining(['asOf', 'completeThrough'])]);
    }
  });
});

describe('an erasure', () => {
  const erase = (body: object, token = INGEST_TOKEN): Promise<Answer> =>
    post(server.url, `${BASE}/erasures`, body, { token });
  const kept = (word: string): Promise<{ count: number }[]> =>
    queryRows<{ count: number }>(
      database.url,
      `SELECT (SELECT count(*) FROM agent_analytics.payload p WHERE p::text LIKE '%' || $1 || '%')
         + (SELECT count(*) FROM agent_analytics.session_text t WHERE t.lines::text LIKE '%' || $1 || '%') AS count`,
      [word],
    );

  it('takes what was said in a session out of every answer, and it does not come back', async () => {
    const [longest] = await every<Session>('sessions?sort=traceCount');
    const { id } = longest!;
    const wait = async (): Promise<void> => expect(await ask(`sessions/${id}`)).toMatchObject(longest!);
    interface Told {
      turns: { player: string | null; lines: { text: string }[] }[];
    }
    const before = await ask<Told>(`sessions/${id}/transcript`);
    const line = before.turns.flatMap(({ lines }) => lines).find(({ text }) => text.length > 80)!.text;
    const asked = `search?q=${encodeURIComponent(line.slice(0, 60))}`;
    expect((await every<Hit>(asked)).map(({ session }) => session.id)).toContain(id);
    expect((await erase({ kind: 'session', id })).json).toMatchObject({
      kind: 'session',
      isRepeated: false,
      sessionCount: 1,
    });
    const isGone = async (): Promise<void> => {
      await wait();
      expect((await ask<Told>(`sessions/${id}/transcript`)).turns.flatMap(({ lines }) => lines)).toEqual([]);
      expect((await every<Hit>(asked)).map(({ session }) => session.id)).not.toContain(id);
      expect((await every<Hit>(`search?q=${id}`)).map(({ session }) => session.id)).toContain(id);
      const traces = await every<{ id: string }>(`traces?sessionId=${id}`);
      for (const one of traces.slice(0, 3)) {
        const { observations } = await ask<{ observations: { id: string }[] }>(`traces/${one.id}`);
        for (const { id: own } of observations)
          expect(await ask(`observations/${own}`)).toMatchObject({
            input: null,
            output: null,
            metadata: null,
          });
      }
    };
    await isGone();
    await backfill();
    await isGone();
    const again = await erase({ kind: 'session', id });
    expect(again).toMatchObject({ status: 200, json: { isRepeated: true, textCount: 0 } });
  });

  it('forgets a player by name, too', async () => {
    const [row] = await queryRows<{ player: string; sessions: number }>(
      database.url,
      `SELECT player_id AS player, count(*)::int AS sessions FROM agent_analytics.session_figure
       WHERE player_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1`,
    );
    const { json } = await erase({ kind: 'player', id: row!.player });
    expect(json).toMatchObject({ kind: 'player', sessionCount: row!.sessions });
    await backfill();
    const left = await queryRows<{ count: number }>(
      database.url,
      `SELECT count(*)::int AS count FROM agent_analytics.trace t FULL JOIN agent_analytics.trace_figure f ON f.trace_id = t.id
       WHERE t.player_id = $1 OR f.player_id = $1`,
      [row!.player],
    );
    expect(left).toEqual([{ count: 0 }]);
    expect(await kept(row!.player)).toEqual([{ count: '0' }]);
  });

  it('is not for everybody, and not of anything', async () => {
    expectProblem(await erase({ kind: 'session', id: 'x' }, READ_TOKEN), 403);
    for (const body of [
      {},
      { kind: 'trace', id: 'x' },
      { kind: 'session' },
      { kind: 'session', id: '' },
      { kind: 'session', id: 'a\0' },
    ])
      expectProblem(await erase(body), 400);
    expectProblem(
      await erase({ kind: 'session', id: 'x', project: 'none' }),
      404,
      'agent-analytics/unknown-project',
    );
    expect((await erase({ kind: 'session', id: 'not-here-yet' })).json).toEqual({
      kind: 'session',
      isRepeated: false,
      sessionCount: 1,
      traceCount: 0,
      textCount: 0,
    });
  });
});
