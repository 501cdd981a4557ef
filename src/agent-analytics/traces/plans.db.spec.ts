import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { READ_PRINCIPAL } from '../../platform/auth/principal.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { AgentsRepository } from '../agents/agents.repository.js';
import { CompatRepository } from '../compat/compat.repository.js';
import { TextErasuresRepository } from '../erasures/text-erasures.repository.js';
import { readSessionFilter, type SessionFilter } from '../sessions/session-filter.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { GapsRepository } from '../story/gaps.repository.js';
import { OutcomesRepository } from '../story/outcomes.repository.js';
import { TracesRepository } from './traces.repository.js';

/**
 * Whoever asks for a trace, a session or a few days does not read a million rows: planned on tables with rows in them, statements find
 * theirs by an index that the question names, not by the time of everything.
 */
const NOW = Date.UTC(2026, 5, 1);
let units: TestUnits;

beforeAll(async () => {
  units = await openUnits();
  await units.owner(`
    INSERT INTO agent_analytics.trace (project_id, id, environment, session_id, at, at_text, tags, facts, player_id, is_clamped, content_hash, requested_at)
      SELECT 'p', 't' || n, 'default', 's' || n % 2000, timestamptz '2026-06-01' - n * interval '5 minutes', '', '{}', '{}', 'u' || n % 1000,
        false, gen_random_uuid(), now() FROM generate_series(1, 20000) n;
    INSERT INTO agent_analytics.observation (project_id, id, environment, stands_for, trace_id, type, name, at, at_text, level, facts,
        prompt_tokens, completion_tokens, total_tokens, trace_context, is_clamped, content_hash, requested_at)
      SELECT 'p', 'o' || n, 'default', 'observation', 't' || 1 + n % 20000, 'GENERATION', 'n',
        timestamptz '2026-06-01' - n * interval '2 minutes', '', 'DEFAULT', '{}', 0, 0, 0,
        jsonb_build_object('sessionId', 's' || n % 2000, 'userId', 'u' || n % 1000), false, gen_random_uuid(), now() FROM generate_series(1, 50000) n;
    INSERT INTO agent_analytics.score (project_id, id, environment, name, data_type, source, at, at_text, subject_kind, subject_id, trace_id,
        is_clamped, content_hash, requested_at, text_value)
      SELECT 'p', 'c' || n, 'default', 'ending', 'CATEGORICAL', 'API', timestamptz '2026-06-01' - n * interval '5 minutes', '',
        CASE n % 3 WHEN 0 THEN 'session' ELSE 'trace' END, CASE n % 3 WHEN 0 THEN 's' || n % 2000 ELSE 't' || n END,
        CASE n % 3 WHEN 0 THEN NULL ELSE 't' || n END, false, gen_random_uuid(), now(), 'together' FROM generate_series(1, 20000) n`);
  await units.owner(`
    INSERT INTO agent_analytics.trace_figure (project_id, trace_id, session_id, environment, at, at_text, cost_usd, total_tokens, is_error, has_end)
      SELECT project_id, id, session_id, environment, at, '', 0, 0, false, false FROM agent_analytics.trace;
    INSERT INTO agent_analytics.agent_run (project_id, observation_id, trace_id, name, environment, at, at_text, cost_usd, total_tokens, is_error)
      SELECT project_id, id, trace_id, 'agent ' || right(id, 1), environment, at, '', 0, 0, false FROM agent_analytics.observation;
    INSERT INTO agent_analytics.agent_day (project_id, on_date, name, run_count, error_count, latency_sum_ms, latency_count, cost_usd,
        total_tokens, hour_counts)
      SELECT 'p', date '2026-06-01' - d, 'agent ' || n, 1, 0, 0, 0, 0, 0, '{}' FROM generate_series(0, 60) d, generate_series(0, 9) n;
    INSERT INTO agent_analytics.session_figure (project_id, session_id, environment, created_at, created_text, trace_count, cost_usd,
        total_tokens, latency_sum_s, latency_count, max_chapter, has_end, is_complete, error_count, first_at)
      SELECT 'p', 's' || n, 'default', timestamptz '2026-06-01' - n * interval '50 minutes', '', 1, 0, 0, 0, 0, 1, false, false, 0,
        timestamptz '2026-06-01' - n * interval '50 minutes' FROM generate_series(0, 1999) n`);
  await units.owner('ANALYZE');
}, 60_000);

afterAll(() => units.close());

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

async function planOf(
  tx: Tx,
  { name, text, values }: Statement,
): Promise<{ reads: string[]; whole: string[] }> {
  const [row] = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
    ...{ name: `spec.explain.${name}`, text: `EXPLAIN (FORMAT JSON) ${text}`, values },
    isPlannedAnew: true,
  });
  const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
  const nodes = flatten(row!['QUERY PLAN'][0]!.Plan);
  return {
    reads: [...new Set(nodes.flatMap((node) => node['Index Name'] ?? []))].sort(),
    whole: nodes
      .filter(
        (node) =>
          node['Node Type'] === 'Seq Scan' && !['agent_day', 'text_erasure'].includes(node['Relation Name']!),
      )
      .map((node) => node['Relation Name']!),
  };
}

