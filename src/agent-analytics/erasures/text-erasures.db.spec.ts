import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AgentsTrial, NEVER } from '../../../test/support/agents-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { Audit } from '../../platform/audit/audit.service.js';
import { AuditRepository } from '../../platform/audit/audit.repository.js';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Instant, ObservationRow, ScoreRow, TraceRow } from '../langfuse/canonical-rows.js';
import { Projects } from '../sync/projects.service.js';
import { TextErasuresRepository } from './text-erasures.repository.js';
import { TextErasures } from './text-erasures.service.js';

// What was erased is gone from every table, whenever the erasure comes and whatever comes after it, and nothing else is.

const BASE = Date.parse('2025-12-12T23:00:00.000Z');
const names: { name: string }[] = [];
let units: TestUnits;
let agents: AgentsTrial;
let erasures: TextErasures;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
  const projects = new Projects({ langfuse: names } as never, undefined as never);
  erasures = new TextErasures(
    units.system,
    projects,
    new TextErasuresRepository(),
    new Audit(new AuditRepository()),
  );
});

afterAll(() => units.close());

const newProject = (): string => {
  names.push({ name: `p${names.length}` });
  return names.at(-1)!.name;
};
const erase = (project: string, kind: 'session' | 'player', id: string, patienceMs?: number) =>
  erasures.erase(agents.caller, { project, kind, id }, patienceMs);
const instant = (ms: number): Instant => ({ at: new Date(ms), text: new Date(ms).toISOString() });
const asked = (minute: number): Date => new Date(BASE + 86_400_000 + minute * 60_000);

/** Traces 0 and 2 are of session 0, 1 and 3 of session 1; observations likewise, with a word that tells whose they are. */
const sessionOf = (n: number): string => `s${n % 2}`;
const playerOf = (n: number): string => `player-${n % 2}`;
const wordOf = (n: number): string => `secret${n % 2}`;
const version = fc.record({ minute: fc.nat(3), isKnown: fc.boolean(), cost: fc.nat(9) });
type Version = { minute: number; isKnown: boolean; cost: number };

function traceRow(n: number, { minute, isKnown, cost }: Version): TraceRow {
  return {
    projectId: '',
    id: `t${n}`,
    environment: 'default',
    isClamped: false,
    sessionId: sessionOf(n),
    timestamp: instant(BASE + n * 60_000),
    name: 'Agent workflow',
    userId: isKnown ? playerOf(n) : null,
    release: null,
    version: null,
    tags: ['chapter_1'],
    metadata: { mortal: 'Maya', note: wordOf(n) },
    input: wordOf(n),
    output: null,
    latencySeconds: 1,
    totalCost: cost / 1_000,
    createdAt: instant(BASE + n * 60_000),
    updatedAt: instant(BASE + minute * 60_000),
  };
}

function observationRow(n: number, { minute, isKnown, cost }: Version): ObservationRow {
  return {
    projectId: '',
    id: `o${n}`,
    environment: 'default',
    isClamped: false,
    standsFor: 'observation',
    traceId: `t${n}`,
    parentId: null,
    type: 'GENERATION',
    name: 'Mortal',
    startTime: instant(BASE + n * 60_000),
    endTime: instant(BASE + n * 60_000 + 500),
    level: 'ERROR',
    statusMessage: `RateLimitError: ${wordOf(n)}`,
    model: null,
    input: [{ role: 'user', content: `I say ${wordOf(n)}` }],
    output: `You say ${wordOf(n)}`,
    metadata: { mortal: 'Maya', note: wordOf(n) },
    promptTokens: 1,
    completionTokens: 1,
    totalTokens: 2,
    cost: cost / 1_000,
    latencySeconds: 0.5,
    promptName: null,
    promptVersion: null,
    version: null,
    createdAt: null,
    updatedAt: instant(BASE + minute * 60_000),
    traceContext: isKnown
      ? { sessionId: sessionOf(n), userId: playerOf(n), traceName: null, release: null, tags: ['chapter_1'] }
      : null,
  };
}

function scoreRow(n: number, { minute }: Version): ScoreRow {
  const subjects = [
    { kind: 'session', id: sessionOf(n), traceId: null },
    { kind: 'trace', id: `t${n}`, traceId: null },
    { kind: 'observation', id: `o${n}`, traceId: null },
  ];
  return {
    projectId: '',
    id: `score${n}`,
    environment: 'default',
    isClamped: false,
    name: 'liked',
    dataType: n > 1 ? 'TEXT' : 'CATEGORICAL',
    value: n > 1 ? wordOf(n) : 'together',
    source: 'ANNOTATION',
    timestamp: instant(BASE),
    comment: wordOf(n),
    metadata: null,
    subject: subjects[n % 3]!,
    createdAt: null,
    updatedAt: instant(BASE + minute * 60_000),
  };
}

