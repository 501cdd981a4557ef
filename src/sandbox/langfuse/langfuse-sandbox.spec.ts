import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type LangfuseSandbox,
  type LangfuseSandboxOptions,
  openLangfuseSandbox,
} from './langfuse-sandbox.js';
import type { StoredObservation } from './langfuse-rows.js';
import { LangfuseWorld } from './langfuse-world.js';
import { demoWorld, storyWorld } from './story-world.js';

const KEYS = { publicKey: 'pk-lf-sandbox', secretKey: 'sk-lf-sandbox' };
const START_MS = Date.UTC(2026, 0, 1);

let sandbox: LangfuseSandbox;

afterEach(() => sandbox.close());

async function open(world: LangfuseWorld, options: Partial<LangfuseSandboxOptions> = {}): Promise<void> {
  sandbox = await openLangfuseSandbox({ projects: [{ ...KEYS, world }], nowMs: () => START_MS, ...options });
}

function get(path: string, secretKey = KEYS.secretKey): Promise<Response> {
  const pair = Buffer.from(`${KEYS.publicKey}:${secretKey}`).toString('base64');
  return fetch(`${sandbox.url}/api/public/${path}`, { headers: { authorization: `Basic ${pair}` } });
}

interface Page {
  data: { id: string; startTime: string; name: string }[];
  meta: { cursor?: string; totalItems?: number; totalPages?: number };
}

const pageOf = async (path: string): Promise<Page> => (await (await get(path)).json()) as Page;

function observation(id: string, startMs: number, more: Partial<StoredObservation> = {}): StoredObservation {
  return {
    id,
    traceId: `trace-${id}`,
    parentId: null,
    type: 'SPAN',
    name: id,
    startMs,
    endMs: startMs + 5,
    level: 'DEFAULT',
    statusMessage: null,
    model: null,
    input: null,
    output: null,
    metadata: {},
    usage: {},
    cost: {},
    promptName: null,
    promptVersion: null,
    version: null,
    environment: 'default',
    createdAtMs: startMs,
    updatedAtMs: startMs,
    ...more,
  };
}

function worldOf(...rows: StoredObservation[]): LangfuseWorld {
  const world = new LangfuseWorld('proj');
  for (const row of rows) world.put('observations', row, Number.NEGATIVE_INFINITY);
  return world;
}

describe('limits', () => {
  it.each([
    ['hobby', 'observations', 14],
    ['hobby', 'v2/observations', 29],
    ['core', 'traces', 29],
    ['pro', 'sessions', 99],
  ] as const)('of %s let %s be called one time less than their points', async (plan, path, allowed) => {
    let nowMs = START_MS;
    await open(new LangfuseWorld('proj'), { plan, nowMs: () => nowMs });
    const statuses: number[] = [];
    for (let call = 0; call < allowed + 2; call += 1) statuses.push((await get(path)).status);
    expect(statuses).toEqual([...Array<number>(allowed).fill(200), 429, 429]);
    nowMs += 45_500;
    const refused = await get(path);
    const resetAt = new Date(START_MS + 60_000);
    expect(refused.headers.get('retry-after')).toBe('15');
    expect(refused.headers.get('x-ratelimit-limit')).toBe(String(allowed + 1));
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.headers.get('x-ratelimit-reset')).toBe(resetAt.toString());
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      details: { retryAfterSeconds: 15, limit: allowed + 1, remaining: 0, resetAt: resetAt.toISOString() },
    });
    nowMs = START_MS + 60_000;
    expect((await get(path)).status).toBe(200);
  });

  it('count an organisation, each resource for itself, and nothing on a server of one’s own', async () => {
    await open(new LangfuseWorld('proj'), { plan: 'hobby' });
    for (let call = 0; call < 5; call += 1)
      for (const path of ['sessions', 'traces', 'observations']) await get(path);
    expect((await get('sessions')).status).toBe(429);
    expect((await get('v3/scores')).status).toBe(200);
    await sandbox.close();
    await open(new LangfuseWorld('proj'));
    for (let call = 0; call < 40; call += 1) expect((await get('sessions')).status).toBe(200);
  });
});

