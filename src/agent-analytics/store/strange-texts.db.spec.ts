import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentsTrial, type Dump } from '../../../test/support/agents-trial.js';
import { openLangfuse } from '../../../test/support/langfuse-trial.js';
import { HUGE, someObservation, someTrace } from '../../../test/support/strange-rows.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { LangfuseWorld } from '../../sandbox/langfuse/langfuse-world.js';

// P20, from the wire to the tables: whatever a Langfuse has let anybody write, and whatever its next version adds or leaves out, is stored
// by PostgreSQL, which takes neither NUL nor half a character, and harms no row beside it.

let units: TestUnits;
let agents: AgentsTrial;
let projects = 0;
const newProject = (): string => `p${(projects += 1)}`;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
});

afterAll(() => units.close());

const AT = Date.parse('2025-12-12T23:30:00.000Z');
const NAMES_LONGEST = 500;
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom('\0', '\ud800', '\udfff', '\ud83d\ude00', '"', '\\', '\\u0000', "'", '\u2028', '{', '\x7f'),
);
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit }) },
  // Longer than a name is kept, cut in the middle of a pair or beside it.
  fc.constantFrom(
    'x'.repeat(600),
    `${'x'.repeat(499)}\ud83d\ude00`,
    '\0'.repeat(501),
    '\ud83d\ude00'.repeat(300),
  ),
);
const choicesOf = (title: string): string => JSON.stringify({ items: [{ key: 'A', title }] });
/** As clients send it: any text, and JSON of any depth with numbers, keys and escapes that PostgreSQL or JavaScript do not take as they are. */
const io = fc.oneof(
  fc.constant(null),
  text,
  fc.json({ stringUnit: 'binary' }),
  fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(JSON.stringify(value))),
  text.map((value) => JSON.stringify({ [value]: [value, { content: value }], role: 'user' })),
  text.map(choicesOf),
  text.map((value) => JSON.stringify({ text: choicesOf(value) })),
  fc.constantFrom(
    '{"count":123456789012345678901234567890}',
    '[1e400,-1e400,1e-400,-0]',
    '"\\u0000"',
    '{"\\ud800":"\\udc00","a\\u0000":1}',
    '{"__proto__":{"a":1},"constructor":7}',
    `${'['.repeat(300)}${']'.repeat(300)}`,
    '{"open":',
  ),
);
const tokens = fc.oneof(fc.nat(), fc.constantFrom(HUGE, 1e22, -5, 0.5, Number.MAX_SAFE_INTEGER));
const usage = fc.dictionary(fc.constantFrom('input', 'output', 'total', 'input_cached'), tokens);
const cost = fc.constantFrom({}, { total: 0 }, { total: 1e-300 }, { total: 1e300 }, { input: 1, total: -1 });
const metadata = fc.dictionary(
  fc.oneof(text, fc.constantFrom('mortal', 'match', 'workaround', 'compatibility')),
  fc.oneof(text, fc.json()),
  {
    maxKeys: 4,
  },
);
const endMs = fc.option(
  fc.oneof(fc.integer({ min: AT - 1_000, max: AT + 60_000 }), fc.constantFrom(0, Date.UTC(9999, 11, 31))),
);
const step = fc.record({
  type: fc.oneof(fc.constantFrom('AGENT', 'GENERATION'), text),
  name: fc.option(text),
  level: text,
  statusMessage: fc.option(text),
  model: fc.option(text),
  version: fc.option(text),
  environment: text,
  promptName: fc.option(text),
  input: io,
  output: io,
  metadata,
  usage,
  cost,
  endMs,
});
const trace = fc.record({
  name: fc.option(text),
  userId: fc.option(text),
  release: fc.option(text),
  environment: text,
  tags: fc.array(fc.oneof(text, fc.constantFrom('chapter_1', `chapter_${'9'.repeat(40)}`)), { maxLength: 3 }),
  metadata,
  input: io,
  output: io,
});
const world = fc.record({
  sessionId: fc.option(text),
  trace,
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
});

