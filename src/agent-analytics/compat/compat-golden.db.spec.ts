import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AgentsTrial,
  readRecorded,
  recordedFolder,
  recordedRows,
} from '../../../test/support/agents-trial.js';
import { type LangfuseTrial, openLangfuse } from '../../../test/support/langfuse-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { recordedWorld } from '../../sandbox/langfuse/recorded-world.js';

// The original's own answers on the recorded rows of a real project, with its clock at the time of their recording. Each departure is
// named here with its reason; everything else is equal.

/** The original's clock. */
const NOW = Date.parse('2025-12-13T14:00:00Z');
const golden = recordedFolder === undefined ? {} : (readRecorded('golden/original-responses.json') as Golden);
type Golden = Record<string, unknown>;

let units: TestUnits;
let langfuse: LangfuseTrial;
let agents: AgentsTrial;

const describeRecorded = recordedFolder === undefined ? describe.skip : describe;

describeRecorded("the original's answers (needs shared/data/langfuse)", () => {
  beforeAll(async () => {
    units = await openUnits();
    langfuse = await openLangfuse(units, recordedWorld('proj-cupid-demo', recordedRows()));
    agents = new AgentsTrial(units);
    await agents.copy(langfuse);
  });

  afterAll(async () => {
    await langfuse.close();
    await units.close();
  });

  it.each(Object.keys(golden))('%s', async (key) => {
    expectAlike(await answer(key), departed(key, golden[key]));
  });
});

function answer(key: string): Promise<unknown> {
  const url = new URL(key.slice('GET '.length), 'http://original');
  const query = Object.fromEntries(url.searchParams);
  const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const { reads, caller } = agents;
  if (url.pathname === '/sessions') return reads.sessions(caller, query, NOW);
  if (url.pathname === '/sessions/stats') return reads.stats(caller, query, NOW);
  if (url.pathname === '/metrics/dashboard') return reads.dashboard(caller, query, NOW);
  if (url.pathname === '/agents') return reads.agents(caller);
  if (parts[0] === 'sessions') return reads.conversation(caller, parts[1]!);
  return parts[2] === 'charts' ? reads.agentCharts(caller, parts[1]!) : reads.agent(caller, parts[1]!);
}

/** Seconds that a trace really took on average; the original's 8.126 is the mean of the sessions' means. */
const TRUE_LATENCY = 9.081;

/** What the original should have answered. */
function departed(key: string, original: unknown): unknown {
  if (key.startsWith('GET /sessions/stats')) {
    // SQLite's days of julianday() are good to some microseconds.
    const { avg_duration_seconds: duration } = original as { avg_duration_seconds: number };
    return {
      ...(original as object),
      avg_duration_seconds: expect.closeTo(duration, 4),
      avg_latency_seconds: expect.closeTo(TRUE_LATENCY, 3),
    };
  }
  if (key.startsWith('GET /metrics/dashboard')) {
    const { kpis, ...rest } = original as { kpis: object };
    return { ...rest, kpis: { ...kpis, avg_latency_seconds: expect.closeTo(TRUE_LATENCY, 3) } };
  }
  if (/^GET \/agents\/[^/]+$/.test(key)) {
    // Usage hangs on what ran below the agent; the original looked for it on the agent's own row, and always answered 0.
    const { recent_executions: runs, ...rest } = original as { recent_executions: object[] };
    const numbers = { tokens: expect.any(Number), cost: expect.any(Number) };
    return { ...rest, recent_executions: runs.map((run) => ({ ...run, ...numbers })) };
  }
  return original;
}

/** Equal but for the last digits of sums of floating-point numbers. */
function expectAlike(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(loosened(expected));
}

function loosened(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : expect.closeTo(value, 9);
  if (Array.isArray(value)) return value.map(loosened);
  if (value === null || typeof value !== 'object' || 'asymmetricMatch' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, loosened(inner)]));
}
