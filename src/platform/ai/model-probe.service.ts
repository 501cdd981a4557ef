import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { DependencyStates, type DependencyState } from '../dependencies/dependency-states.js';
import { AI_ERROR, type AiErrorCode, ModelFault } from './ai.errors.js';
import { AI_WORLD, type AiWorld } from './ai.tokens.js';
import type { Completion, ToolDefinition } from './chat.js';
import { type ListedModel, ModelClient } from './model.client.js';

/** For so long nobody asks again; a model that fails may be back sooner. */
const REMEMBERED_MS = 60_000;
const FAILURE_REMEMBERED_MS = 10_000;
const PROBE_TOKENS = 256;
const PROBE_FIRST_TOKEN_MS = 10_000;
/** Servers that have no list of models answer so, and are there. */
const NO_LIST = new Set([404, 405]);

export interface ModelCapabilities {
  /** off: none is configured. ok: it answers and streams. */
  readonly state: 'off' | 'ok' | 'failing';
  /** That is asked; null where there is none. */
  readonly model: string | null;
  /** That may be asked, as the server lists them. */
  readonly models: readonly string[];
  readonly canStream: boolean;
  /** It called a tool when it was asked to. */
  readonly canCallTools: boolean;
  /** Why it fails. */
  readonly fault: AiErrorCode | null;
}

const OFF: ModelCapabilities = {
  state: 'off',
  model: null,
  models: [],
  canStream: false,
  canCallTools: false,
  fault: null,
};

const PROBE_TOOL: ToolDefinition = {
  type: 'function',
  function: {
    name: 'guildhall_probe',
    description: 'Tests the connection.',
    parameters: {
      type: 'object',
      properties: { word: { type: 'string' } },
      required: ['word'],
      additionalProperties: false,
    },
  },
};

/** What the configured model can do, found out by trying; and whether it is there, for health. */
@Injectable()
export class ModelProbe implements OnModuleInit {
  private known: { capabilities: Promise<ModelCapabilities>; untilMs: number } | undefined;

  constructor(
    private readonly client: ModelClient,
    private readonly states: DependencyStates,
    @Inject(ENV) private readonly env: Pick<Env, 'ai'>,
    @Inject(AI_WORLD) private readonly world: AiWorld,
  ) {}

  onModuleInit(): void {
    this.states.register('ai', () => this.dependencyState());
  }

  /** Those who ask at the same time wait for one try. A model that fails is an answer, not an error. */
  async capabilities(): Promise<ModelCapabilities> {
    if (!this.client.isOn) return OFF;
    if (this.known && this.world.elapsedMs() < this.known.untilMs) return this.known.capabilities;
    const known = { capabilities: this.probe(), untilMs: Infinity };
    this.known = known;
    try {
      const capabilities = await known.capabilities;
      const forMs = capabilities.state === 'ok' ? REMEMBERED_MS : FAILURE_REMEMBERED_MS;
      known.untilMs = this.world.elapsedMs() + forMs;
      return capabilities;
    } catch (error) {
      this.known = undefined;
      throw error;
    }
  }

  private async probe(): Promise<ModelCapabilities> {
    try {
      const listed = await this.listed();
      const model = this.env.ai?.model ?? listed[0]?.id;
      if (model === undefined) return { ...OFF, state: 'failing', fault: AI_ERROR.badAnswer };
      const models = listed.map(({ id }) => id);
      const mayHaveTools = listed.find(({ id }) => id === model)?.hasTools !== false;
      const canCallTools = mayHaveTools && (await this.callsTools(model));
      // Where tools were refused, nothing is known of the rest yet.
      if (!canCallTools) await this.ask(model, []);
      return { state: 'ok', model, models, canStream: true, canCallTools, fault: null };
    } catch (error) {
      if (!(error instanceof ModelFault)) throw error;
      return { ...OFF, state: 'failing', model: this.env.ai?.model ?? null, fault: error.code };
    }
  }

  private async listed(): Promise<readonly ListedModel[]> {
    try {
      return await this.client.listModels();
    } catch (error) {
      if (isWithoutList(error)) return [];
      throw error;
    }
  }

  private async callsTools(model: string): Promise<boolean> {
    try {
      const { toolCalls } = await this.ask(model, [PROBE_TOOL]);
      return toolCalls.some(
        ({ name, argumentsText }) => name === PROBE_TOOL.function.name && isJson(argumentsText),
      );
    } catch (error) {
      if (error instanceof ModelFault && error.code === AI_ERROR.refused) return false;
      throw error;
    }
  }

  private ask(model: string, tools: readonly ToolDefinition[]): Promise<Completion> {
    const wish = tools.length === 0 ? 'Answer: pong' : 'Call the tool guildhall_probe with the word ping.';
    return this.client.complete({
      model,
      messages: [{ role: 'user', content: wish }],
      tools,
      mostTokens: PROBE_TOKENS,
      temperature: 0,
      firstTokenMs: PROBE_FIRST_TOKEN_MS,
    });
  }

  /** Costs no tokens: the list of models alone. */
  private async dependencyState(): Promise<DependencyState> {
    if (!this.client.isOn) return { status: 'off', latencyMs: null };
    const startedMs = this.world.elapsedMs();
    try {
      await this.listed();
    } catch {
      return { status: 'failing', latencyMs: null };
    }
    return { status: 'ok', latencyMs: Math.round((this.world.elapsedMs() - startedMs) * 1_000) / 1_000 };
  }
}

function isWithoutList(error: unknown): boolean {
  return error instanceof ModelFault && error.code === AI_ERROR.refused && NO_LIST.has(error.status ?? 0);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
