import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentsTrial, type Dump, NEVER } from '../../../test/support/agents-trial.js';
import { openLangfuse } from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { PortionSize } from '../figures/figures.service.js';
import type { StreamStore } from '../langfuse/langfuse.source.js';
import type { Instant, ObservationRow, SessionRow, TraceRow } from '../langfuse/canonical-rows.js';

// What the copy and its figures must hold, whatever comes in whichever order: on a real PostgreSQL, by random histories.

let units: TestUnits;
let agents: AgentsTrial;
let projects = 0;
const newProject = (): string => `p${(projects += 1)}`;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
});

afterAll(() => units.close());

const BASE = Date.parse('2025-12-12T23:00:00.000Z');
const HOUR_MS = 3_600_000;
const instant = (ms: number): Instant => ({ at: new Date(ms), text: new Date(ms).toISOString() });
const asked = (minute: number): Date => new Date(BASE + 24 * HOUR_MS + minute * 60_000);

/** A handful of ids and times, so that rows meet. */
const at = fc.integer({ min: 0, max: 5 }).map((hours) => instant(BASE + hours * HOUR_MS));
const change = fc.option(fc.nat(3).map((minutes) => instant(BASE + minutes * 60_000)));
const id = (prefix: string, most: number): fc.Arbitrary<string> => fc.nat(most).map((n) => `${prefix}${n}`);
const common = {
  projectId: fc.constant(''),
  environment: fc.constantFrom('default', 'test'),
  isClamped: fc.constant(false),
};
const texts = fc.constantFrom(null, 'x', { content: 'y' });

const session: fc.Arbitrary<SessionRow> = fc.record({ ...common, id: id('s', 2), createdAt: at });
const trace: fc.Arbitrary<TraceRow> = fc.record({
  ...common,
  id: id('t', 3),
  sessionId: fc.option(id('s', 2)),
  timestamp: at,
  name: fc.constant('Agent workflow'),
  userId: fc.constantFrom(null, 'u1'),
  release: fc.constant(null),
  version: fc.constant(null),
  tags: fc.constantFrom(['chapter_1'], ['cupid', 'chapter_5'], []),
  metadata: fc.constantFrom(null, { mortal: 'Maya' }, { workaround: 'streaming_usage_capture' }),
  input: texts,
  output: fc.constant(null),
  latencySeconds: fc.option(fc.nat(9).map((n) => n / 10)),
  totalCost: fc.option(fc.nat(9).map((n) => n / 1_000)),
  createdAt: fc.option(at),
  updatedAt: change,
});
const observation: fc.Arbitrary<ObservationRow> = fc.record({
  ...common,
  id: id('o', 5),
  standsFor: fc.constant('observation' as const),
  traceId: fc.option(id('t', 3)),
  parentId: fc.option(id('o', 5)),
  type: fc.constantFrom('AGENT', 'GENERATION', 'SPAN'),
  name: fc.constantFrom('Mortal', 'End', 'Agent workflow'),
  startTime: at,
  endTime: fc.option(at),
  level: fc.constantFrom('DEFAULT', 'ERROR'),
  statusMessage: fc.constant(null),
  model: fc.constantFrom(null, 'gpt'),
  input: texts,
  output: texts,
  metadata: fc.constantFrom(null, { workaround: 'streaming_usage_capture' }),
  promptTokens: fc.nat(9),
  completionTokens: fc.nat(9),
  totalTokens: fc.nat(9),
  cost: fc.option(fc.nat(9).map((n) => n / 1_000)),
  latencySeconds: fc.constant(null),
  promptName: fc.constant(null),
  promptVersion: fc.constant(null),
  version: fc.constant(null),
  createdAt: fc.option(at),
  updatedAt: change,
  traceContext: fc.option(
    fc.record({
      sessionId: fc.option(id('s', 2)),
      userId: fc.constant(null),
      traceName: fc.constant(null),
      release: fc.constant(null),
      tags: fc.constantFrom(['chapter_2'], []),
    }),
    { freq: 2 },
  ),
});

type Kind = 'sessions' | 'traces' | 'observations';
type Row = SessionRow | TraceRow | ObservationRow;
interface Page {
  kind: Kind;
  rows: Row[];
  minute: number;
}
const pageOf = (kind: Kind, row: fc.Arbitrary<Row>): fc.Arbitrary<Page> =>
  fc.record({
    kind: fc.constant(kind),
    rows: fc.uniqueArray(row, { selector: (one) => one.id, minLength: 1, maxLength: 4 }),
    minute: fc.nat(5),
  });
const page = fc.oneof(
  pageOf('sessions', session),
  pageOf('traces', trace),
  pageOf('observations', observation),
);

async function store(project: string, { kind, rows, minute }: Page): Promise<void> {
  const { [kind]: stream } = agents.tables.storeOf(project);
  await agents.store<Row>(stream, rows, asked(minute));
}

const rebuild = (project: string, size?: PortionSize): Promise<void> =>
  agents.figures.rebuildDirty(project, NEVER, undefined, size);

