import { afterEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentsTrial, type Dump, NEVER, PROJECT } from '../../../test/support/agents-trial.js';
import { dyingUnit, type Unit } from '../../../test/support/dying-unit.js';
import { type LangfuseTrial, openLangfuse } from '../../../test/support/langfuse-trial.js';
import { putStrangeRows } from '../../../test/support/strange-rows.js';
import { DAY_MS, NOON, SyncTrial } from '../../../test/support/sync-trial.js';
import type { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYNC_TIMES } from '../../platform/sync/sync-world.js';
import { LANGFUSE_FAULTS, type LangfuseFault } from '../../sandbox/langfuse/langfuse-faults.js';
import type { LangfuseWorld } from '../../sandbox/langfuse/langfuse-world.js';
import { randomFrom } from '../../sandbox/random.js';
import { storyWorld } from '../../sandbox/langfuse/story-world.js';
import { LANGFUSE_DOMAIN, LangfuseSource } from '../langfuse/langfuse.source.js';

// Half an hour of a bad day, on a virtual clock: plays go on, rows come late, change and go; Langfuse fails in every way that it can, under the
// limits of its smallest plan; the worker is killed again and again. Two quiet days later the copy is what Langfuse has, and figures
// are what they would be had nothing ever happened.

const MINUTE_MS = 60_000;
const SOAK_MS = 30 * MINUTE_MS;
/** From one run to the next. */
const REST_MS = 60_000;
const SOURCE = `langfuse:${PROJECT}`;
/** Real time: what an answer that never comes costs. */
const PAGE_MS = 1_500;
/** Its database is slow today: whoever asks for more rows is refused. */
const MOST_ROWS = 150;
const MOMENTS = ['before', 'inside', 'after'] as const;
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

it.each([
  ['legacy', 'legacy'],
  ['events-only', 'v2'],
] as const)(
  'ends equal to the upstream after half an hour of every fault and of kills (%s)',
  (generation, api) =>
    fc.assert(
      fc.asyncProperty(fc.nat(), (seed) => soak(generation, api, seed)),
      // Half an hour is long, even where it is not real: one a time, and none shorter.
      { numRuns: 1, endOnFailure: true },
    ),
);

async function soak(generation: 'legacy' | 'events-only', api: 'legacy' | 'v2', seed: number): Promise<void> {
  const trial = await SyncTrial.open({ domain: LANGFUSE_DOMAIN, times: { pageMs: PAGE_MS } });
  open.push(() => trial.close());
  const nowMs = (): number => trial.clock.nowMs;
  let unit: Unit = trial.units.system;
  const system = { run: (scope, work) => unit.run(scope, work) } as SystemUnitOfWork;
  const agents = new AgentsTrial({ ...trial.units, system });
  const world = worldOf(seed);
  const options = { generation, nowMs } as const;
  const langfuse = await openLangfuse(trial.units, world, { ...options, plan: 'hobby' }, { api });
  open.push(() => langfuse.close());
  const { sandbox } = langfuse;
  trial.registry.register([new LangfuseSource(langfuse.client, 300_000, agents.tables.storeOf(PROJECT))]);
  const engine = trial.openEngine(system);
  const random = randomFrom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const deck: LangfuseFault[] = [];
  let kills = 0;
  let failures = 0;
  sandbox.fail({ kind: 'too-heavy', route: 'any', limitAbove: MOST_ROWS, count: 1_000_000 });
  const isOver = (): boolean =>
    nowMs() >= NOON + SOAK_MS &&
    new Set(sandbox.journal.map(({ fault }) => fault)).size > LANGFUSE_FAULTS.length;
  for (let cycle = 0; !isOver(); cycle += 1) {
    change(world, nowMs(), random);
    if (deck.length === 0) deck.push(...shuffled(LANGFUSE_FAULTS, random));
    for (const kind of deck.splice(0, 2))
      sandbox.fail({ kind, route: 'any', after: below(4), delayMs: 50, retryAfterS: 1 + below(20) });
    const kind = cycle % 6 === 3 ? 'reconcile' : cycle % 6 === 5 ? 'verify' : 'incremental';
    const { id } = await trial.start(kind, null, SOURCE);
    if (cycle % 3 !== 0) {
      const dying = dyingUnit(trial.units.system, 1 + below(7), MOMENTS[below(3)]!);
      unit = dying.unit;
      await trial.turn(id, engine).catch(() => undefined);
      unit = trial.units.system;
      if (dying.isDead()) {
        kills += 1;
        trial.clock.advance(SYNC_TIMES.staleMs + 1);
      }
    }
    const before = await trial.run(id);
    const run = before.finishedAt === null ? await trial.drive(id, engine) : before;
    if (run.state === 'failed') failures += 1;
    trial.clock.advance(REST_MS);
  }
  // It was no walk in the park.
  expect(kills).toBeGreaterThan(2);
  expect(failures).toBeGreaterThan(1);

  sandbox.heal();
  trial.clock.advance(2 * DAY_MS);
  for (const kind of ['incremental', 'reconcile', 'reconcile', 'verify'] as const) {
    const { id } = await trial.start(kind, null, SOURCE);
    expect(await trial.drive(id, engine)).toMatchObject({ kind, state: 'succeeded', error: null });
  }
  expect(await trial.gaps(true)).toEqual([]);
  await expectUpstream(trial, world, api);
  await expectAsIfNew(agents, world, options, api);
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const places = all.map((one) => [random(), one] as const).sort(([a], [b]) => a - b);
  return places.map(([, one]) => one);
}

