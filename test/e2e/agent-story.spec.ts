import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LangfuseSandbox, openLangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LANGFUSE_KEYS } from '../support/langfuse-trial.js';
import { newPerson } from '../support/people.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// Figures of stories, alerts and pictures over HTTP, on a copy of a stand-in's plays.

const BASE = '/api/v1/agent-analytics';
const FROM_MS = Date.UTC(2026, 0, 1);
/** Before the first play: figures are of the last 30 days without. */
const EVER = 'from=2025-12-01T00:00:00Z';

let database: TestDatabase;
let langfuse: LangfuseSandbox;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const world = storyWorld({
    projectId: 'proj',
    seed: 5,
    fromMs: FROM_MS,
    untilMs: FROM_MS + 20 * 86_400_000,
    observations: 700,
  });
  langfuse = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
    LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
    LANGFUSE_BASE_URL: langfuse.url,
    LANGFUSE_PROJECT: 'plays',
    DOMAINS: 'agent-analytics',
    TRUST_PROXY: '1',
  });
  await waitUntil('everything was read', 30_000, async () => {
    const { items } = await ask<{ items: { state: string; asOf: string | null }[] }>('sync/sources');
    return items[0]?.state === 'idle';
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

interface Counted {
  sessionCount: number;
  wastedUsd: number;
  abandonedCount: number;
  costUsd: number;
}
const sumOf = <T>(rows: readonly T[], read: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + read(row), 0);

describe('figures of stories', () => {
  it('agree with each other, whichever way they are told', async () => {
    const dashboard = await ask<Record<string, number>>(`metrics/dashboard?${EVER}`);
    const endings = await ask<{ sessionCount: number; items: (Counted & { completeRatio: number })[] }>(
      `story/endings?${EVER}`,
    );
    expect(endings.sessionCount).toBe(dashboard['sessionCount']);
    expect(sumOf(endings.items, ({ sessionCount }) => sessionCount)).toBe(endings.sessionCount);
    const chapters = await ask<{ items: { lastHereCount: number }[] }>(`story/funnel?${EVER}`);
    for (const groupBy of ['chapter', 'pair', 'release']) {
      const waste = await ask<{ total: Counted; items: Counted[] }>(`story/waste?groupBy=${groupBy}&${EVER}`);
      expect(waste.total).toMatchObject({ abandonedCount: dashboard['abandonedCount'] });
      expect(sumOf(waste.items, ({ wastedUsd }) => wastedUsd)).toBeCloseTo(waste.total.wastedUsd, 9);
      expect(sumOf(waste.items, ({ costUsd }) => costUsd)).toBeCloseTo(dashboard['costUsd']!, 9);
      expect(waste.total.wastedUsd).toBeGreaterThan(0);
    }
    expect(sumOf(chapters.items, ({ lastHereCount }) => lastHereCount)).toBe(endings.sessionCount);
    const choices = await ask<{ offerCount: number }>(`story/choices?${EVER}`);
    const rounds = await ask<{ items: { round: number; offerCount: number }[] }>(
      `story/choices/rounds?${EVER}`,
    );
    expect(sumOf(rounds.items, ({ offerCount }) => offerCount)).toBe(choices.offerCount);
    expect(rounds.items.map(({ round }) => round)).toEqual(rounds.items.map((_item, index) => index + 1));
  });

  it('of players have a cohort for each week, none left out', async () => {
    const { items, playerCount, playerlessCount } = await ask<{
      playerCount: number;
      playerlessCount: number;
      items: { key: string; playerCount: number; weeks: { week: number; returnedCount: number }[] }[];
    }>('story/retention?from=2025-12-20T00:00:00Z&to=2026-01-24T00:00:00Z&tz=America/New_York&weeks=3');
    expect(items.map(({ key }) => key)).toEqual([
      '2025-12-15',
      '2025-12-22',
      '2025-12-29',
      '2026-01-05',
      '2026-01-12',
      '2026-01-19',
    ]);
    expect(sumOf(items, (cohort) => cohort.playerCount)).toBe(playerCount);
    expect([playerCount > 5, playerlessCount]).toEqual([true, 0]);
    for (const cohort of items) {
      expect(cohort.weeks.map(({ week }) => week)).toEqual([0, 1, 2, 3]);
      expect(cohort.weeks[0]!.returnedCount).toBe(cohort.playerCount);
    }
  });

  it('of agents are their executions and errors, and gaps are what streaming has lost', async () => {
    const { items: agents } = await ask<{ items: { name: string; runCount: number; errorCount: number }[] }>(
      `agents?${EVER}`,
    );
    const failing = agents.find(({ errorCount }) => errorCount > 0)!;
    const errors = await ask<{ runCount: number; items: { type: string; count: number }[] }>(
      `agents/${failing.name}/errors?${EVER}`,
    );
    expect(errors.items).toMatchObject([{ type: 'RateLimitError', count: failing.errorCount }]);
    let [found, cursor] = [0, ''];
    do {
      const page: { items: { isError: boolean }[]; nextCursor: string | null } = await ask(
        `agents/${failing.name}/executions?limit=9${cursor}`,
      );
      found += page.items.length;
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(found).toBe(failing.runCount);
    const failed = await ask<{ items: { isError: boolean; sessionId: string }[] }>(
      `agents/${failing.name}/executions?isError=true&limit=200`,
    );
    expect(failed.items.map(({ isError }) => isError)).toEqual(
      Array.from({ length: failing.errorCount }, () => true),
    );
    const gaps = await ask<{ items: { kind: string; agents: object[] }[]; unseenAgents: object[] }>(
      `story/gaps?${EVER}`,
    );
    expect(gaps.items.map(({ kind }) => kind)).toEqual([
      'generation-without-tokens',
      'generation-without-model',
    ]);
  });
});

describe('pictures', () => {
  it('are drawn, known again, and harmless', async () => {
    const { items } = await ask<{ items: { id: string }[] }>('sessions?limit=1');
    for (const path of ['story/funnel.svg?theme=dark', `sessions/${items[0]!.id}/timeline.svg?width=600`]) {
      const answer = await get(server.url, `${BASE}/${path}`);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        200,
        'image/svg+xml; charset=utf-8',
      ]);
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(answer.text).toMatch(/^<svg[^>]*><desc>As of 20[^ ]+Z, complete through 20[^ ]+Z<\/desc>/);
      const headers = { 'if-none-match': answer.headers.get('etag')! };
      expect((await get(server.url, `${BASE}/${path}`, { headers })).status).toBe(304);
    }
  });
});

describe('an alert', () => {
  it('is tried, made, judged by itself, and told', async () => {
    const { accessToken: token } = await newPerson(server.url);
    const rule = { metric: 'trace-count', windowS: 3_600, direction: 'below', threshold: 1 };
    const preview = await post(server.url, `${BASE}/alerts/preview`, { rule }, { token });
    expect(preview.status).toBe(200);
    const { items } = preview.json as { items: { isFiring: boolean; value: number }[] };
    expect(preview.json).toMatchObject({ asOf: expect.any(String), completeThrough: expect.any(String) });
    expect([items.length, items[0]]).toEqual([30, expect.objectContaining({ isFiring: true, value: 0 })]);
    const made = await post(server.url, `${BASE}/alerts`, { name: 'Idle', rule }, { token });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    const path = `${BASE}/alerts/${(made.json as { id: string }).id}`;
    await waitUntil('it was judged', 20_000, async () => {
      const { json } = await get(server.url, path, { token });
      return (json as { isFired: boolean }).isFired;
    });
    const { json } = await get(server.url, '/api/v1/notifications?topic=agent-analytics.alert', { token });
    expect((json as { items: object[] }).items).toMatchObject([
      { title: 'Idle: trace-count 0, below 1', link: path },
    ]);
    expect((await call(server.url, 'DELETE', path, { token })).status).toBe(204);
    expect((await get(server.url, path, { token })).status).toBe(404);
  });

  it('is of accounts: a token of a service has none', async () => {
    expect((await get(server.url, `${BASE}/alerts`, { token: INGEST_TOKEN })).status).toBe(403);
  });
});

describe('a request that cannot be served', () => {
  const RANGE = 'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z';
  it.each<[string, number, string]>([
    [`story/endings?${RANGE}`, 400, 'agent-analytics/invalid-query'],
    [`story/waste?${RANGE}`, 400, 'agent-analytics/invalid-query'],
    [`story/funnel.svg?${RANGE}`, 400, 'agent-analytics/invalid-query'],
    [`story/choices/rounds?${RANGE}`, 400, 'agent-analytics/invalid-query'],
    ['story/waste?groupBy=player', 400, 'http/malformed'],
    ['story/retention?tz=Mars/Olympus', 400, 'agent-analytics/invalid-query'],
    ['story/retention?tz=%2B01:00', 400, 'agent-analytics/invalid-query'],
    ['story/retention?weeks=0', 400, 'http/malformed'],
    ['story/retention?from=1900-01-01T00:00:00Z', 400, 'agent-analytics/invalid-query'],
    ['story/gaps?unseenForH=0', 400, 'http/malformed'],
    ['metrics/series', 400, 'http/malformed'],
    ['metrics/series?metric=luck', 400, 'http/malformed'],
    ['metrics/series?metric=cost-usd&agent=Mortal', 400, 'agent-analytics/invalid-query'],
    ['metrics/series?metric=gap-count&gap=sideways', 400, 'http/malformed'],
    ['metrics/series?metric=cost-usd&tz=Europe/Atlantis', 400, 'agent-analytics/invalid-query'],
    [`metrics/series?metric=cost-usd&${RANGE}`, 400, 'agent-analytics/invalid-query'],
    [
      'metrics/series?metric=cost-usd&bucket=hour&from=2025-01-01T00:00:00Z&to=2026-02-21T16:00:00Z', // 10,000 hours
      400,
      'agent-analytics/invalid-query',
    ],
    ['agents/Nobody/errors', 404, 'agent-analytics/unknown-agent'],
    ['agents/Mortal/executions?cursor=WyJ4IiwieSJd', 400, 'agent-analytics/invalid-query'],
    ['agents/Mortal/executions?limit=0', 400, 'http/malformed'],
    ['agents/Mortal/executions?isError=maybe', 400, 'http/malformed'],
    ['sessions/none/timeline.svg', 404, 'agent-analytics/unknown-session'],
    ['story/funnel.svg?width=99999', 400, 'http/malformed'],
  ])('%s is refused with its reason', async (path, status, code) => {
    const answer = await get(server.url, `${BASE}/${path}`);
    expect([answer.status, answer.json?.code]).toEqual([status, code]);
  });

  it.each(['0001-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
    'a range from %s is one like any other, or refused',
    async (from) => {
      for (const path of [
        'story/endings',
        'story/gaps',
        'metrics/series?metric=story-count',
        'story/retention',
      ])
        expect([200, 400]).toContain(
          (await get(server.url, `${BASE}/${path}${path.includes('?') ? '&' : '?'}from=${from}`)).status,
        );
    },
  );

  it('nobody who came is counted where nobody did', async () => {
    const later = 'from=2026-06-01T00:00:00Z&to=2026-06-02T00:00:00Z';
    expect(await ask(`story/waste?${later}`)).toMatchObject({
      total: { sessionCount: 0, wastedUsd: 0, wastedRatio: null },
      costPerCompleteUsd: null,
      items: [],
    });
    expect(await ask(`story/endings?${later}`)).toMatchObject({ sessionCount: 0, items: [] });
    expect(await ask(`agents/Mortal/executions?${later}`)).toMatchObject({ items: [], nextCursor: null });
    expect((await get(server.url, `${BASE}/story/funnel.svg?${later}`)).text).toContain('no stories');
  });
});
