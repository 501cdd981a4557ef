// what the agent's loop costs per question to the model, against a bare loop of fetch that asks the same
import { pino } from 'pino';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { AgentRunner } from '../src/platform/ai/agent-runner.service.js';
import type { ToolDefinition } from '../src/platform/ai/chat.js';
import { ModelClient } from '../src/platform/ai/model.client.js';
import { defineTool, ToolSet } from '../src/platform/ai/tool-set.js';
import { OutboundBudgets } from '../src/platform/outbound/outbound-budgets.service.js';
import { Outbound, realSleep } from '../src/platform/outbound/outbound.service.js';
import { Profiler } from '../src/platform/profiling/profiler.service.js';
import { recordJobs, runInSpanContext } from '../src/platform/profiling/span.js';
import type { LlmUpstreamRequest } from './support/llm-world.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, quantile } from './support/statistics.js';
import { startWorker } from './support/worker.js';

// A run is six rounds of a tool and then an answer: seven questions, streamed in pieces of four characters. Both sides ask the same model
// in another process and call the same tool, so what the model takes is in both and their difference is ours: checks, budgets, deadline,
// breaker, spans, the cleaner, events. The bare loop does what cannot be left out: it sends, reads the stream, parses its events and the
// arguments, and sends what the tool found.

const CALLS = 6;
const QUESTIONS = CALLS + 1;
const ANSWER =
  'Of your catalysts **three** are nearly done: [the list](/destiny/catalysts) has them, with what is left and where to get it. '.repeat(
    4,
  );
const SYSTEM = 'You answer from tools. '.repeat(40);
const ASKED = 'What is nearly done?';

interface Message {
  role: string;
  content: string | null;
  tool_calls?: unknown[];
  tool_call_id?: string;
}

const thingsAfter = (limit: number, after: number): object => ({
  total: 141,
  items: Array.from({ length: limit }, (_, index) => ({
    id: after * 20 + index,
    name: `Thing ${index}`,
    pct: index * 5,
  })),
});

const TOOLS = new ToolSet<string>([
  defineTool({
    name: 'list_things',
    description: 'Lists things with their progress.',
    parameters: z.object({ limit: z.int().min(1).max(20), after: z.int().min(0) }),
    run: async ({ limit, after }, _caller: string) => ({ facts: thingsAfter(limit, after) }),
  }),
]);

class OverheadBenchmark {
  constructor(
    private readonly runner: AgentRunner,
    private readonly url: string,
    private readonly runs: number,
  ) {}

  /** @returns ms per question */
  async ours(): Promise<number> {
    const startedMs = performance.now();
    for (let run = 0; run < this.runs; run += 1) {
      const job = { kind: 'job', endpoint: 'job:bench.ask', requestId: 'bench', userId: undefined } as const;
      let events = 0;
      const result = await runInSpanContext(job, () =>
        this.runner.run({
          ...{
            threadId: 'thread',
            runId: 'run',
            system: SYSTEM,
            tools: TOOLS,
            caller: 'me',
            operation: 'llm_call',
          },
          messages: [{ role: 'user', content: ASKED }],
          budgets: { mostTokensIn: 100_000 },
          emit: () => void (events += 1),
        }),
      );
      if (
        result.failure !== null ||
        result.rounds !== QUESTIONS ||
        !result.text.endsWith(ANSWER.trim()) ||
        events < 100
      )
        throw new Error(`The run ended with ${result.failure} after ${result.rounds} questions`);
    }
    return (performance.now() - startedMs) / this.runs / QUESTIONS;
  }