/** Plays from before the soak to its end, that arrive as they do, and rows that no Langfuse should have. */
function worldOf(seed: number): LangfuseWorld {
  const [fromMs, untilMs] = [NOON - 60 * MINUTE_MS, NOON + SOAK_MS - 10 * MINUTE_MS];
  const world = storyWorld({
    projectId: 'proj',
    seed,
    fromMs,
    untilMs,
    observations: 500,
    hasArrivals: true,
  });
  putStrangeRows(world, NOON + 5 * MINUTE_MS);
  return world;
}

/** A cost becomes known, a trace gets another chapter, a step goes. */
function change(world: LangfuseWorld, nowMs: number, random: () => number): void {
  const seen = [...world.observations.all()].filter(({ createdAtMs }) => createdAtMs <= nowMs);
  const some = (): (typeof seen)[number] | undefined => seen[Math.floor(random() * seen.length)];
  for (let count = 0; count < 3; count += 1) {
    const id = some()?.id;
    if (id !== undefined && world.observations.entryOf(id))
      world.change('observations', id, {
        cost: { total: Math.floor(random() * 99) / 1_024 },
        updatedAtMs: nowMs,
      });
  }
  const traceId = some()?.traceId ?? '';
  if (world.traces.entryOf(traceId))
    world.change('traces', traceId, { tags: ['chapter_3'], updatedAtMs: nowMs });
  const gone = some();
  if (gone !== undefined) world.remove('observations', gone.id);
}

/** What is there by its own word: ids, costs and chapters of all that Langfuse has. */
async function expectUpstream(
  { units }: SyncTrial,
  world: LangfuseWorld,
  api: 'legacy' | 'v2',
): Promise<void> {
  const kept = (table: string, columns: string): Promise<Record<string, unknown>[]> =>
    units.owner(
      `SELECT id${columns} FROM agent_analytics.${table} WHERE project_id = $1 AND removed_at IS NULL ORDER BY id COLLATE "C"`,
      [PROJECT],
    );
  const observations = byId(world.observations.all());
  expect(await kept('observation', ', trace_id, cost_usd')).toEqual(
    observations.map(({ id, traceId, cost }) => ({ id, trace_id: traceId, cost_usd: cost['total'] ?? null })),
  );
  expect(await kept('score', '')).toEqual(byId(world.scores.all()).map(({ id }) => ({ id })));
  if (api === 'v2') return;
  expect(await kept('session', '')).toEqual(byId(world.sessions.all()).map(({ id }) => ({ id })));
  expect(await kept('trace', ', session_id')).toEqual(
    byId(world.traces.all()).map(({ id, sessionId }) => ({ id, session_id: sessionId })),
  );
}

function byId<Row extends { readonly id: string }>(rows: Iterable<Row>): Row[] {
  return [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function expectAsIfNew(
  agents: AgentsTrial,
  world: LangfuseWorld,
  options: Parameters<typeof openLangfuse>[2],
  api: 'legacy' | 'v2',
): Promise<void> {
  const fresh: LangfuseTrial = await openLangfuse(agents.units, world, options, { api });
  open.push(() => fresh.close());
  await agents.copy(fresh, 'fresh');
  const [raw, derived] = [await agents.raw(), await agents.derived()];
  expect(present(raw)).toEqual(present(await agents.raw('fresh')));
  expect(derived).toEqual(await agents.derived('fresh'));
  expect(derived['trace_figure']!.length).toBeGreaterThan(100);
  await agents.figures.rebuildAll(PROJECT, NEVER);
  expect(await agents.derived()).toEqual(derived);
}

/** Raw rows that are still there, without when they were asked for; texts of those that are gone may stay until their month goes. */
function present(dump: Dump): Dump {
  const gone = new Set(
    Object.values(dump).flatMap((rows) =>
      rows.filter((row) => row['removed_at'] != null).map(({ id }) => id),
    ),
  );
  const cut = ({ requested_at: _at, ...row }: Record<string, unknown>) => row;
  return Object.fromEntries(
    Object.entries(dump).map(([table, rows]) => [
      table,
      rows
        .filter(({ id }) => !gone.has(id))
        .map(cut)
        .sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1)),
    ]),
  );
}
