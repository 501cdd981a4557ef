import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentsRepository } from '../../src/agent-analytics/agents/agents.repository.js';
import { CompatRepository } from '../../src/agent-analytics/compat/compat.repository.js';
import { FiguresRepository } from '../../src/agent-analytics/figures/figures.repository.js';
import { SessionFiguresRepository } from '../../src/agent-analytics/figures/session-figures.repository.js';
import { SpokenStepsRepository } from '../../src/agent-analytics/figures/spoken-steps.repository.js';
import { MetricsRepository } from '../../src/agent-analytics/metrics/metrics.repository.js';
import { SearchRepository } from '../../src/agent-analytics/search/search.repository.js';
import { readSessionFilter, type SessionFilter } from '../../src/agent-analytics/sessions/session-filter.js';
import { SessionsRepository } from '../../src/agent-analytics/sessions/sessions.repository.js';
import { RawRowsRepository } from '../../src/agent-analytics/store/raw-rows.repository.js';
import {
  OBSERVATION_TABLE,
  type RawTable,
  SCORE_TABLE,
  SESSION_TABLE,
  TRACE_TABLE,
} from '../../src/agent-analytics/store/raw-tables.js';
import { GapsRepository } from '../../src/agent-analytics/story/gaps.repository.js';
import { StoryRepository } from '../../src/agent-analytics/story/story.repository.js';
import { TracesRepository } from '../../src/agent-analytics/traces/traces.repository.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import type { Statement, Tx } from '../../src/platform/database/unit-of-work.js';
import { genericPlanOf, indexes, planOf, plansWithin, readWhole } from '../support/plans.js';
import { openUnits, type TestUnits } from '../support/units.js';

/**
 * What the dashboard's page and the copying wait for, planned by PostgreSQL where one project among others has a history: they find
 * their rows by an index. A statement that is prepared once for all values must do so too.
 */
const DAY_MS = 86_400_000;
const NOW = Date.now();
const PROJECT = 'p1';
const YESTERDAY = new Date(NOW - DAY_MS);
const monthOf = (daysAgo: number): string =>
  `payload_${new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 7).replace('-', '_')}`;
/** Of the months of texts one at least is full. */
const FULL_MONTH = monthOf(45);
/** Marks are few, unless everything is rebuilt; the first and the last months of texts may be. */
const SMALL = new Set(
  [
    'dirty_trace',
    'dirty_session',
    'dirty_day',
    ...Array.from({ length: 180 }, (_, days) => monthOf(days - 40)),
  ].filter((name) => name !== FULL_MONTH),
);

let units: TestUnits;