describe('pages', () => {
  const rows = Array.from({ length: 250 }, (_, index) =>
    observation(`o${String(index).padStart(3, '0')}`, START_MS),
  );
  const others = [observation('before', START_MS - 1), observation('after', START_MS + 1)];

  it('with numbers announce their total and hold every row of a window once', async () => {
    await open(worldOf(...rows, ...others));
    const window = `fromStartTime=${new Date(START_MS).toISOString()}&toStartTime=${new Date(START_MS + 1).toISOString()}`;
    const pages = await Promise.all(
      [1, 2, 3, 4].map((page) => pageOf(`observations?limit=100&page=${page}&${window}`)),
    );
    expect(pages.map(({ data }) => data.length)).toEqual([100, 100, 50, 0]);
    expect(pages[0]!.meta).toEqual({ page: 1, limit: 100, totalItems: 250, totalPages: 3 });
    expect(new Set(pages.flatMap(({ data }) => data.map(({ id }) => id)))).toEqual(
      new Set(rows.map(({ id }) => id)),
    );
  });

  it('with cursors hold every row once, newest first, also when rows come and go between them', async () => {
    const world = worldOf(...rows, ...others);
    await open(world);
    sandbox.before('v2-observations', 2, () => {
      world.put('observations', observation('newest', START_MS + 5), Number.NEGATIVE_INFINITY);
      world.remove('observations', 'o007');
    });
    const found: Page['data'] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Page = await pageOf(
        `v2/observations?limit=60&fields=basic${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      found.push(...page.data);
      ({ cursor } = page.meta);
    }
    const ids = found.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(251);
    expect([ids[0], ids.at(-1)]).toEqual(['after', 'before']);
  });

  it('are refused where Langfuse refuses them', async () => {
    await open(worldOf());
    for (const path of [
      'observations?limit=101',
      'v2/observations?limit=1001',
      'v3/scores?limit=101',
      'traces?page=0',
      'v2/observations?fields=all',
      'v2/observations?cursor=x',
      'v2/observations?parseIoAsJson=true',
      'sessions?fromTimestamp=yesterday',
      'observations?sort=up',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 400]);
    expect((await get('sessions', 'sk-lf-other')).status).toBe(401);
    expect((await get('nothing')).status).toBe(404);
    expect(JSON.stringify(sandbox.journal)).not.toContain('sk-lf');
  });
});

describe('a generation', () => {
  it('has the API of its time, and announces the end of the older one', async () => {
    await open(worldOf(), { generation: 'legacy' });
    expect([(await get('traces')).status, (await get('v2/observations')).status]).toEqual([200, 404]);
    await sandbox.close();
    await open(worldOf(), { generation: 'events-only' });
    expect([(await get('traces')).status, (await get('v2/observations')).status]).toEqual([404, 200]);
    await sandbox.close();
    await open(worldOf(), { isDeprecated: true });
    expect(await (await get('sessions')).json()).toMatchObject({ _deprecation: { sunsetAt: '2026-11-16' } });
    expect(Object.keys((await (await get('v2/observations')).json()) as object)).toEqual(['data', 'meta']);
  });
});

describe('time', () => {
  it('shows rows when they have arrived, and changes when they happen', async () => {
    let nowMs = START_MS;
    const world = worldOf();
    world.put('observations', observation('late', START_MS - 1_000), START_MS + 60_000);
    world.put('observations', observation('early', START_MS - 2_000), START_MS);
    world.schedule(START_MS + 120_000, () => world.change('observations', 'early', { name: 'changed' }));
    await open(world, { nowMs: () => nowMs });
    const names = async (): Promise<string[]> => (await pageOf('observations')).data.map(({ name }) => name);
    expect(await names()).toEqual(['early']);
    nowMs += 60_000;
    expect(await names()).toEqual(['late', 'early']);
    nowMs += 60_000;
    expect(await names()).toEqual(['late', 'changed']);
  });
});

describe('a world of plays', () => {
  const options = {
    projectId: 'proj',
    seed: 5,
    fromMs: START_MS - 30 * 86_400_000,
    untilMs: START_MS,
    observations: 6_000,
  };

  it('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [
      storyWorld(options),
      storyWorld(options),
      storyWorld({ ...options, seed: 6 }),
    ];
    const sample = (world: LangfuseWorld) => [...world.observations.all()].slice(0, 300);
    expect(sample(same)).toEqual(sample(one));
    expect(sample(other)).not.toEqual(sample(one));
  });

  it('for the demonstration holds the same plays a day later, and one of them arrives as time goes on', async () => {
    const [today, tomorrow] = [demoWorld('proj', START_MS), demoWorld('proj', START_MS + 86_400_000)];
    const later = new Map([...tomorrow.traces.all()].map((trace) => [trace.id, trace]));
    const shared = [...today.traces.all()].filter(({ id }) => later.has(id));
    expect(shared.length).toBeGreaterThan(today.traces.size * 0.9);
    expect(shared.every((trace) => JSON.stringify(later.get(trace.id)) === JSON.stringify(trace))).toBe(true);
    let nowMs = START_MS;
    await open(today, { nowMs: () => nowMs });
    const total = async (): Promise<number> => (await pageOf('sessions?limit=1')).meta.totalItems!;
    const before = await total();
    nowMs += 6 * 3_600_000;
    expect(before).toBeGreaterThan(300);
    expect(await total()).toBeGreaterThan(before + 3);
  });

  it('has ids of its own everywhere, parents that exist, and ever fewer players from chapter to chapter', async () => {
    const world = storyWorld(options);
    await open(world);
    const rows = [...world.observations.all()];
    const ids = new Set(rows.map(({ id }) => id));
    expect(ids.size).toBe(world.observations.size);
    expect(rows.every(({ parentId }) => parentId === null || ids.has(parentId))).toBe(true);
    const traces = [...world.traces.all()];
    const reached = Array.from({ length: 7 }, (_, chapter) => {
      const there = traces.filter(({ tags }) => tags.includes(`chapter_${chapter}`));
      return new Set(there.map(({ sessionId }) => sessionId)).size;
    });
    expect(reached).toEqual([...reached].sort((a, b) => b - a));
    expect(reached[0]).toBe(world.sessions.size);
    expect(reached[6]! / reached[0]!).toBeGreaterThan(0.05);
    expect(reached[6]! / reached[0]!).toBeLessThan(0.45);
    expect(rows.filter(({ level }) => level === 'ERROR').length).toBeGreaterThan(0);
    expect(world.scores.size).toBe(reached[6]! * 3);
    const [trace] = (await pageOf('traces?limit=1')).data as unknown as {
      totalCost: number;
      latency: number;
      observations: string[];
    }[];
    expect(trace).toMatchObject({
      observations: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(trace!.latency).toBeGreaterThan(0);
  });
});