type Kind = 'traces' | 'observations' | 'scores';
interface Page {
  kind: Kind;
  n: number;
  version: Version;
  minute: number;
  isRebuilt: boolean;
}
const page: fc.Arbitrary<Page> = fc.record({
  kind: fc.constantFrom<Kind>('traces', 'observations', 'observations', 'scores'),
  n: fc.nat(3),
  version,
  minute: fc.nat(5),
  isRebuilt: fc.boolean(),
});

async function store(project: string, { kind, n, version: own, minute, isRebuilt }: Page): Promise<void> {
  const { traces, observations, scores } = agents.tables.storeOf(project);
  if (kind === 'traces') await agents.store(traces, [traceRow(n, own)], asked(minute));
  if (kind === 'observations') await agents.store(observations, [observationRow(n, own)], asked(minute));
  if (kind === 'scores') await agents.store(scores, [scoreRow(n, own)], asked(minute));
  if (isRebuilt) await agents.figures.rebuildDirty(project, NEVER);
}

/** Everything that is kept of a project, as one text. */
async function everything(project: string): Promise<string> {
  const dumps = [await agents.raw(project), await agents.derived(project)];
  const marks = await units.owner('SELECT * FROM agent_analytics.text_erasure WHERE project_id = $1', [
    project,
  ]);
  return JSON.stringify([dumps, marks]);
}

const FIRST: Version = { minute: 0, isKnown: true, cost: 1 };
const at = (kind: Kind, n: number): Page => ({ kind, n, version: FIRST, minute: 0, isRebuilt: false });
const WORLD = [0, 1, 2, 3].flatMap((n) =>
  (['observations', 'traces', 'scores'] as const).map((kind) => at(kind, n)),
);

