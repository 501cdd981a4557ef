import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  EVERYTHING,
  type LangfuseTrial,
  openLangfuse,
  readAll,
} from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { packageRoot } from '../../platform/config/package-root.js';
import type { SyncStream } from '../../platform/sync/sync-source.js';
import type { StoredObservation } from '../../sandbox/langfuse/langfuse-rows.js';
import { LangfuseWorld } from '../../sandbox/langfuse/langfuse-world.js';
import { recordedWorld, type RecordedRows } from '../../sandbox/langfuse/recorded-world.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import type { Json, ObservationRow, TraceRow } from './canonical-rows.js';
import { deriveSessions, deriveTraces } from './derive-traces.js';
import {
  legacyObservations,
  legacySessions,
  legacyTraces,
  observationsV2,
  scores,
} from './langfuse.streams.js';

const START_MS = Date.UTC(2026, 0, 1);
const factsFolder = resolve(packageRoot(), '../shared/data/langfuse');
const withFacts = existsSync(factsFolder) ? describe : describe.skip;

let units: TestUnits;
let trial: LangfuseTrial | undefined;

beforeAll(async () => {
  units = await openUnits();
});

afterEach(async () => {
  await trial?.close();
  trial = undefined;
});

afterAll(() => units.close());

const open = async (world: LangfuseWorld): Promise<LangfuseTrial> =>
  (trial = await openLangfuse(units, world));