function worldOf({
  sessionId,
  trace: given,
  steps,
}: typeof world extends fc.Arbitrary<infer W> ? W : never): LangfuseWorld {
  const all = new LangfuseWorld('proj');
  if (sessionId !== null) all.put('sessions', { id: sessionId, createdAtMs: AT, environment: 'default' });
  all.put('traces', someTrace('odd', AT, { sessionId, ...given }));
  for (const [place, row] of steps.entries())
    all.put('observations', someObservation(`odd-${place}`, 'odd', AT + place, row));
  // The neighbour, of which nothing may be missing.
  all.put('sessions', { id: 'even', createdAtMs: AT, environment: 'default' });
  all.put(
    'traces',
    someTrace('even', AT, { sessionId: 'even', tags: ['chapter_5'], metadata: { mortal: 'Maya' } }),
  );
  const spent = {
    type: 'GENERATION',
    name: 'response',
    usage: { input: 3, output: 4, total: 7 },
    cost: { total: 0.5 },
  };
  all.put('observations', someObservation('even-0', 'even', AT));
  all.put(
    'observations',
    someObservation('even-1', 'even', AT, { parentId: 'even-0', input: 'hi', output: 'ho', ...spent }),
  );
  return all;
}

const cleaned = (value: string): string => value.toWellFormed().replaceAll('\0', '\ufffd');
/** So much that many of it can be added up. */
const amountOf = (value: number | undefined): number | null =>
  value === undefined ? null : Math.min(value, Number.MAX_SAFE_INTEGER);
/** Empty is none; PostgreSQL indexes so much of a name. */
const named = (value: string | null): string | null => {
  if (value === null || value === '') return null;
  const head = cleaned(value).slice(0, NAMES_LONGEST);
  return head.isWellFormed() ? head : head.slice(0, -1);
};
const rowOf = (dump: Dump, table: string, id: string): Record<string, unknown> | undefined =>
  dump[table]!.find((row) => (table === 'trace_figure' ? row['trace_id'] : row['id']) === id);

describe.each([
  ['legacy', ['sessions', 'traces', 'observations', 'v3-scores']],
  ['events-only', ['v2-observations', 'v3-scores']],
] as const)('rows of a Langfuse that is %s', (generation, routes) => {
  it('are stored whatever was written into them, and harm none beside them (P20)', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const trial = await openLangfuse(units, worldOf(given), { generation, nowMs: () => AT + 3_600_000 });
        try {
          const project = newProject();
          await agents.copy(trial, project);
          const [raw, derived] = [await agents.raw(project), await agents.derived(project)];
          for (const [place, step] of given.steps.entries()) {
            const row = rowOf(raw, 'observation', `odd-${place}`);
            expect(row).toMatchObject({
              name: named(step.name),
              level: named(step.level) ?? 'DEFAULT',
              status_message: step.statusMessage === null ? null : cleaned(step.statusMessage),
              cost_usd: amountOf(step.cost.total),
              trace_id: 'odd',
            });
            for (const count of ['prompt_tokens', 'completion_tokens', 'total_tokens'])
              expect(Number.isSafeInteger(row![count])).toBe(true);
          }
          expect(rowOf(derived, 'trace_figure', 'odd')).toBeDefined();
          expect(rowOf(derived, 'trace_figure', 'even')).toMatchObject({
            chapter: 'chapter_5',
            cost_usd: 0.5,
            mortal: 'Maya',
          });
          // The same once more changes nothing.
          await agents.copy(trial, project);
          expect(await agents.derived(project)).toEqual(derived);
        } finally {
          await trial.close();
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('with keys that nobody knows and without those that are optional are healed by the next reading (P20)', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const trial = await openLangfuse(units, worldOf(given), { generation, nowMs: () => AT + 3_600_000 });
        try {
          const [met, spared] = [newProject(), newProject()];
          for (const route of routes) trial.sandbox.fail({ route, kind: 'strange-fields', count: 1 });
          await agents.copy(trial, met);
          expect(trial.sandbox.journal.filter(({ fault }) => fault === 'strange-fields')).not.toEqual([]);
          await agents.copy(trial, met);
          await agents.copy(trial, spared);
          expect(await agents.derived(met)).toEqual(await agents.derived(spared));
        } finally {
          await trial.close();
        }
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});
