import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { AiSettings } from '../config/ai-settings.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { OUTBOUND_ERROR, OutboundError, type OutboundErrorCode } from '../outbound/outbound.errors.js';
import { defineProvider } from '../outbound/outbound-policy.js';
import { Outbound, type StreamedAnswer } from '../outbound/outbound.service.js';
import { AI_ERROR, type AiErrorCode, ModelFault } from './ai.errors.js';
import {
  type ChatMessage,
  type ChatRequest,
  chatRequestSchema,
  type Completion,
  type ToolDefinition,
} from './chat.js';
import { CompletionReader } from './completion-reader.js';

// Any server with OpenAI's chat completions. One try per call: a question that was half answered is not asked again behind its reader's
// back, and whoever asks has rules to fall back on.

/** Of a whole answer; who asks gives less. */
const LONGEST_ANSWER_MS = 60_000;
const LISTED_WITHIN_MS = 3_000;
const MOST_LISTED = 500;

const COMPLETIONS = defineProvider({
  provider: 'ai-model',
  totalTimeoutMs: LONGEST_ANSWER_MS,
  mostResponseBytes: 2_000_000,
  mostTries: 1,
  mostParallel: 32,
  mostWaiting: 64,
});
/** For what must not leave the own network, whatever the configured address leads to. */
const OWN_COMPLETIONS = defineProvider({
  ...COMPLETIONS,
  provider: 'ai-model-own',
  isOwnNetworkOnly: true,
});
const MODELS = defineProvider({
  provider: 'ai-models',
  totalTimeoutMs: LISTED_WITHIN_MS,
  mostResponseBytes: 2_000_000,
  mostTries: 1,
});
const OWN_MODELS = defineProvider({ ...MODELS, provider: 'ai-models-own', isOwnNetworkOnly: true });

/** Numbers of many texts are long. */
const EMBEDDINGS = defineProvider({
  provider: 'ai-embeddings',
  totalTimeoutMs: LONGEST_ANSWER_MS,
  mostResponseBytes: 20_000_000,
  mostTries: 1,
});
const OWN_EMBEDDINGS = defineProvider({
  ...EMBEDDINGS,
  provider: 'ai-embeddings-own',
  isOwnNetworkOnly: true,
});
const MOST_DIMENSIONS = 16_000;

const embeddingsSchema = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()).min(1).max(MOST_DIMENSIONS) })),
});

const modelListSchema = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1).max(200),
      // What gateways say of a model; most servers say nothing.
      capabilities: z.object({ function_calling: z.boolean().optional() }).nullish().catch(undefined),
      supported_parameters: z.array(z.string()).nullish().catch(undefined),
    }),
  ),
});

export interface ListedModel {
  readonly id: string;
  /** As the server says; null where it says nothing. */
  readonly hasTools: boolean | null;
}

export interface Question {
  /** undefined = the configured one, or the server's first. */
  readonly model?: string | undefined;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly mostTokens: number;
  readonly temperature?: number;
  /** What the answer has to look like; servers that cannot hold themselves to it refuse, or do not care. It is judged by whoever asks. */
  readonly answerSchema?: { readonly name: string; readonly schema: Record<string, unknown> };
  /** Only a model at a loopback or private address is asked; at any other, nothing is sent. */
  readonly isOwnNetworkOnly?: boolean;
  /** Until the first piece of text or the beginning of a call. */
  readonly firstTokenMs: number;
  /** Ends the call, over there too. */
  readonly signal?: AbortSignal;
  readonly onText?: (delta: string) => void;
}

/** Characters that so many tokens may have at the very most; a server that does not keep to its tokens is not read any further. */
const MOST_CHARACTERS_PER_TOKEN = 12;

const FAULTS: Partial<Record<OutboundErrorCode, AiErrorCode>> = {
  [OUTBOUND_ERROR.timeout]: AI_ERROR.timeout,
  [OUTBOUND_ERROR.rateLimited]: AI_ERROR.rateLimited,
  [OUTBOUND_ERROR.tooBusy]: AI_ERROR.rateLimited,
  [OUTBOUND_ERROR.budgetExhausted]: AI_ERROR.rateLimited,
  [OUTBOUND_ERROR.refused]: AI_ERROR.refused,
  [OUTBOUND_ERROR.blockedAddress]: AI_ERROR.notOwnNetwork,
  [OUTBOUND_ERROR.badRedirect]: AI_ERROR.refused,
  [OUTBOUND_ERROR.badRequest]: AI_ERROR.refused,
  [OUTBOUND_ERROR.badAnswer]: AI_ERROR.badAnswer,
  [OUTBOUND_ERROR.tooLarge]: AI_ERROR.tooLarge,
  [OUTBOUND_ERROR.aborted]: AI_ERROR.aborted,
};