/** Begun before a rebuild and committed after it: two writers of a project, an import beside a run. */
async function storeAround(project: string, { kind, rows, minute }: Page): Promise<void> {
  const { [kind]: stream } = agents.tables.storeOf(project);
  await units.system.run(SYSTEM_SCOPE, async (tx) => {
    await (stream as StreamStore<Row>).store(tx, rows, { runId: 'trial', requestedAt: asked(minute) });
    await rebuild(project);
  });
}

/** As if there had never been a derived row. */
async function rebuildFromNothing(project: string): Promise<Dump> {
  for (const table of Object.keys(await agents.derived(project)))
    await units.owner(`DELETE FROM agent_analytics.${table} WHERE project_id = $1`, [project]);
  await agents.figures.rebuildAll(project, NEVER);
  return agents.derived(project);
}

describe('the copy', () => {
  it('is the same in whichever order pages came, and after the same pages again (P1, P3, P17)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(page, { maxLength: 8 }), fc.nat(7), async (pages, turn) => {
        const [one, other] = [newProject(), newProject()];
        for (const given of pages) await store(one, given);
        for (const given of [...pages.slice(turn), ...pages.slice(0, turn)].reverse())
          await store(other, given);
        await rebuild(one);
        await rebuild(other);
        const [raw, derived] = [await agents.raw(one), await agents.derived(one)];
        expect(await agents.raw(other)).toEqual(raw);
        expect(await agents.derived(other)).toEqual(derived);
        for (const given of pages) await store(one, given);
        await rebuild(one);
        expect(await agents.raw(one)).toEqual(raw);
        expect(await agents.derived(one)).toEqual(derived);
      }),
      { numRuns: 40 },
    );
  });

  it('tells what is new, what has changed and what is the same', async () => {
    const { traces } = agents.tables.storeOf(newProject());
    const [first] = fc.sample(trace, { numRuns: 1, seed: 7 });
    const row = { ...first!, updatedAt: instant(BASE), totalCost: 1 };
    expect(await agents.store(traces, [row], asked(1))).toEqual({ inserted: 1, updated: 0, unchanged: 0 });
    expect(await agents.store(traces, [row], asked(2))).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    const newer = { ...row, totalCost: 2, updatedAt: instant(BASE + 1) };
    expect(await agents.store(traces, [newer], asked(3))).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
    expect(await agents.store(traces, [row], asked(4))).toEqual({ inserted: 0, updated: 0, unchanged: 1 });
    expect(await agents.remove(traces, [row.id, 'none'])).toBe(1);
    expect(await agents.store(traces, [newer], asked(5))).toEqual({ inserted: 0, updated: 1, unchanged: 0 });
  });
});