beforeAll(async () => {
  units = await openUnits();
  await units.owner(`
    SELECT agent_analytics.ensure_payload_months(ARRAY(
      SELECT (now() - n * interval '1 month')::date FROM generate_series(-1, 4) n));
    CREATE TEMP TABLE play AS
      SELECT 'p' || p AS project_id, 's' || s AS session_id, 't' || s || '-' || t AS trace_id,
        now() - s * interval '10 hours' + t * interval '1 minute' AS at, s, t
      FROM generate_series(1, 20) p, generate_series(1, 200) s, generate_series(1, 5) t;
    INSERT INTO agent_analytics.session (project_id, id, environment, created_at, created_text, is_clamped, content_hash, requested_at)
      SELECT DISTINCT project_id, session_id, 'default', at, '', false, gen_random_uuid(), now() FROM play WHERE t = 1;
    INSERT INTO agent_analytics.trace (project_id, id, environment, session_id, at, at_text, tags, facts, is_clamped, content_hash, requested_at)
      SELECT project_id, trace_id, 'default', session_id, at, '', '{}', '{}', false, gen_random_uuid(), now() FROM play;
    INSERT INTO agent_analytics.trace_figure (project_id, trace_id, session_id, environment, at, at_text, chapter, latency_s, cost_usd,
        total_tokens, is_error, has_end)
      SELECT project_id, trace_id, session_id, 'default', at, '', 'chapter_' || t, 5, 0.01, 10, false, false FROM play;
    INSERT INTO agent_analytics.observation (project_id, id, environment, stands_for, trace_id, type, name, at, at_text, level, model, facts,
        prompt_tokens, completion_tokens, total_tokens, is_clamped, content_hash, requested_at)
      SELECT project_id, trace_id || '-' || o, 'default', 'observation', trace_id, 'AGENT', 'Agent ' || o, at, '', 'DEFAULT', 'model', '{}',
        1, 1, 2, false, gen_random_uuid(), now() FROM play, generate_series(1, 3) o;
    INSERT INTO agent_analytics.payload (project_id, kind, id, at, input)
      SELECT project_id, 'observation', id, at, '"words"' FROM agent_analytics.observation;
    INSERT INTO agent_analytics.agent_run (project_id, observation_id, trace_id, name, environment, at, at_text, cost_usd, total_tokens, is_error)
      SELECT project_id, id, trace_id, name, 'default', at, '', 0.01, 2, false FROM agent_analytics.observation;
    INSERT INTO agent_analytics.score (project_id, id, environment, name, data_type, source, at, at_text, subject_kind, subject_id, trace_id,
        is_clamped, content_hash, requested_at)
      SELECT project_id, 'score-' || trace_id, 'default', 'fine', 'NUMERIC', 'API', at, '', 'trace', trace_id, trace_id,
        false, gen_random_uuid(), now() FROM play;
    INSERT INTO agent_analytics.session_figure (project_id, session_id, environment, created_at, created_text, trace_count, cost_usd,
        total_tokens, latency_sum_s, latency_count, max_chapter, has_end, is_complete, error_count, first_at, last_at)
      SELECT project_id, session_id, 'default', min(at), '', 5, 0.05, 50, 25, 5, 5, false, false, 0, min(at), max(at)
      FROM play GROUP BY 1, 2;
    INSERT INTO agent_analytics.session_text (project_id, session_id, words, names, lines)
      SELECT project_id, session_id, to_tsvector('simple', 'maya ' || session_id), to_tsvector('simple', 'maya'), '[]'
      FROM agent_analytics.session_figure;
    INSERT INTO agent_analytics.chapter_day (project_id, on_date, chapter, trace_count, cost_usd, total_tokens, latency_sum_s, latency_count, error_count)
      SELECT 'p' || p, current_date - d, 'chapter_' || c, 1, 1, 1, 1, 1, 0
      FROM generate_series(1, 20) p, generate_series(0, 89) d, generate_series(1, 5) c;
    INSERT INTO agent_analytics.agent_day (project_id, on_date, name, run_count, error_count, latency_sum_ms, latency_count, cost_usd,
        total_tokens, hour_counts)
      SELECT 'p' || p, current_date - d, 'Agent ' || a, 1, 0, 1, 1, 1, 1, array_fill(0, ARRAY[24])
      FROM generate_series(1, 20) p, generate_series(0, 89) d, generate_series(1, 5) a;
    ANALYZE`);
}, 90_000);

afterAll(() => units.close());

const EVER = { from: null, to: null, environment: null };
const compat = new CompatRepository();
const everyone = { from: null, status: 'all', search: null } as const;
const recent = { ...everyone, from: YESTERDAY };
const sessions = new SessionsRepository();
const filter = readSessionFilter({}, EVER, NOW) as SessionFilter;
const traces = new TracesRepository();
const anyObservation = {
  ...EVER,
  ...{ traceId: null, sessionId: null, type: null, level: null, name: null, model: null },
};
const month = { ...EVER, from: new Date(NOW - 30 * DAY_MS) };
const day = { ...EVER, from: YESTERDAY };
const agents = new AgentsRepository();
const metrics = new MetricsRepository();
const story = new StoryRepository();

type Case = [what: string, statement: Statement, index: string];

const READS: Case[] = [
  ["the page's sessions", compat.pageStatement(PROJECT, everyone, 0, 50), 'ix_session_figure_created_at'],
  [
    'complete sessions of a day',
    compat.pageStatement(PROJECT, { ...recent, status: 'complete' }, 0, 50),
    'ix_session_figure_created_at',
  ],
  ['how many sessions a day has', compat.countStatement(PROJECT, recent), 'ix_session_figure_created_at'],
  ['the sums of sessions', compat.sumsStatement(PROJECT, YESTERDAY), 'ix_session_figure_created_at'],
  ['the sums of chapters', compat.chaptersStatement(PROJECT, YESTERDAY), 'ix_trace_figure_at'],
  ['the last days', compat.daysStatement(PROJECT, 7), 'pk_chapter_day'],
  ['the sums of agents', compat.agentsStatement(PROJECT, null), 'pk_agent_day'],
  ['the hours of an agent', compat.hoursStatement(PROJECT, 'Agent 1'), 'pk_agent_day'],
  ['the last runs of an agent', compat.runsStatement(PROJECT, 'Agent 1', false, 20), 'ix_agent_run_name'],
  ['a session', compat.sessionStatement(PROJECT, 's7'), 'pk_session_figure'],
  ['its words', new SpokenStepsRepository().stepsStatement(PROJECT, ['s7']), 'ix_observation_trace'],
  [
    'the first page of sessions',
    sessions.pageStatement(PROJECT, filter, null, ['createdAt', 'desc'], null, 51),
    'ix_session_figure_created_at',
  ],
  ['the traces of a session', sessions.tracesStatement(PROJECT, 's7', 100), 'ix_trace_figure_session'],
  ['a trace', traces.traceStatement(PROJECT, 't7-1'), 'pk_trace_figure'],
  ['its text', traces.traceTextStatement(PROJECT, 't7-1'), 'pk_trace'],
  ['its observations', traces.observationsOfStatement(PROJECT, 't7-1', 100), 'ix_observation_trace'],
  [
    'the newest observations',
    traces.observationsStatement(PROJECT, anyObservation, null, 51),
    'ix_observation_at',
  ],
  [
    'a page of the observations of a trace',
    traces.observationsStatement(PROJECT, { ...anyObservation, traceId: 't7-1' }, null, 51),
    'ix_observation_trace',
  ],
  ['an observation', traces.observationStatement(PROJECT, 't7-1-1'), 'pk_observation'],
  [
    'sessions by a rare word',
    new SearchRepository().pageStatement(PROJECT, "'s7'", filter, null, 21),
    'ix_session_text_words',
  ],
  ['how far stories of a day came', story.funnelStatement(PROJECT, day), 'ix_session_figure_first_at'],
  ['what a day cost by chapter', metrics.costsStatement(PROJECT, day, 'chapter'), 'ix_trace_figure_at'],
  ['the gaps of a day', new GapsRepository().totalsStatement(PROJECT, day), 'ix_trace_figure_at'],
  ['an agent of a month', agents.figuresStatement(PROJECT, 'Agent 1', month), 'ix_agent_run_name'],
];