@Injectable()
export class ModelClient {
  private firstListed: string | undefined;

  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) private readonly env: Pick<Env, 'ai'>,
  ) {}

  get isOn(): boolean {
    return this.env.ai !== undefined;
  }

  /** The one that makes vectors of texts; undefined = none is configured. */
  get embeddingModel(): string | undefined {
    return this.env.ai?.embeddingModel;
  }

  /**
   * What texts mean, in numbers: those of texts that mean alike point the same way.
   * @returns a vector per text, all of one length
   * @throws ModelFault
   */
  async embed(
    texts: readonly string[],
    { isOwnNetworkOnly, signal }: { isOwnNetworkOnly: boolean; signal: AbortSignal },
  ): Promise<number[][]> {
    const settings = this.settings();
    if (settings.embeddingModel === undefined) throw new ModelFault(AI_ERROR.off);
    try {
      const { value } = await this.outbound.requestJson(
        isOwnNetworkOnly ? OWN_EMBEDDINGS : EMBEDDINGS,
        {
          method: 'POST',
          url: `${settings.baseUrl}/embeddings`,
          headers: headersOf(settings),
          json: { model: settings.embeddingModel, input: texts, encoding_format: 'float' },
          redirect: 'manual',
          signal,
        },
        embeddingsSchema,
      );
      return vectorsOf(value.data, texts.length);
    } catch (error) {
      throw toModelFault(error);
    }
  }

  /** What the server offers, in its order. @throws ModelFault */
  async listModels(isOwnNetworkOnly = false): Promise<readonly ListedModel[]> {
    const settings = this.settings();
    try {
      const { value } = await this.outbound.requestJson(
        isOwnNetworkOnly ? OWN_MODELS : MODELS,
        { url: `${settings.baseUrl}/models`, headers: headersOf(settings) },
        modelListSchema,
      );
      const listed = value.data.slice(0, MOST_LISTED).map(({ id, capabilities, supported_parameters }) => ({
        id,
        hasTools: capabilities?.function_calling ?? supported_parameters?.includes('tools') ?? null,
      }));
      this.firstListed = listed[0]?.id;
      return listed;
    } catch (error) {
      throw toModelFault(error);
    }
  }

  /**
   * Asks, and hears the answer piece by piece.
   * @returns it whole
   * @throws ModelFault; ZodError for a question that cannot be meant; what `onText` throws
   */
  async complete(question: Question): Promise<Completion> {
    const settings = this.settings();
    const json = await this.requestOf(question, settings);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), question.firstTokenMs);
    const { signal } = question;
    let hasAnswered = false;
    try {
      return await this.outbound.stream(
        question.isOwnNetworkOnly === true ? OWN_COMPLETIONS : COMPLETIONS,
        {
          method: 'POST',
          url: `${settings.baseUrl}/chat/completions`,
          headers: { ...headersOf(settings), accept: 'text/event-stream' },
          json,
          redirect: 'manual',
          signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
        },
        (answer) => {
          hasAnswered = true;
          return readCompletion(answer, question, () => clearTimeout(timer));
        },
      );
    } catch (error) {
      const isLate = late.signal.aborted && signal?.aborted !== true;
      throw isLate ? new ModelFault(AI_ERROR.firstTokenLate) : toModelFault(error, hasAnswered);
    } finally {
      clearTimeout(timer);
    }
  }

  private settings(): AiSettings {
    if (this.env.ai === undefined) throw new ModelFault(AI_ERROR.off);
    return this.env.ai;
  }

  private async requestOf(question: Question, settings: AiSettings): Promise<ChatRequest> {
    const model =
      question.model ??
      settings.model ??
      this.firstListed ??
      (await this.firstModel(question.isOwnNetworkOnly));
    return chatRequestSchema.parse({
      model,
      messages: question.messages,
      ...(question.tools.length === 0 ? {} : { tools: question.tools, tool_choice: 'auto' }),
      ...(question.answerSchema === undefined
        ? {}
        : {
            response_format: {
              type: 'json_schema',
              json_schema: { ...question.answerSchema, strict: true },
            },
          }),
      max_tokens: question.mostTokens,
      temperature: question.temperature ?? 0.2,
      stream: true,
      stream_options: { include_usage: true },
    });
  }

  private async firstModel(isOwnNetworkOnly: boolean | undefined): Promise<string> {
    const [first] = await this.listModels(isOwnNetworkOnly);
    if (first === undefined) throw new ModelFault(AI_ERROR.badAnswer);
    return first.id;
  }
}

async function readCompletion(
  { status, headers, chunks }: StreamedAnswer,
  { mostTokens, onText = () => undefined }: Question,
  onBegin: () => void,
): Promise<Completion> {
  if (status !== 200) throw new ModelFault(AI_ERROR.refused, status);
  if (!/^text\/event-stream\b/i.test(headers['content-type'] ?? ''))
    throw new ModelFault(AI_ERROR.notStreamed, status);
  const reader = new CompletionReader(mostTokens * MOST_CHARACTERS_PER_TOKEN, onText);
  for await (const chunk of chunks) {
    reader.feed(chunk);
    if (reader.hasBegun) onBegin();
    if (reader.isFull) break;
  }
  return reader.end();
}

/** In the order of the texts. @throws ModelFault where there is not one for each, or they differ in length */
function vectorsOf(data: z.infer<typeof embeddingsSchema>['data'], count: number): number[][] {
  const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
  const isWhole = vectors.length === count && vectors.every(({ length }) => length === vectors[0]!.length);
  if (!isWhole) throw new ModelFault(AI_ERROR.badAnswer);
  return vectors;
}

function headersOf({ apiKey }: AiSettings): Record<string, string> {
  return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
}

/** What the network says in the words of this room; anything else passes as it is. */
function toModelFault(error: unknown, hasAnswered = false): unknown {
  if (!(error instanceof OutboundError)) return error;
  const { code, status, retryAfterMs } = error;
  if (hasAnswered && code === OUTBOUND_ERROR.connectionFailed) return new ModelFault(AI_ERROR.cut);
  return new ModelFault(FAULTS[code] ?? AI_ERROR.unreachable, status, retryAfterMs);
}