describe('figures', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: page.map((given) => ({ do: 'store' as const, ...given })) },
    { weight: 3, arbitrary: page.map((given) => ({ do: 'store-around' as const, ...given })) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('remove' as const),
        kind: fc.constantFrom<Kind>('sessions', 'traces', 'observations'),
        keys: fc.array(fc.oneof(id('s', 2), id('t', 3), id('o', 5)), { maxLength: 3 }),
      }),
    },
    { weight: 4, arbitrary: fc.constant({ do: 'rebuild' as const }) },
  );
  const size = fc.constantFrom(undefined, { traces: 1, sessions: 1 }, { traces: 3, sessions: 2 });

  it('rebuilt for what was touched equal those rebuilt from nothing (P19)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 14, size: 'max' }),
        size,
        async (steps, portion) => {
          const project = newProject();
          for (const [minute, given] of steps.entries()) {
            if (given.do === 'store') await store(project, { ...given, minute });
            else if (given.do === 'store-around') await storeAround(project, { ...given, minute });
            else if (given.do === 'rebuild') await rebuild(project, portion);
            else await agents.remove<Row>(agents.tables.storeOf(project)[given.kind], given.keys);
          }
          await rebuild(project, portion);
          const followed = await agents.derived(project);
          expect(await rebuildFromNothing(project)).toEqual(followed);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each<Kind>(['sessions', 'traces', 'observations'])(
    'of %s that are written while a rebuild runs are made by the next one, whether marked before or not (P19)',
    async (kind) => {
      const project = newProject();
      const given = fc.sample(
        pageOf(kind, { sessions: session, traces: trace, observations: observation }[kind]),
        {
          numRuns: 6,
          seed: 3,
        },
      );
      for (const [minute, one] of given.entries()) {
        // The same rows are out of date already, and again.
        await store(project, { ...one, minute: 2 * minute });
        const later = one.rows.map((row) => ({
          ...row,
          environment: `later-${minute}`,
          updatedAt: instant(BASE + HOUR_MS + minute),
        }));
        await storeAround(project, { kind, rows: later, minute: 2 * minute + 1 });
      }
      await rebuild(project);
      const followed = await agents.derived(project);
      expect(JSON.stringify(await agents.raw(project))).toContain('later-5');
      expect(await rebuildFromNothing(project)).toEqual(followed);
    },
  );

  it('are the same by the legacy API and by observations v2 (P21)', async () => {
    const world = storyWorld({
      projectId: 'proj',
      seed: 5,
      fromMs: BASE,
      untilMs: BASE + 40 * HOUR_MS,
      observations: 900,
    });
    const dumps: Dump[] = [];
    for (const generation of ['legacy', 'events-only'] as const) {
      const trial = await openLangfuse(units, world, { generation });
      const project = newProject();
      await agents.copy(trial, project);
      await trial.close();
      dumps.push(await agents.derived(project));
    }
    const [legacy, v2] = dumps.map(withoutArrivals);
    expect(legacy!['trace_figure']!.length).toBeGreaterThan(200);
    expect(v2).toEqual(legacy);
  });

  it('are seen as they were or as they are, and nothing in between, while they are rebuilt (P2)', async () => {
    const project = newProject();
    const { traces } = agents.tables.storeOf(project);
    const [row] = fc.sample(trace, { numRuns: 1, seed: 1 });
    const rows = (totalCost: number): TraceRow[] =>
      Array.from({ length: 1_200 }, (_none, n) => ({
        ...row!,
        id: `t${n}`,
        sessionId: `s${n % 300}`,
        totalCost,
        updatedAt: instant(BASE + totalCost),
      }));
    const sum = async (): Promise<string> => {
      const [seen] = await units.owner<{ sums: string }>(
        `SELECT concat_ws(' ', (SELECT sum(cost_usd) FROM agent_analytics.trace_figure WHERE project_id = $1),
           (SELECT sum(cost_usd) FROM agent_analytics.session_figure WHERE project_id = $1),
           (SELECT sum(cost_usd) FROM agent_analytics.chapter_day WHERE project_id = $1)) AS sums`,
        [project],
      );
      return seen!.sums;
    };
    await agents.store(traces, rows(1), asked(1));
    await rebuild(project);
    await agents.store(traces, rows(2), asked(2));
    let isDone = false;
    const rebuilding = rebuild(project).finally(() => (isDone = true));
    const seen = new Set<string>();
    while (!isDone) seen.add(await sum());
    await rebuilding;
    expect([...seen].filter((sums) => !['1200 1200 1200', '2400 2400 2400'].includes(sums))).toEqual([]);
    expect(seen.size).toBeGreaterThan(0);
    expect(await sum()).toBe('2400 2400 2400');
  });

  it('of much are made in portions: sessions are whole in each, and a rebuild that was stopped goes on', async () => {
    const world = storyWorld({
      projectId: 'proj',
      seed: 8,
      fromMs: BASE,
      untilMs: BASE + 90 * HOUR_MS,
      observations: 600,
    });
    const trial = await openLangfuse(units, world, { generation: 'legacy' });
    const project = newProject();
    await agents.copy(trial, project);
    await trial.close();
    const whole = await agents.derived(project);
    const countOf = new Map(whole['session_figure']!.map((row) => [row['session_id'], row['trace_count']]));
    for (const table of Object.keys(whole))
      await units.owner(`DELETE FROM agent_analytics.${table} WHERE project_id = $1`, [project]);

    const [stop, seen] = [new AbortController(), [] as string[]];
    const portion = { traces: 40, sessions: 3 };
    const stopped = agents.figures.rebuildAll(
      project,
      stop.signal,
      (done, total) => {
        seen.push(`${done} of ${total}`);
        if (seen.length === 7) stop.abort(new Error('stop'));
      },
      portion,
    );
    await expect(stopped).rejects.toThrow('stop');
    expect(seen).toHaveLength(7);
    const half = await agents.derived(project);
    const halfCounts = half['session_figure']!.map((row) => [row['session_id'], row['trace_count']]);
    expect(halfCounts.length).toBeGreaterThan(0);
    expect(halfCounts.length).toBeLessThan(countOf.size);
    expect(halfCounts).toEqual(halfCounts.map(([id]) => [id, countOf.get(id)]));
    await rebuild(project, portion);
    expect(await agents.derived(project)).toEqual(whole);
  });

  it('that cannot be finished leave everything as it was, and are made by the next rebuild', async () => {
    const project = newProject();
    const { traces } = agents.tables.storeOf(project);
    const [row] = fc.sample(trace, { numRuns: 1, seed: 1 });
    await agents.store(traces, [row!], asked(1));
    await expect(agents.figures.rebuildDirty(project, AbortSignal.abort(new Error('stop')))).rejects.toThrow(
      'stop',
    );
    expect((await agents.derived(project))['trace_figure']).toEqual([]);
    await rebuild(project);
    expect((await agents.derived(project))['trace_figure']).toHaveLength(1);
  });
});

/** When a row came to Langfuse is told otherwise by the two. */
function withoutArrivals(dump: Dump): Dump {
  const cut = ({ created_at: _at, created_text: _text, ...row }: Record<string, unknown>) => row;
  return Object.fromEntries(Object.entries(dump).map(([table, rows]) => [table, rows.map(cut)]));
}