describe('reads of agent analytics', () => {
  it.each(READS)('find %s by an index', async (_what, statement, index) => {
    const nodes = await units.app.run({ id: '' }, (tx) => planOf(tx, statement));
    expect(readWhole(nodes, SMALL)).toEqual([]);
    expect(indexes(nodes)).toContain(index);
  });

  // Those whose best plan depends on their values are planned for each.
  it.each(READS.filter(([, { isPlannedAnew }]) => !isPlannedAnew))(
    'find %s by it when they are prepared for any values',
    async (_what, statement, index) => {
      const nodes = await units.app.run({ id: '' }, (tx) => genericPlanOf(tx, statement));
      expect(readWhole(nodes, SMALL)).toEqual([]);
      expect(indexes(nodes)).toContain(index);
    },
  );
});

describe('copying', () => {
  const inSystem = (
    method: (tx: Tx) => Promise<unknown>,
    answer?: readonly object[],
  ): ReturnType<typeof plansWithin> =>
    plansWithin((work) => units.system.run(SYSTEM_SCOPE, work), method, answer);
  const figures = new FiguresRepository();
  const ids = Array.from({ length: 100 }, (_, index) => `t${index + 1}-1`);
  const raw = new RawRowsRepository();

  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['reads traces', (tx) => figures.listRawTraces(tx, PROJECT, ids)],
    ['reads their observations', (tx) => figures.listRawObservations(tx, PROJECT, ids)],
    [
      'reads the traces of sessions',
      (tx) => new SessionFiguresRepository().listSessionTraces(tx, PROJECT, ['s1', 's2']),
    ],
  ])('%s by an index', async (_what, method) => {
    const [nodes] = await inSystem(method, []);
    expect(readWhole(nodes!, SMALL)).toEqual([]);
    expect(indexes(nodes!).length).toBeGreaterThan(0);
  });

  it('takes marks of a project among those of others by an index', async () => {
    await units.owner(`
      INSERT INTO agent_analytics.dirty_trace SELECT project_id, trace_id FROM agent_analytics.trace_figure;
      INSERT INTO agent_analytics.dirty_session SELECT project_id, session_id FROM agent_analytics.session_figure;
      ANALYZE agent_analytics.dirty_trace, agent_analytics.dirty_session`);
    const plans = await inSystem(async (tx) => {
      await figures.takeDirtyTraces(tx, PROJECT, 500);
      await new SessionFiguresRepository().takeDirtySessions(tx, PROJECT, 500);
    });
    expect(plans.flatMap((nodes) => readWhole(nodes, new Set()))).toEqual([]);
  });

  it.each<[RawTable]>([[SESSION_TABLE], [TRACE_TABLE], [OBSERVATION_TABLE], [SCORE_TABLE]])(
    'stores a page of rows by an index',
    async (table) => {
      const rows = ids.map((id) => ({ id }));
      const [nodes] = await inSystem((tx) => raw.upsertRows(tx, table, PROJECT, rows, new Date(NOW)));
      expect(readWhole(nodes!, SMALL)).toEqual([]);
      expect(indexes(nodes!)).toContain(`pk_${table.name}`);
    },
  );
});
