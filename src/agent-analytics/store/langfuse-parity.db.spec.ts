import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentsTrial, type Dump, NEVER } from '../../../test/support/agents-trial.js';
import { openLangfuse } from '../../../test/support/langfuse-trial.js';
import { HUGE, someObservation, someTrace, STRANGE_TEXT } from '../../../test/support/strange-rows.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { StoredObservation } from '../../sandbox/langfuse/langfuse-rows.js';
import { LangfuseWorld } from '../../sandbox/langfuse/langfuse-world.js';

// P3, P7, P17, P20 and P21 through the source and the tables: any world, read while it is half there and once more when it has changed, gives
// the same figures by the legacy API and by observations v2, and the same as a copy that began afterwards.

let units: TestUnits;
let agents: AgentsTrial;
let projects = 0;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
});

afterAll(() => units.close());

const BASE = Date.parse('2025-12-12T23:30:00.000Z');
const HOUR_MS = 3_600_000;
const SOON = BASE + 48 * HOUR_MS;
const LATER = SOON + HOUR_MS;
/** By Langfuse's own clock, whenever a client says that it was. */
const ARRIVED = { createdAtMs: BASE, updatedAtMs: BASE };
/** Some of the day, some of the day after, some of tomorrow's tomorrow. */
const startMs = fc.oneof(fc.nat(2 * HOUR_MS), fc.constant(0), fc.constant(72 * HOUR_MS));
const text = fc.constantFrom(null, 'x', STRANGE_TEXT, '{"content":"y"}', '[{"role":"user","content":"z"}]');
/** Sums of 1/1024 USD are exact, in whichever order they are added up. */
const COST_UNIT = 1 / 1_024;
const usage = fc.constantFrom({}, { input: 3, output: 4, total: 7 }, { input: HUGE, output: 1, total: HUGE });

interface Step {
  parent: number;
  type: string;
  name: string | null;
  startMs: number;
  tookMs: number | null;
  level: string;
  input: string | null;
  output: string | null;
  usage: Record<string, number>;
  costUnits: number | null;
  isLate: boolean;
  /** Of what changes between the two readings; null = the row stays. */
  laterUnits: number | null;
}

interface Play {
  session: number | null;
  tags: string[];
  metadata: Record<string, string>;
  isLate: boolean;
  steps: Step[];
}

const step: fc.Arbitrary<Step> = fc.record({
  // Any step of the trace, itself and later ones too: circles are wanted.
  parent: fc.integer({ min: -1, max: 5 }),
  type: fc.constantFrom('AGENT', 'GENERATION', 'SPAN'),
  name: fc.constantFrom(null, 'Mortal', 'End', 'Agent workflow', STRANGE_TEXT),
  startMs,
  tookMs: fc.option(fc.nat(60_000)),
  level: fc.constantFrom('DEFAULT', 'ERROR'),
  input: text,
  output: text,
  usage,
  costUnits: fc.option(fc.nat(50)),
  isLate: fc.boolean(),
  laterUnits: fc.option(fc.nat(50)),
});
const play: fc.Arbitrary<Play> = fc.record({
  session: fc.option(fc.nat(2)),
  tags: fc.constantFrom([], ['chapter_1'], ['cupid', 'chapter_5'], ['chapter_x'], [STRANGE_TEXT]),
  metadata: fc.constantFrom(
    {},
    { mortal: 'Maya', match: STRANGE_TEXT },
    { workaround: 'streaming_usage_capture' },
  ),
  isLate: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
});

function worldOf(plays: readonly Play[]): LangfuseWorld {
  const world = new LangfuseWorld('proj');
  const seen = (isLate: boolean): number => (isLate ? LATER : BASE);
  const sessions = new Set<string>();
  for (const [number, { session, tags, metadata, isLate, steps }] of plays.entries()) {
    const [id, atMs] = [`t${number}`, BASE + Math.min(...steps.map((one) => one.startMs))];
    const sessionId = session === null ? null : `s${session}`;
    if (sessionId !== null) sessions.add(sessionId);
    world.put('traces', someTrace(id, atMs, { sessionId, tags, metadata, ...ARRIVED }), seen(isLate));
    for (const [place, given] of steps.entries()) {
      const row = observationOf(id, place, given, steps.length);
      world.put('observations', row, seen(given.isLate));
      const { laterUnits } = given;
      if (laterUnits !== null)
        world.schedule(LATER, () =>
          world.change('observations', row.id, {
            cost: { total: laterUnits * COST_UNIT },
            updatedAtMs: LATER,
          }),
        );
    }
  }
  for (const id of sessions) world.put('sessions', { id, createdAtMs: BASE, environment: 'default' }, LATER);
  return world;
}

function observationOf(traceId: string, place: number, given: Step, count: number): StoredObservation {
  const idOf = (index: number): string => `${traceId}-${index}`;
  const { type, name, level, input, output, tookMs, costUnits } = given;
  const atMs = BASE + given.startMs;
  return someObservation(idOf(place), traceId, atMs, {
    ...ARRIVED,
    // The first is the root, which v2 asks for the trace's name.
    parentId: place === 0 || given.parent < 0 ? null : idOf(given.parent % count),
    type,
    name,
    level,
    input,
    output,
    endMs: tookMs === null ? null : atMs + tookMs,
    usage: given.usage,
    cost: costUnits === null ? {} : { total: costUnits * COST_UNIT },
  });
}

it('gives the same figures by both APIs, however it came (P3, P7, P17, P20, P21)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(play, { minLength: 1, maxLength: 5 }), async (plays) => {
      const dumps: Dump[] = [];
      for (const generation of ['legacy', 'events-only'] as const) {
        const world = worldOf(plays);
        let atMs = SOON;
        const trial = await openLangfuse(units, world, { generation, nowMs: () => atMs });
        try {
          const [followed, fresh] = [`p${(projects += 1)}`, `p${(projects += 1)}`];
          await agents.copy(trial, followed);
          atMs = LATER + 1;
          await agents.copy(trial, followed);
          await agents.copy(trial, fresh);
          const derived = await agents.derived(followed);
          expect(await agents.derived(fresh)).toEqual(derived);
          await agents.figures.rebuildAll(followed, NEVER);
          expect(await agents.derived(followed)).toEqual(derived);
          dumps.push(withoutArrivals(derived));
        } finally {
          await trial.close();
        }
      }
      expect(dumps[1]).toEqual(dumps[0]);
    }),
    { numRuns: 25 },
  );
}, 60_000);

/** When a row came to Langfuse is told otherwise by the two. */
function withoutArrivals(dump: Dump): Dump {
  const cut = ({ created_at: _at, created_text: _text, ...row }: Record<string, unknown>) => row;
  return Object.fromEntries(Object.entries(dump).map(([table, rows]) => [table, rows.map(cut)]));
}
