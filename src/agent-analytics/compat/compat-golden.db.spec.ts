import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedAnswer } from '../../../test/support/cupid-golden.js';
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
    expect(await answer(key)).toEqual(expectedAnswer(key, golden[key]));
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
