import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentsTrial, NEVER, PROJECT } from '../../../test/support/agents-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Instant, ObservationRow, TraceRow } from '../langfuse/canonical-rows.js';
import { type ObservationTextRow, TracesRepository, type TraceTextRow } from '../traces/traces.repository.js';
import { type SpokenRow, SpokenStepsRepository } from './spoken-steps.repository.js';

let units: TestUnits;
let agents: AgentsTrial;

beforeAll(async () => {
  units = await openUnits();
  agents = new AgentsTrial(units);
});

afterAll(() => units.close());

const instant = (text: string): Instant => ({ at: new Date(text), text });
const common = { projectId: '', environment: 'default', isClamped: false, release: null, version: null };
const traceOf = (id: string, text: string): TraceRow => ({
  ...common,
  ...{ id, sessionId: id, timestamp: instant(text), name: null, userId: null, tags: [], metadata: null },
  ...{
    input: 'of the trace',
    output: null,
    latencySeconds: null,
    totalCost: null,
    createdAt: null,
    updatedAt: null,
  },
});
const stepOf = (id: string, text: string): ObservationRow => ({
  ...common,
  ...{
    id: `${id}-step`,
    standsFor: 'observation',
    traceId: id,
    parentId: null,
    type: 'GENERATION',
    name: 'Mortal',
  },
  ...{
    startTime: instant(text),
    endTime: null,
    level: 'DEFAULT',
    statusMessage: null,
    model: null,
    metadata: null,
  },
  ...{
    input: 'of the step',
    output: 'answered',
    promptTokens: 0,
    completionTokens: 0,
    totalTokens: 0,
    cost: null,
  },
  ...{
    latencySeconds: null,
    promptName: null,
    promptVersion: null,
    createdAt: null,
    updatedAt: null,
    traceContext: null,
  },
});

describe('texts of rows', () => {
  it.each([
    ['today', '2026-03-01T10:00:00.000Z'],
    ['before any month of texts', '1999-12-31T23:59:59.999Z'],
    ['after the last one', '2100-06-01T00:00:00.000Z'],
  ])('that are dated %s are found, in talks and by their rows', async (id, text) => {
    const { traces, observations } = agents.tables.storeOf(PROJECT);
    await agents.store(traces, [traceOf(id, text)], new Date());
    await agents.store(observations, [stepOf(id, text)], new Date());
    await agents.figures.rebuildDirty(PROJECT, NEVER);
    const [step] = await units.app.read<SpokenRow>(
      agents.caller,
      new SpokenStepsRepository().stepsStatement(PROJECT, [id]),
    );
    expect(step).toMatchObject({ traceId: id, input: 'of the step', output: 'answered' });
    const rows = new TracesRepository();
    const [trace] = await units.app.read<TraceTextRow>(agents.caller, rows.traceTextStatement(PROJECT, id));
    expect(trace).toMatchObject({ input: 'of the trace' });
    const [observation] = await units.app.read<ObservationTextRow>(
      agents.caller,
      rows.observationStatement(PROJECT, `${id}-step`),
    );
    expect(observation).toMatchObject({ input: 'of the step' });
  });
});