function observation(id: string, startMs: number, more: Partial<StoredObservation> = {}): StoredObservation {
  return {
    id,
    traceId: `trace-${id}`,
    parentId: null,
    type: 'GENERATION',
    name: 'response',
    startMs,
    endMs: startMs + 500,
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

function worldOf(rows: readonly StoredObservation[]): LangfuseWorld {
  const world = new LangfuseWorld('proj');
  for (const row of rows) world.put('observations', row, Number.NEGATIVE_INFINITY);
  return world;
}

const GENERATIONS = [
  ['the legacy API', 'observations', legacyObservations],
  ['observations v2', 'v2-observations', observationsV2],
] as const;

describe.each(GENERATIONS)('observations by %s', (_name, route, streamOf) => {
  it('of one millisecond are all read, and so are those at the edges of a window', async () => {
    const tied = Array.from({ length: 250 }, (_, index) => observation(`o${index}`, START_MS));
    const { client } = await open(
      worldOf([...tied, observation('before', START_MS - 1), observation('at-end', START_MS + 1)]),
    );
    const window = { from: new Date(START_MS), to: new Date(START_MS + 1) };
    expect([...(await readAll(streamOf(client), window, 100)).keys()].sort()).toEqual(
      tied.map(({ id }) => id).sort(),
    );
    const all = await readAll(streamOf(client), EVERYTHING, 100);
    expect(all.size).toBe(252);
  });

  it('that stay are read once each while others come and go between the pages', async () => {
    const rows = Array.from({ length: 400 }, (_, index) =>
      observation(`o${index}`, START_MS - 1_000 * Math.floor(index / 3)),
    );
    const world = worldOf(rows);
    const { client, sandbox } = await open(world);
    const gone: string[] = [];
    for (const call of [2, 3, 4, 5]) {
      sandbox.before(route, call, () => {
        for (let index = 0; index < 40; index += 1)
          world.put(
            'observations',
            observation(`new-${call}-${index}`, START_MS + call * 1_000),
            Number.NEGATIVE_INFINITY,
          );
        for (const id of [`o${call * 20}`, `o${call * 50}`]) {
          world.remove('observations', id);
          gone.push(id);
        }
      });
    }
    const found = await readAll(streamOf(client), EVERYTHING, 60);
    const missed = rows.map(({ id }) => id).filter((id) => !found.has(id) && !gone.includes(id));
    expect(missed).toEqual([]);
    expect(gone).toHaveLength(8);
  });

  it('come as they are, whatever was written into them (P20)', async () => {
    const huge = '{"count":123456789012345678901234567890,"said":"a\\u0000b"}';
    const rows = [
      observation('dirty', START_MS, {
        input: huge,
        output: 'half \ud83d of a pair\0',
        statusMessage: '\0',
        name: '\udc00',
      }),
      observation('huge', START_MS, {
        usage: { input: 1e22, output: -5, total: 12 },
        cost: { total: 1e-300 },
      }),
      observation('loose', START_MS, { traceId: null, endMs: null, input: '"quoted"', output: '42' }),
      observation('later', START_MS + 86_400_000),
    ];
    const { client } = await open(worldOf(rows));
    const found = await readAll(streamOf(client));
    expect([...found.keys()].sort()).toEqual(['dirty', 'huge', 'later', 'loose']);
    expect(found.get('dirty')).toMatchObject({
      input: { count: '123456789012345678901234567890', said: 'a\ufffdb' },
      output: 'half \ufffd of a pair\ufffd',
      statusMessage: '\ufffd',
      name: '\ufffd',
    });
    expect(found.get('huge')).toMatchObject({
      promptTokens: Number.MAX_SAFE_INTEGER,
      completionTokens: 0,
      totalTokens: 12,
      cost: 1e-300,
      isClamped: true,
    });
    expect(found.get('loose')).toMatchObject({
      traceId: null,
      latencySeconds: null,
      input: 'quoted',
      output: 42,
    });
  });

  it('are read past keys that nobody knows, and without those that are missing', async () => {
    const { client, sandbox } = await open(
      worldOf(Array.from({ length: 20 }, (_, index) => observation(`o${index}`, START_MS))),
    );
    sandbox.fail({ route, kind: 'strange-fields' });
    const found = await readAll(streamOf(client));
    expect(found.size).toBe(20);
    expect(found.get('o1')).toMatchObject({
      name: null,
      level: 'DEFAULT',
      environment: 'default',
      promptTokens: 0,
    });
  });

  it('that are too much for Langfuse come in smaller pages', async () => {
    const { client, sandbox } = await open(
      worldOf(Array.from({ length: 120 }, (_, index) => observation(`o${index}`, START_MS))),
    );
    sandbox.fail({ route, kind: 'too-heavy', limitAbove: 50, count: 1_000 });
    await expect(readAll(streamOf(client), EVERYTHING, 100)).rejects.toMatchObject({ kind: 'too_large' });
    expect((await readAll(streamOf(client), EVERYTHING, 50)).size).toBe(120);
  });

  it('in another shape are a fault, and nothing is taken from them', async () => {
    const { client, sandbox } = await open(worldOf([observation('o', START_MS)]));
    sandbox.fail({ route, kind: 'wrong-json' });
    await expect(readAll(streamOf(client))).rejects.toMatchObject({ kind: 'malformed' });
  });

  it('can be counted', async () => {
    const { client } = await open(worldOf([0, 1, 2, 3].map((ms) => observation(`o${ms}`, START_MS + ms))));
    const { signal } = new AbortController();
    const count = (from: number, to: number) =>
      streamOf(client).countUpstream!(
        { from: new Date(START_MS + from), to: new Date(START_MS + to) },
        signal,
      );
    expect([await count(0, 4), await count(1, 3), await count(7, 9)]).toEqual([4, 2, 0]);
  });
});

describe('an upstream without end', () => {
  it('that repeats its cursor is noticed at once', async () => {
    const { client, sandbox } = await open(
      worldOf(Array.from({ length: 30 }, (_, index) => observation(`o${index}`, START_MS))),
    );
    sandbox.fail({ route: 'v2-observations', kind: 'repeated-cursor', count: 1_000 });
    await expect(readAll(observationsV2(client), EVERYTHING, 10)).rejects.toMatchObject({
      kind: 'malformed',
    });
    expect(sandbox.journal.length).toBeLessThanOrEqual(3);
  });

  it('shows its totals grow and its pages repeat, for the engine to notice', async () => {
    const { client, sandbox } = await open(worldOf([observation('o', START_MS)]));
    sandbox.fail({ route: 'observations', kind: 'endless-pages', count: 1_000 });
    const { signal } = new AbortController();
    const ask = (cursor: string | null) =>
      legacyObservations(client).fetchPage({ window: EVERYTHING, cursor, limit: 10, signal });
    const [first, second] = [await ask(null), await ask('2')];
    expect([first.next, second.next]).toEqual(['2', '3']);
    expect(second.rows).toEqual(first.rows);
  });
});

/** Metadata of v2 has the trace's keys too. */
function withoutTraceKeys(row: ObservationRow, own: Json): ObservationRow {
  const keys = Object.keys(own as object);
  const metadata = Object.fromEntries(
    keys.map((key) => [key, (row.metadata as Record<string, Json>)[key] ?? null]),
  );
  return { ...row, metadata, traceContext: null };
}

const byId = <Row extends { readonly id: string }>(rows: Iterable<Row>): Row[] =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Sums of the same costs in another order differ in their last bits. */
const rounded = (trace: TraceRow): TraceRow => ({
  ...trace,
  totalCost: Number(trace.totalCost?.toPrecision(12)),
});

async function readBoth({ client }: LangfuseTrial) {
  const all = async <Row extends { readonly id: string }>(
    stream: Pick<SyncStream<Row>, 'fetchPage' | 'keyOf' | 'timeOf' | 'paging' | 'pageLimit'>,
  ) => byId((await readAll(stream)).values());
  const v2 = await all(observationsV2(client));
  const traces = deriveTraces(v2);
  return {
    legacy: {
      sessions: await all(legacySessions(client)),
      traces: await all(legacyTraces(client)),
      observations: await all(legacyObservations(client)),
    },
    v2: { sessions: byId(deriveSessions(traces)), traces: byId(traces), observations: v2 },
  };
}

describe('the same world', () => {
  it('gives the same sessions, traces and observations by either generation', async () => {
    const world = storyWorld({
      projectId: 'proj',
      seed: 11,
      fromMs: START_MS,
      untilMs: START_MS + 1e9,
      observations: 900,
    });
    const { legacy, v2 } = await readBoth(await open(world));
    expect(legacy.observations.length).toBe(world.observations.size);
    expect(legacy.sessions.length).toBe(world.sessions.size);
    expect(
      v2.observations.map((row, index) => withoutTraceKeys(row, legacy.observations[index]!.metadata)),
    ).toEqual(legacy.observations);
    expect(v2.traces.map(rounded)).toEqual(legacy.traces.map(rounded));
    expect(v2.sessions).toEqual(legacy.sessions);
    expect(
      v2.traces.some(
        ({ metadata }) => typeof (metadata as Record<string, Json>)['compatibility'] === 'number',
      ),
    ).toBe(true);
  });

  it('does so whatever has become of it', async () => {
    const change = fc.record({
      at: fc.nat(),
      what: fc.constantFrom('end', 'cost', 'text', 'usage', 'session', 'environment'),
      text: fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant('\0\ud800')),
      amount: fc.oneof(
        fc.nat({ max: 1_000 }),
        fc.double({ min: 0, max: 1e25, noNaN: true }).map(Math.round),
        fc.constantFrom(2 ** 63, 1e25),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(change, { maxLength: 25 }), async (seed, changes) => {
        const world = storyWorld({
          projectId: 'proj',
          seed,
          fromMs: START_MS,
          untilMs: START_MS + 1e8,
          observations: 120,
        });
        const [rows, traces] = [[...world.observations.all()], [...world.traces.all()]];
        for (const { at, what, text, amount } of changes) {
          const { id, parentId } = rows[at % rows.length]!;
          if (what === 'end') world.change('observations', id, { endMs: null });
          if (what === 'cost') world.change('observations', id, { cost: { total: amount / 1_024 } });
          if (what === 'text')
            world.change('observations', id, { input: text, output: text, statusMessage: text });
          if (what === 'usage')
            world.change('observations', id, { usage: { input: amount, output_reasoning: amount } });
          if (what === 'session') world.change('traces', traces[at % traces.length]!.id, { sessionId: null });
          if (what === 'environment' && parentId === null)
            world.change('observations', id, { level: 'WARNING' });
        }
        const own = await openLangfuse(units, world);
        try {
          const { legacy, v2 } = await readBoth(own);
          expect(
            v2.observations.map((row, index) => withoutTraceKeys(row, legacy.observations[index]!.metadata)),
          ).toEqual(legacy.observations);
          expect(v2.traces.map(rounded)).toEqual(legacy.traces.map(rounded));
          // A session that lost all of its traces is known to the legacy API alone.
          const alive = new Set(v2.traces.map(({ sessionId }) => sessionId));
          expect(v2.sessions.map(({ id }) => id)).toEqual(
            legacy.sessions.map(({ id }) => id).filter((id) => alive.has(id)),
          );
        } finally {
          await own.close();
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('scores', () => {
  it('of every type are read with what they judge', async () => {
    const world = storyWorld({
      projectId: 'proj',
      seed: 3,
      fromMs: START_MS,
      untilMs: START_MS + 1e9,
      observations: 3_000,
    });
    const { client } = await open(world);
    const found = byId((await readAll(scores(client), EVERYTHING, 7)).values());
    expect(found.map(({ id, value }) => [id, value])).toEqual(
      byId(world.scores.all()).map(({ id, value }) => [id, value]),
    );
    expect(new Set(found.map(({ dataType, subject }) => `${dataType} ${subject?.kind}`))).toEqual(
      new Set(['NUMERIC session', 'CATEGORICAL trace', 'BOOLEAN observation']),
    );
  });
});

withFacts('the recorded project (needs the folder ../shared/data/langfuse)', () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(factsFolder, name), 'utf8')) as RecordedRows['sessions'];

  it('is read as Langfuse gave it, and its figures follow from its observations', async () => {
    const rows = {
      sessions: read('sessions.json'),
      traces: read('traces.json'),
      observations: read('observations.synthetic.json'),
    };
    const { legacy, v2 } = await readBoth(await open(recordedWorld('proj-cupid-demo', rows)));
    expect([legacy.sessions.length, legacy.traces.length, legacy.observations.length]).toEqual([
      14, 129, 387,
    ]);
    const recorded = new Map(rows.traces.map((trace) => [trace['id'], trace]));
    for (const trace of [...legacy.traces, ...v2.traces]) {
      const given = recorded.get(trace.id)!;
      expect(trace.timestamp.text).toBe(given['timestamp']);
      expect(trace.latencySeconds).toBeCloseTo(given['latency'] as number, 9);
      expect(trace.totalCost).toBeCloseTo(given['totalCost'] as number, 9);
      const { mortal, match } = given['metadata'] as Record<string, string>;
      expect(trace.metadata).toMatchObject({ mortal, match });
    }
    expect(legacy.traces.map(({ metadata }) => metadata)).toEqual(
      legacy.traces.map(({ id }) => recorded.get(id)!['metadata']),
    );
    expect(v2.sessions.map(({ id }) => id)).toEqual(legacy.sessions.map(({ id }) => id));
  });
});
