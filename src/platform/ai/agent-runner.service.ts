import { Inject, Injectable } from '@nestjs/common';
import { type Logger, LOGGER } from '../logging/logger.js';
import { Profiler } from '../profiling/profiler.service.js';
import { AGENT_BUDGETS, type AgentBudgets, BYTES_PER_TOKEN } from './agent-budgets.js';
import { AI_ERROR, ModelFault, RUN_ERROR, type RunFailureCode } from './ai.errors.js';
import { AI_WORLD, type AiWorld } from './ai.tokens.js';
import type { ChatMessage, Completion, TokenUsage, ToolCall } from './chat.js';
import { MarkdownCleaner } from './markdown-cleaner.js';
import { ModelClient } from './model.client.js';
import { type AgentEvent, RunEvents, type RunNames } from './run-events.js';
import { cappedText, type ToolOutcome, type ToolSet } from './tool-set.js';

// A model is asked, calls tools, is told what they found, and is asked again until it answers. Everything that it does wrong ends the run
// with a code, so that whoever started it can answer by rules; nothing that it does is an exception. Facts reach it in messages of the
// role `tool` only, and what it writes leaves through the cleaner.

export interface AgentRun<Caller, Card> extends RunNames {
  readonly system: string;
  /** The last one is the question. */
  readonly messages: readonly ChatMessage[];
  readonly tools: ToolSet<Caller, Card>;
  /** In whose name tools read. */
  readonly caller: Caller;
  /** undefined = the configured one. */
  readonly model?: string | undefined;
  /** Name under which the Profiler times each question to the model, such as `llm_call`. */
  readonly operation: string;
  /** Links to these stay in answers, beside those to paths. */
  readonly ownOrigins?: readonly string[];
  readonly budgets?: Partial<AgentBudgets>;
  /** Ends the run, and the question to the model with it. */
  readonly signal?: AbortSignal;
  readonly emit: (event: AgentEvent) => void;
  /** Answers where the model did not, unless nobody waits any more; the run then ends well. It closes nothing. */
  readonly fallback?: (failure: RunFailureCode, events: RunEvents<Card>) => Promise<void>;
}

export interface CallRecord {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
  readonly kind: ToolOutcome<never>['kind'];
  /** That the model was told. */
  readonly result: string;
}

export interface AgentResult<Card> {
  /** null = the model answered. */
  readonly failure: RunFailureCode | null;
  /** The fallback answered. */
  readonly isFallback: boolean;
  /** The answer ends where its tokens did. */
  readonly isCutShort: boolean;
  /** Everything that was written, clean. */
  readonly text: string;
  readonly cards: readonly Card[];
  readonly calls: readonly CallRecord[];
  /** Of all questions; estimated where the server does not count. */
  readonly usage: TokenUsage;
  /** Questions to the model. */
  readonly rounds: number;
  readonly model: string | null;
}

const SENTENCE = 'The assistant could not answer this time.';

@Injectable()
export class AgentRunner {
  constructor(
    private readonly client: ModelClient,
    private readonly profiler: Profiler,
    @Inject(AI_WORLD) private readonly world: AiWorld,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Runs to its end, which is told as the last event. Never throws. */
  async run<Caller, Card>(run: AgentRun<Caller, Card>): Promise<AgentResult<Card>> {
    const events = new RunEvents<Card>(run, run.emit, () => this.world.newId());
    const budgets = { ...AGENT_BUDGETS, ...run.budgets };
    const overtime = new AbortController();
    const timer = setTimeout(() => overtime.abort(), budgets.totalMs);
    const signal = AbortSignal.any([overtime.signal, ...(run.signal ? [run.signal] : [])]);
    const loop = new AgentLoop(run, events, budgets, signal, this.client, this.profiler, this.logger);
    let failure: RunFailureCode | null;
    try {
      events.start();
      failure = await loop.toAnswer();
    } catch (error) {
      failure = this.codeOf(error, run.signal, overtime.signal);
    } finally {
      clearTimeout(timer);
    }
    const isFallback = await this.close(run, events, failure);
    const { calls, usage, rounds, model, isCutShort } = loop;
    return {
      failure,
      isFallback,
      isCutShort,
      text: events.text,
      cards: events.cards,
      calls,
      usage,
      rounds,
      model,
    };
  }

  /** @returns whether the fallback answered */
  private async close<Caller, Card>(
    run: AgentRun<Caller, Card>,
    events: RunEvents<Card>,
    failure: RunFailureCode | null,
  ): Promise<boolean> {
    const mayFallBack = failure !== null && failure !== AI_ERROR.aborted && !events.isOver;
    try {
      events.endText();
      if (mayFallBack && run.fallback !== undefined) {
        await run.fallback(failure, events);
        events.finish();
        return true;
      }
      if (failure === null) events.finish();
      else events.fail(failure, SENTENCE);
    } catch (error) {
      this.logger.error({ err: error }, 'a run of an agent could not be ended as it should');
      try {
        events.fail(RUN_ERROR.internal, SENTENCE);
      } catch {
        // Nobody listens any more.
      }
    }
    return false;
  }

  private codeOf(error: unknown, given: AbortSignal | undefined, overtime: AbortSignal): RunFailureCode {
    if (given?.aborted) return AI_ERROR.aborted;
    if (overtime.aborted) return AI_ERROR.timeout;
    if (error instanceof ModelFault) return error.code;
    this.logger.error({ err: error }, 'a run of an agent failed');
    return RUN_ERROR.internal;
  }
}

/** One run under way. */
class AgentLoop<Caller, Card> {
  readonly calls: CallRecord[] = [];
  usage: TokenUsage = { promptTokens: 0, completionTokens: 0 };
  rounds = 0;
  model: string | null = null;
  isCutShort = false;
  private readonly messages: ChatMessage[];
  private tokensIn = 0;
  private corrections = 0;