const everything = { from: null, to: null, environment: null };
const day = { ...everything, from: new Date(NOW - 86_400_000) };
const noTrace = { sessionId: null, chapter: null, isError: null, minLatencyS: null };
const noObservation = { traceId: null, sessionId: null, type: null, level: null, name: null, model: null };
const noScore = { traceId: null, sessionId: null, name: null, source: null };
const [traces, agents, outcomes] = [new TracesRepository(), new AgentsRepository(), new OutcomesRepository()];
const runs = { ...everything, name: 'agent 3', isError: null, model: null, before: null, limit: 51 };
const filter = readSessionFilter({}, day, NOW) as SessionFilter;
const settled = new Date(NOW);

const STATEMENTS: [string, Statement, string[]][] = [
  ['a trace', traces.traceStatement('p', 't7'), ['pk_trace_figure']],
  ['the steps of a trace', traces.observationsOfStatement('p', 't7', 100), ['ix_observation_trace']],
  [
    'the scores of a trace',
    traces.scoresStatement('p', { ...everything, ...noScore, traceId: 't7' }, null, 201),
    ['ix_score_trace'],
  ],
  [
    'the scores of a session',
    traces.scoresStatement('p', { ...everything, ...noScore, sessionId: 's7' }, null, 201),
    ['ix_score_subject', 'ix_score_trace', 'ix_trace_figure_session'],
  ],
  [
    'the traces of a session',
    traces.tracesStatement('p', { ...everything, ...noTrace, sessionId: 's7' }, null, 51),
    ['ix_trace_figure_session'],
  ],
  [
    'observations by their trace',
    traces.observationsStatement('p', { ...everything, ...noObservation, traceId: 't7' }, null, 51),
    ['ix_observation_trace'],
  ],
  [
    'observations by their session',
    traces.observationsStatement('p', { ...everything, ...noObservation, sessionId: 's7' }, null, 51),
    ['ix_observation_trace', 'ix_trace_figure_session'],
  ],
  [
    'a page of observations',
    traces.observationsStatement('p', { ...everything, ...noObservation }, null, 51),
    ['ix_observation_at'],
  ],
  ['runs of an agent', agents.executionsStatement('p', runs), ['ix_agent_run_name', 'pk_trace_figure']],
  ['a day of an agent', agents.figuresStatement('p', 'agent 3', day), ['ix_agent_run_name']],
  [
    'agents that are not seen any more',
    new GapsRepository().unseenStatement('p', everything, 168),
    ['ix_agent_run_name'],
  ],
  [
    'endings of a day',
    outcomes.endingsStatement('p', day, settled, 'ending'),
    ['ix_score_subject', 'ix_score_trace', 'ix_session_figure_first_at', 'ix_trace_figure_session'],
  ],
  [
    'sessions of a day',
    new SessionsRepository().pageStatement('p', filter, null, ['createdAt', 'desc'], null, 51),
    ['ix_session_figure_created_at'],
  ],
  [
    "a page of the original's sessions",
    new CompatRepository().pageStatement('p', { from: day.from, status: 'all', search: null }, 0, 50),
    ['ix_session_figure_created_at'],
  ],
];

describe('plans', () => {
  it.each(STATEMENTS)('find %s by an index', async (_what, statement, indexes) => {
    const { reads, whole } = await units.app.run(READ_PRINCIPAL, (tx) => planOf(tx, statement));
    expect({ reads, whole }).toEqual({ reads: indexes, whole: [] });
  });

  it.each(STATEMENTS)('of %s are for its values where filters may be left out', (_what, statement) => {
    if (/\$\d+(::[\w[\]]+)? IS NULL OR/.test(statement.text)) expect(statement.isPlannedAnew).toBe(true);
    expect(statement.name).not.toBe('');
  });

  it.each<[string, (rows: TextErasuresRepository, tx: Tx) => Promise<unknown>, string[]]>([
    [
      'a session',
      (rows, tx) => rows.listTracesOfSessions(tx, 'p', ['s7']),
      ['ix_observation_session', 'ix_trace_session'],
    ],
    [
      'a player',
      (rows, tx) => rows.listTracesOfPlayer(tx, 'p', 'u7'),
      ['ix_observation_player', 'ix_trace_player'],
    ],
  ])('find what is erased of %s by an index, since pages wait for it', async (_what, ask, indexes) => {
    await units.system.run(SYSTEM_SCOPE, async (tx) => {
      const plans: Awaited<ReturnType<typeof planOf>>[] = [];
      const query = async (statement: Statement | string): Promise<never[]> => {
        plans.push(await planOf(tx, statement as Statement));
        return [];
      };
      await ask(new TextErasuresRepository(), { ...tx, query });
      expect(plans).toEqual([{ reads: indexes, whole: [] }]);
    });
  });
});
