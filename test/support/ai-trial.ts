import { z } from 'zod';
import { AgentRunner, type AgentResult, type AgentRun } from '../../src/platform/ai/agent-runner.service.js';
import { ModelClient } from '../../src/platform/ai/model.client.js';
import { ModelProbe } from '../../src/platform/ai/model-probe.service.js';
import type { AgentEvent } from '../../src/platform/ai/run-events.js';
import { defineTool, ToolSet } from '../../src/platform/ai/tool-set.js';
import type { AiSettings } from '../../src/platform/config/ai-settings.js';
import { DependencyStates } from '../../src/platform/dependencies/dependency-states.js';
import type { Logger } from '../../src/platform/logging/logger.js';
import { OutboundBudgets } from '../../src/platform/outbound/outbound-budgets.service.js';
import { Outbound, realSleep } from '../../src/platform/outbound/outbound.service.js';
import { Profiler } from '../../src/platform/profiling/profiler.service.js';
import {
  type LlmSandbox,
  type LlmSandboxOptions,
  openLlmSandbox,
} from '../../src/sandbox/llm/llm-sandbox.js';

export interface Card {
  kind: string;
  of: string;
}

/** A model that does as it is told, and everything of ours that speaks to it. */
export interface AiTrial {
  llm: LlmSandbox;
  client: ModelClient;
  probe: ModelProbe;
  states: DependencyStates;
  runner: AgentRunner;
  /** Monotonic; moved by the test. */
  clock: { nowMs: number };
  logged: string[];
  close(): Promise<void>;
}

export async function openAiTrial(
  options: LlmSandboxOptions,
  settings: Partial<AiSettings> = {},
): Promise<AiTrial> {
  const llm = await openLlmSandbox(options);
  const logged: string[] = [];
  const write = (fields: object, text: string): void => void logged.push(`${JSON.stringify(fields)} ${text}`);
  const log = { info: write, warn: write, error: write } as unknown as Logger;
  const clock = { nowMs: 0 };
  let ids = 0;
  const world = {
    elapsedMs: () => clock.nowMs,
    newId: () => `id-${(ids += 1)}`,
  };
  // Providers without budgets: the store is never asked.
  const outbound = new Outbound(new OutboundBudgets(undefined as never, undefined as never, () => null), {
    isPrivateAllowed: false,
    userAgent: 'guildhall/test',
    random: () => 0.5,
    nowMs: () => Date.now(),
    sleep: realSleep,
    log,
  });
  const env = {
    ai: {
      baseUrl: `${llm.url}/v1`,
      apiKey: undefined,
      model: undefined,
      embeddingModel: undefined,
      ...settings,
    },
  };
  const client = new ModelClient(outbound, env);
  const states = new DependencyStates();
  const probe = new ModelProbe(client, states, env, world);
  probe.onModuleInit();
  return {
    ...{ llm, client, probe, states, clock, logged },
    runner: new AgentRunner(client, new Profiler(), world, log),
    close: async () => {
      await outbound.onApplicationShutdown();
      await llm.close();
    },
  };
}

/** Two tools that read the things of whoever asks. */
export function thingsOf(read: string[] = []): ToolSet<string, Card> {
  return new ToolSet<string, Card>([
    defineTool({
      name: 'list_things',
      description: 'Lists things.',
      parameters: z.object({ limit: z.int().min(1).max(20).default(5) }),
      run: async ({ limit }, caller: string) => {
        read.push(caller);
        return {
          facts: { of: caller, things: Array.from({ length: limit }, (_, n) => n) },
          cards: [{ kind: 'things', of: caller }],
        };
      },
    }),
    defineTool({
      name: 'count_things',
      description: 'Counts things.',
      parameters: z.object({}),
      run: async (_, caller: string) => {
        read.push(caller);
        return { facts: { of: caller, count: 3 } };
      },
    }),
  ]);
}

/** Asks once, and keeps what was told on the way. */
export async function askOnce<Caller, C>(
  trial: AiTrial,
  run: Partial<AgentRun<Caller, C>> & Pick<AgentRun<Caller, C>, 'tools' | 'caller'>,
): Promise<{ result: AgentResult<C>; events: AgentEvent[]; types: string[] }> {
  const events: AgentEvent[] = [];
  const result = await trial.runner.run<Caller, C>({
    threadId: 'thread',
    runId: 'run',
    system: 'You answer from tools.',
    messages: [{ role: 'user', content: 'How many things?' }],
    operation: 'llm_call',
    emit: (event) => void events.push(event),
    ...run,
  });
  return { result, events, types: events.map(({ type }) => type) };
}