describe('an erasure', () => {
  it.each(['session', 'player'] as const)(
    'of a %s ends the same whenever it comes, and leaves everybody else alone',
    async (kind) => {
      const id = kind === 'session' ? 's0' : 'player-0';
      await fc.assert(
        fc.asyncProperty(fc.array(page, { maxLength: 7 }), fc.nat(7), async (more, place) => {
          const pages = [...more, ...WORLD];
          const [before, between, never] = [newProject(), newProject(), newProject()];
          await erase(before, kind, id);
          for (const given of pages) await store(before, given);
          for (const given of pages.slice(0, place)) await store(between, given);
          await erase(between, kind, id);
          for (const given of pages.slice(place)) await store(between, given);
          for (const given of pages) await store(never, given);
          for (const project of [before, between, never]) await agents.figures.rebuildDirty(project, NEVER);
          const [raw, derived] = [await agents.raw(before), await agents.derived(before)];
          expect(await agents.raw(between)).toEqual(raw);
          expect(await agents.derived(between)).toEqual(derived);
          for (const project of [before, between]) {
            const kept = await everything(project);
            expect(kept).not.toContain('secret0');
            expect(kept.split('secret1').length).toBe((await everything(never)).split('secret1').length);
            if (kind === 'player') expect(kept).not.toContain('player-0');
            expect(kept).toContain('player-1');
          }
          await agents.figures.rebuildAll(before, NEVER);
          expect(await agents.derived(before)).toEqual(derived);
        }),
        { numRuns: 8 },
      );
    },
  );

  it('takes what was offered and picked with the rest, and no rebuild brings it back', async () => {
    const project = newProject();
    const items = [{ key: 'A', title: `Tell of ${wordOf(0)}` }];
    const told = { ...observationRow(0, FIRST), output: JSON.stringify({ items }) };
    await store(project, at('traces', 0));
    await agents.store(agents.tables.storeOf(project).observations, [told], asked(0));
    await agents.figures.rebuildAll(project, NEVER);
    expect((await agents.derived(project))['turn']).toMatchObject([{ offered: items }]);
    await erase(project, 'session', 's0');
    await agents.figures.rebuildAll(project, NEVER);
    expect((await agents.derived(project))['turn']).toMatchObject([{ offered: [] }]);
    await agents.store(agents.tables.storeOf(project).observations, [told], asked(1));
    await agents.figures.rebuildAll(project, NEVER);
    expect(await everything(project)).not.toContain('secret0');
  });

  it('takes everything at once, counts it, and keeps times, costs, chapters and classes of faults', async () => {
    const project = newProject();
    for (const given of WORLD) await store(project, given);
    await agents.figures.rebuildDirty(project, NEVER);
    const figures = await agents.derived(project);
    expect(await erase(project, 'session', 's0')).toEqual({
      kind: 'session',
      isRepeated: false,
      sessionCount: 1,
      traceCount: 2,
      textCount: 4,
    });
    expect(await everything(project)).not.toContain('secret0');
    const { session_figure: sessions, trace_figure: traces } = await agents.derived(project);
    expect([sessions, traces]).toEqual([figures['session_figure'], figures['trace_figure']]);
    const { observation, score } = await agents.raw(project);
    expect(observation!.map(({ status_message: message }) => message)).toContain('RateLimitError');
    expect(score!.map(({ text_value: value }) => value)).toContain('together');
    const again = await erase(project, 'session', 's0');
    expect(again).toMatchObject({ isRepeated: true, traceCount: 2, textCount: 0 });
  });

  /** An agent that failed with words of its own, and what it offered. */
  const spoken = (): ObservationRow[] => [
    {
      ...observationRow(0, FIRST),
      ...{ id: 'agent', type: 'AGENT', name: 'DisplayChoices', statusMessage: 'nothing comes of secret0' },
    },
    {
      ...observationRow(0, FIRST),
      ...{ id: 'offer', parentId: 'agent', statusMessage: null },
      output: { items: [{ key: 'A', title: 'Tell secret0' }] },
    },
  ];

  it('leaves no figure that says anything until the next rebuild, which changes none of them', async () => {
    const project = newProject();
    const { observations, traces } = agents.tables.storeOf(project);
    await agents.store(traces, [traceRow(0, FIRST)], asked(0));
    await agents.store(observations, spoken(), asked(0));
    await agents.figures.rebuildDirty(project, NEVER);
    const { turn, agent_run: runs } = await agents.derived(project);
    expect(JSON.stringify(turn)).toContain('Tell secret0');
    expect(JSON.stringify(runs)).toContain('nothing comes of');
    await erase(project, 'session', 's0');
    expect(await everything(project)).not.toMatch(/secret0|nothing comes of/);
    const derived = await agents.derived(project);
    await agents.figures.rebuildDirty(project, NEVER);
    expect(await agents.derived(project)).toEqual(derived);
  });

  it('takes the runs of a trace that says only later whose it is', async () => {
    const project = newProject();
    const { observations, traces } = agents.tables.storeOf(project);
    await erase(project, 'session', 's0');
    const nobodys = spoken().map((row) => ({ ...row, traceContext: null }));
    await agents.store(observations, nobodys, asked(0));
    await agents.figures.rebuildDirty(project, NEVER);
    expect(await everything(project)).toContain('nothing comes of');
    await agents.store(traces, [traceRow(0, FIRST)], asked(0));
    expect(await everything(project)).not.toMatch(/secret0|nothing comes of/);
  });

  it.each([true, false])(
    'takes the words out of the session that a trace has left for the erased one (erased before: %s)',
    async (isBefore) => {
      const project = newProject();
      const { observations, traces } = agents.tables.storeOf(project);
      await agents.store(traces, [traceRow(0, FIRST), traceRow(2, FIRST)], asked(0));
      await agents.store(observations, spoken(), asked(0));
      await agents.figures.rebuildDirty(project, NEVER);
      const moved = { ...traceRow(0, { ...FIRST, minute: 1 }), sessionId: 's1' };
      const nowhere = spoken().map((row) => ({ ...row, traceContext: null }));
      const move = async (): Promise<void> => {
        await agents.store(observations, nowhere, asked(1));
        await agents.store(traces, [moved], asked(1));
      };
      const dumpOf = async () => JSON.stringify((await agents.derived(project))['turn']);
      expect(await dumpOf()).toContain('secret0');
      if (!isBefore) await move();
      await erase(project, 'session', 's1');
      if (isBefore) await move();
      expect(await dumpOf()).not.toContain('secret0');
      await agents.figures.rebuildDirty(project, NEVER);
      expect(await dumpOf()).not.toContain('secret0');
    },
  );

  it('leaves the classes of faults as they are', async () => {
    const project = newProject();
    const { observations, traces } = agents.tables.storeOf(project);
    await agents.store(traces, [traceRow(0, FIRST)], asked(0));
    const messages = ['openai.RateLimitError: secret0', 'it says secret0, status code 503', 'ReadTimeout'];
    const rows = messages.map((statusMessage, n) => ({
      ...{ ...spoken()[0]!, id: `agent${n}`, statusMessage },
    }));
    await agents.store(observations, rows, asked(0));
    await agents.figures.rebuildDirty(project, NEVER);
    await erase(project, 'session', 's0');
    await agents.figures.rebuildDirty(project, NEVER);
    expect(await everything(project)).not.toContain('secret0');
    const { agent_run: runs } = await agents.derived(project);
    expect(runs!.map(({ error_type: type }) => type as string).sort()).toEqual([
      'HTTP 503',
      'RateLimitError',
      'ReadTimeout',
    ]);
  });

  it.each([true, false])(
    'takes what was written of an observation that has not come (written before: %s)',
    async (isBefore) => {
      const project = newProject();
      const { scores, traces } = agents.tables.storeOf(project);
      const subject = { kind: 'observation', id: 'not yet', traceId: 't0' } as const;
      const write = () => agents.store(scores, [{ ...scoreRow(0, FIRST), subject }], asked(0));
      if (isBefore) await write();
      await agents.store(traces, [traceRow(0, FIRST)], asked(0));
      await erase(project, 'session', 's0');
      if (!isBefore) await write();
      expect(await everything(project)).not.toContain('secret0');
    },
  );

  it('takes what Langfuse has deleted meanwhile, too', async () => {
    const project = newProject();
    for (const given of WORLD) await store(project, given);
    const { traces, observations } = agents.tables.storeOf(project);
    await agents.remove(traces, ['t0']);
    await agents.remove(observations, ['o0']);
    await agents.figures.rebuildDirty(project, NEVER);
    expect(await everything(project)).toContain('secret0');
    expect(await erase(project, 'session', 's0')).toMatchObject({ traceCount: 2, textCount: 4 });
    expect(await everything(project)).not.toContain('secret0');
  });

  it('leaves an event that names no player', async () => {
    const project = newProject();
    for (const given of WORLD) await store(project, given);
    expect(await erase(project, 'player', 'player-0')).toMatchObject({ sessionCount: 1, traceCount: 2 });
    const events = await units.owner<{ action: string; text: string }>(
      `SELECT e.action, e::text || d::text AS text FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE d::text LIKE '%' || $1 || '%'`,
      [`"${project}"`],
    );
    expect(events.map(({ action }) => action)).toEqual(['agent-analytics.texts-erased']);
    expect(events[0]!.text).not.toContain('player-0');
  });

  it('waits for a page that is being stored, and sees its rows', async () => {
    const project = newProject();
    const { observations, traces } = agents.tables.storeOf(project);
    const context = { runId: 'trial', requestedAt: asked(0) };
    let erased: ReturnType<typeof erase> | undefined;
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await traces.store(tx, [traceRow(0, FIRST)], context);
      await observations.store(tx, [observationRow(0, FIRST)], context);
      erased = erase(project, 'session', 's0');
      await waitUntil('it waits for the page', 10_000, async () => {
        const locks = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        return (await units.owner(locks)).length > 0;
      });
    });
    expect(await erased).toMatchObject({ textCount: 2 });
    expect(await everything(project)).not.toContain('secret0');
  });

  it('takes the words of a session that only a page tells of, also out of a rebuild that had read them before', async () => {
    const project = newProject();
    await erase(project, 'player', 'player-0');
    // Its words are stored before anything says whose they are.
    const { observations } = agents.tables.storeOf(project);
    await agents.store(observations, [observationRow(0, { ...FIRST, isKnown: false })], asked(0));
    expect(await everything(project)).toContain('secret0');
    let page: Promise<void> | undefined;
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.agentFigures}, hashtext('${project}'))`);
      await tx.query(`INSERT INTO agent_analytics.session_text (project_id, session_id, words, names, lines)
        VALUES ('${project}', 's0', to_tsvector('simple', 'secret0'), to_tsvector('simple', 's0'), '["secret0"]')`);
      page = store(project, at('traces', 0));
      await waitUntil('the page waits for the rebuild', 10_000, async () => {
        const locks = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
        return (await units.owner(locks)).length > 0;
      });
    });
    await page;
    expect(await everything(project)).not.toContain('secret0');
  });

  it('gives up where figures are being made for long, and has done nothing', async () => {
    const project = newProject();
    await store(project, at('observations', 0));
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.agentFigures}, hashtext('${project}'))`);
      await expect(erase(project, 'session', 's0', 50)).rejects.toMatchObject({
        code: 'agent-analytics/rebuilding',
      });
    });
    expect(await everything(project)).toContain('secret0');
  });
});