  /** @returns ms per question */
  async bare(): Promise<number> {
    const startedMs = performance.now();
    for (let run = 0; run < this.runs; run += 1) {
      const messages: Message[] = [
        { role: 'system', content: SYSTEM },
        { role: 'user', content: ASKED },
      ];
      for (let question = 1; ; question += 1) {
        const { text, call } = await askBare(this.url, messages, TOOLS.definitions);
        if (call === undefined) {
          if (question !== QUESTIONS || text !== ANSWER)
            throw new Error('The bare loop was answered something else');
          break;
        }
        const { limit, after } = JSON.parse(call.argumentsText) as { limit: number; after: number };
        const wire = {
          id: call.id,
          type: 'function',
          function: { name: call.name, arguments: call.argumentsText },
        };
        messages.push({ role: 'assistant', content: text, tool_calls: [wire] });
        messages.push({
          role: 'tool',
          tool_call_id: call.id,
          content: JSON.stringify(thingsAfter(limit, after)),
        });
      }
    }
    return (performance.now() - startedMs) / this.runs / QUESTIONS;
  }
}

interface BareCall {
  id: string;
  name: string;
  argumentsText: string;
}

async function askBare(
  url: string,
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
): Promise<{ text: string; call: BareCall | undefined }> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'sandbox-model',
      messages,
      tools,
      tool_choice: 'auto',
      max_tokens: 1_000,
      stream: true,
    }),
  });
  const decoder = new TextDecoder();
  let [rest, text] = ['', ''];
  let call: BareCall | undefined;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (event === 'data: [DONE]') continue;
      const { choices } = JSON.parse(event.slice('data: '.length)) as {
        choices: {
          delta: {
            content?: string;
            tool_calls?: { id?: string; function: { name?: string; arguments: string } }[];
          };
        }[];
      };
      const delta = choices[0]?.delta;
      text += delta?.content ?? '';
      for (const piece of delta?.tool_calls ?? []) {
        call ??= { id: piece.id ?? '', name: piece.function.name ?? '', argumentsText: '' };
        call.argumentsText += piece.function.arguments;
      }
    }
  }
  return { text, call };
}

function openRunner(benchmark: Benchmark, url: string): AgentRunner {
  const logger = pino({ level: 'silent' });
  // The provider has no budgets: their store is never asked.
  const outbound = new Outbound(new OutboundBudgets(undefined as never, undefined as never, () => null), {
    ...{
      isPrivateAllowed: false,
      userAgent: 'guildhall/bench',
      random: () => Math.random(),
      nowMs: () => Date.now(),
    },
    ...{ sleep: realSleep, log: logger },
  });
  benchmark.onEnd(() => outbound.onApplicationShutdown());
  benchmark.onEnd(recordJobs(true, () => undefined));
  const client = new ModelClient(outbound, {
    ai: {
      baseUrl: `${url}/v1`,
      apiKey: undefined,
      model: 'sandbox-model',
      embeddingModel: undefined,
    },
  });
  return new AgentRunner(
    client,
    new Profiler(),
    { elapsedMs: () => performance.now(), newId: () => newId() },
    logger,
  );
}

function report({ ours, bare }: Record<'ours' | 'bare', number[]>): Figures {
  const overhead = ours.map((value, round) => value - bare[round]!);
  printVariant('the agent, per question', 'ms', ours);
  printVariant('a bare loop of fetch, per question', 'ms', bare);
  printVariant('difference', 'ms', overhead);
  return {
    ms_per_round: median(overhead),
    worst_ms_per_round: quantile(overhead, 1),
    ours_ms: median(ours),
    bare_ms: median(bare),
  };
}

await runBenchmark('agent-overhead', async (benchmark) => {
  const upstream = startWorker(benchmark, 'llm-upstream');
  const url = await upstream.ask<string>({ calls: CALLS, answer: ANSWER } satisfies LlmUpstreamRequest);
  const bench = new OverheadBenchmark(openRunner(benchmark, url), url, benchmark.isQuick ? 20 : 60);
  // compiles the hot paths
  await bench.ours();
  await bench.bare();
  return report(await interleave(benchmark.rounds, { ours: () => bench.ours(), bare: () => bench.bare() }));
});
