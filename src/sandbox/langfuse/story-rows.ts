import type { StoredObservation, StoredScore, StoredSession, StoredTrace } from './langfuse-rows.js';
import { hex8, mixed32 } from '../random.js';
import type { Run, Story } from './story.js';
import { choicesOf, pickedOf, scene } from './story-text.js';

// A play's rows as Langfuse has them: per run a trace and, in this order, its workflow, its agent and its generation.

export const ROWS_PER_RUN = 3;
/** USD per token: 1.25 in and 10 out per million. */
const [PROMPT_PRICE, COMPLETION_PRICE] = [1.25e-6, 10e-6];
const MODEL = 'gpt-5.1-mini';

export function sessionOf(story: Story): StoredSession {
  const createdAtMs = story.runs.reduce(
    (first, { arrivedMs }) => Math.min(first, arrivedMs),
    Number.POSITIVE_INFINITY,
  );
  return { id: story.sessionId, createdAtMs, environment: story.environment };
}

export function traceOf(story: Story, run: Run): StoredTrace {
  return {
    id: run.traceId,
    sessionId: story.sessionId,
    timestampMs: run.startMs,
    name: 'Agent workflow',
    userId: story.userId,
    release: story.release,
    version: null,
    environment: story.environment,
    tags: [`chapter_${run.chapter}`, 'cupid'],
    metadata: {
      mortal: story.mortal,
      match: story.match,
      ...(run.chapter >= 3 ? { compatibility: String(story.compatibility) } : {}),
      resourceAttributes: '{"telemetry.sdk.language":"python","service.name":"cupid"}',
    },
    input: null,
    output: null,
    createdAtMs: run.arrivedMs,
    updatedAtMs: run.arrivedMs - 800,
  };
}

/** @param part 0 the workflow, 1 the agent, 2 its generation */
export function observationOf(story: Story, run: Run, part: number): StoredObservation {
  const [workflowId, agentId, generationId] = observationIds(run);
  const shared = {
    traceId: run.traceId,
    startMs: run.startMs + part,
    endMs: run.endMs - part,
    level: 'DEFAULT',
    statusMessage: null,
    model: null,
    input: null,
    output: null,
    metadata: {},
    usage: {},
    cost: {},
    promptName: null,
    promptVersion: null,
    version: null,
    environment: story.environment,
    createdAtMs: run.arrivedMs,
    updatedAtMs: run.arrivedMs - 800,
  };
  if (part === 0) return { ...shared, id: workflowId, parentId: null, type: 'AGENT', name: 'Agent workflow' };
  if (part === 1) {
    const fault = run.isError
      ? { level: 'ERROR', statusMessage: 'RateLimitError: the model is overloaded' }
      : {};
    return { ...shared, ...fault, id: agentId, parentId: workflowId, type: 'AGENT', name: run.agent };
  }
  return { ...shared, ...generationOf(story, run), id: generationId, parentId: agentId, type: 'GENERATION' };
}

export function observationIds({ traceId }: Run): readonly [string, string, string] {
  const tail = traceId.slice(8, 24);
  const salted = (part: number): string =>
    hex8(mixed32(parseInt(tail.slice(0, 8), 16) ^ (part << 28))) + tail.slice(8);
  return [salted(1), salted(2), salted(3)];
}

export function scoresOf(story: Story): StoredScore[] {
  const last = story.runs.at(-1)!;
  if (!story.isComplete) return [];
  const shared = {
    timestampMs: last.endMs + 1_000,
    environment: story.environment,
    comment: null,
    createdAtMs: last.arrivedMs + 5_000,
    updatedAtMs: last.arrivedMs + 5_000,
  };
  const session = { kind: 'session', id: story.sessionId };
  return [
    {
      ...shared,
      id: `score-${story.sessionId}-c`,
      name: 'compatibility',
      dataType: 'NUMERIC',
      value: story.compatibility,
      source: 'EVAL',
      subject: session,
    },
    {
      ...shared,
      id: `score-${story.sessionId}-e`,
      name: 'ending',
      dataType: 'CATEGORICAL',
      value: story.compatibility >= 60 ? 'together' : 'apart',
      source: 'API',
      subject: { kind: 'trace', id: last.traceId },
    },
    {
      ...shared,
      id: `score-${story.sessionId}-l`,
      name: 'liked',
      dataType: 'BOOLEAN',
      value: story.compatibility % 3 > 0,
      source: 'ANNOTATION',
      subject: { kind: 'observation', id: observationIds(last)[2], traceId: last.traceId },
    },
  ];
}

function generationOf(story: Story, run: Run): Partial<StoredObservation> & { name: string } {
  const said = { name: 'response', input: inputOf(story, run), output: outputOf(story, run) };
  if (run.isError)
    return {
      ...said,
      output: null,
      level: 'ERROR',
      statusMessage: 'RateLimitError: the model is overloaded',
    };
  if (run.isUsageLost) return said;
  const [input, output] = [run.promptTokens, run.completionTokens];
  const [inputCost, outputCost] = [input * PROMPT_PRICE, output * COMPLETION_PRICE];
  return {
    ...said,
    model: MODEL,
    usage: { input, output, total: input + output },
    cost: { input: inputCost, output: outputCost, total: inputCost + outputCost },
  };
}

/** What the player said; a pick comes with a hidden item beside it. */
function inputOf(story: Story, run: Run): string {
  const user = (content: string): object => ({ role: 'user', content });
  if (run.agent === 'HasEnded') return JSON.stringify([user('analyze')]);
  if (run.agent === 'DisplayChoices') return JSON.stringify([user('extract')]);
  if (run.agent !== 'StartCupidGame' || run.turn < 2) return JSON.stringify([user('Continue')]);
  const { key, title } = pickedOf(turnSeed(story, run.turn - 1));
  const hidden = `<PLAYER_CHOICE>${key}: ${title}</PLAYER_CHOICE>`;
  return JSON.stringify([user(`${key} - ${title}`), user(hidden)]);
}

function outputOf(story: Story, run: Run): string {
  if (run.agent === 'HasEnded') return JSON.stringify({ has_ended: isLastTurn(story, run) });
  if (run.agent === 'DisplayChoices') return JSON.stringify({ items: choicesOf(turnSeed(story, run.turn)) });
  if (run.agent.startsWith('Display')) return JSON.stringify({ title: story.mortal, subtitle: story.match });
  const text = scene(mixed32(run.startMs ^ run.promptTokens), story.mortal, story.match);
  return JSON.stringify({ output: [{ type: 'message', content: [{ type: 'output_text', text }] }] });
}

function isLastTurn({ runs }: Story, { turn, startMs }: Run): boolean {
  return !runs.some((other) => other.chapter === 4 && (other.turn > turn || other.startMs > startMs));
}

function turnSeed({ number }: Story, turn: number): number {
  return mixed32(Math.imul(number + 1, 97) + turn);
}