  constructor(
    private readonly run: AgentRun<Caller, Card>,
    private readonly events: RunEvents<Card>,
    private readonly budgets: AgentBudgets,
    private readonly signal: AbortSignal,
    private readonly client: ModelClient,
    private readonly profiler: Profiler,
    private readonly logger: Logger,
  ) {
    this.messages = [{ role: 'system', content: run.system }, ...run.messages];
  }

  /** @returns null when there is an answer, else why there is none @throws ModelFault */
  async toAnswer(): Promise<RunFailureCode | null> {
    for (;;) {
      const tokensLeft = this.budgets.mostTokensOut - this.usage.completionTokens;
      if (tokensLeft <= 0) return RUN_ERROR.outOfTokens;
      const mayCall = this.rounds < this.budgets.mostRounds && this.tokensIn < this.budgets.mostTokensIn;
      const { completion, text } = await this.ask(tokensLeft, mayCall);
      const { toolCalls } = completion;
      if (toolCalls.length === 0) {
        this.isCutShort = completion.isCutShort;
        return text === '' ? RUN_ERROR.noAnswer : null;
      }
      // Whose last call was cut off has not said what it wants.
      if (completion.isCutShort) return RUN_ERROR.outOfTokens;
      if (!mayCall || toolCalls.length > this.budgets.mostCallsPerRound) return RUN_ERROR.tooManyCalls;
      this.messages.push({
        role: 'assistant',
        content: text === '' ? null : text,
        tool_calls: toolCalls.map(({ id, name, argumentsText }) => ({
          id,
          type: 'function',
          function: { name, arguments: jsonOr(argumentsText, '{}') },
        })),
      });
      for (const call of toolCalls) {
        const failure = await this.answerCall(call);
        if (failure !== null) return failure;
      }
    }
  }

  private async ask(mostTokens: number, mayCall: boolean): Promise<{ completion: Completion; text: string }> {
    const cleaner = new MarkdownCleaner(this.run.ownOrigins);
    let text = '';
    const write = (clean: string): void => {
      text += clean;
      // Blanks alone open no text.
      if (text.trim() !== '') this.events.write(text.length === clean.length ? clean.trimStart() : clean);
    };
    this.rounds += 1;
    try {
      const completion = await this.profiler.time(this.run.operation, () =>
        this.client.complete({
          model: this.run.model,
          messages: this.messages,
          tools: mayCall ? this.run.tools.definitions : [],
          mostTokens,
          firstTokenMs: this.budgets.firstTokenMs,
          signal: this.signal,
          onText: (delta) => write(cleaner.push(delta)),
        }),
      );
      write(cleaner.end());
      this.count(completion);
      return { completion, text: text.trim() };
    } finally {
      this.events.endText();
    }
  }

  private count({ usage, text, toolCalls, model }: Completion): void {
    const written = text.length + toolCalls.reduce((sum, { argumentsText }) => sum + argumentsText.length, 0);
    const estimate = Math.ceil(written / BYTES_PER_TOKEN);
    this.usage = {
      promptTokens: this.usage.promptTokens + (usage?.promptTokens ?? this.promptEstimate()),
      completionTokens: this.usage.completionTokens + (usage?.completionTokens ?? estimate),
    };
    if (model !== '') this.model = model;
  }

  private promptEstimate(): number {
    return Math.ceil(JSON.stringify(this.messages).length / BYTES_PER_TOKEN);
  }

  /** @returns null when the run goes on @throws ModelFault when nobody waits any more */
  private async answerCall(call: ToolCall): Promise<RunFailureCode | null> {
    const { id, name, argumentsText } = call;
    this.events.call(id, name, argumentsText);
    const { toolMs, mostAnswerBytes, mostTokensIn } = this.budgets;
    const outcome = await this.run.tools.call(name, argumentsText, this.run.caller, {
      toolMs,
      mostBytes: mostAnswerBytes,
      signal: this.signal,
    });
    if (this.signal.aborted) throw new ModelFault(AI_ERROR.aborted);
    if (outcome.kind === 'failed')
      this.logger.error({ err: outcome.error, tool: name }, 'a tool of an agent failed');
    const bytesLeft = Math.max(0, (mostTokensIn - this.tokensIn) * BYTES_PER_TOKEN);
    const { text: result } = cappedText(outcome.text, bytesLeft);
    this.tokensIn += Math.ceil(Buffer.byteLength(outcome.text) / BYTES_PER_TOKEN);
    this.messages.push({ role: 'tool', tool_call_id: id, content: result });
    this.calls.push({ id, name, argumentsText, kind: outcome.kind, result });
    this.events.result(id, result);
    if (outcome.kind === 'answered') this.events.show(outcome.cards);
    if (outcome.kind === 'unknown-tool' || outcome.kind === 'invalid-arguments') {
      this.corrections += 1;
      if (this.corrections > this.budgets.mostCorrections)
        return outcome.kind === 'unknown-tool' ? RUN_ERROR.unknownTool : RUN_ERROR.invalidArguments;
    }
    return null;
  }
}

/** What goes back to the model as its own call: servers parse it, and fail where they cannot. */
function jsonOr(text: string, otherwise: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : otherwise;
  } catch {
    return otherwise;
  }
}
