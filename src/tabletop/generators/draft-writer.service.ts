import { Injectable } from '@nestjs/common';
import { AI_ERROR, type AiErrorCode, ModelFault } from '../../platform/ai/ai.errors.js';
import type { ChatMessage, Completion } from '../../platform/ai/chat.js';
import { MarkdownCleaner } from '../../platform/ai/markdown-cleaner.js';
import { ModelClient } from '../../platform/ai/model.client.js';
import { withoutUnseen } from '../../platform/ai/plain-text.js';
import { isStorable } from '../../platform/http/storable.js';
import type { AiPolicy } from '../campaigns/campaign-kinds.js';
import type { GeneratedDraft, GenerationKind } from './draft.js';
import type { Audience } from './generation-kinds.js';
import { type CampaignContext, promptFor } from './generation-prompt.js';
import { isOneLine, type Prose, proseJsonSchema, proseSchema, withProse } from './generation-prose.js';

const MOST_TOKENS = 1_200;
const FIRST_TOKEN_MS = 20_000;
const TEMPERATURE = 0.8;
/** Once more with what was wrong; a model that fails twice fails a third time. */
const MOST_TRIES = 2;
const MOST_ANSWER = 20_000;

export interface WriteWish {
  readonly kind: GenerationKind;
  readonly draft: GeneratedDraft;
  readonly audience: Audience;
  readonly context: CampaignContext;
  readonly policy: AiPolicy;
  readonly signal: AbortSignal;
}

export type Written =
  | { readonly draft: GeneratedDraft; readonly model: string; readonly fault?: never }
  | { readonly draft?: never; readonly fault: AiErrorCode };

/** Has a language model write the texts of a draft, and believes none of them before they are checked. */
@Injectable()
export class DraftWriter {
  constructor(private readonly client: ModelClient) {}

  /** Whether a model may be asked at all. */
  mayAsk(policy: AiPolicy): boolean {
    return this.client.isOn && policy !== 'off';
  }

  /** Never throws for what the model does; `ai/aborted` where the signal came first. */
  async write({ kind, draft, audience, context, policy, signal }: WriteWish): Promise<Written> {
    if (!this.mayAsk(policy)) return { fault: AI_ERROR.off };
    const { system, user } = promptFor(kind, draft, audience, context, withoutUnseen);
    const messages: ChatMessage[] = [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ];
    try {
      for (let tries = 1; ; tries += 1) {
        const { text, model } = await this.ask(kind, messages, policy, signal);
        const judged = proseOf(kind, text);
        if ('prose' in judged) return { draft: withProse(draft, kind, judged.prose), model: plain(model) };
        if (tries >= MOST_TRIES) return { fault: AI_ERROR.badAnswer };
        messages.push(
          { role: 'assistant', content: text.slice(0, MOST_ANSWER) },
          {
            role: 'user',
            content: JSON.stringify({ faults: judged.faults, order: 'Answer again, with these mended.' }),
          },
        );
      }
    } catch (error) {
      if (signal.aborted) return { fault: AI_ERROR.aborted };
      if (error instanceof ModelFault) return { fault: error.code };
      throw error;
    }
  }

  /** With the form of the answer; without it, where the server knows of no such thing. */
  private async ask(
    kind: GenerationKind,
    messages: readonly ChatMessage[],
    policy: AiPolicy,
    signal: AbortSignal,
  ): Promise<Completion> {
    const question = {
      messages,
      tools: [],
      mostTokens: MOST_TOKENS,
      temperature: TEMPERATURE,
      firstTokenMs: FIRST_TOKEN_MS,
      isOwnNetworkOnly: policy === 'local',
      signal,
    };
    const answerSchema = { name: `${kind}_draft`, schema: proseJsonSchema(kind) };
    let answer: Completion;
    try {
      answer = await this.client.complete({ ...question, answerSchema });
    } catch (error) {
      const isUnknown =
        error instanceof ModelFault && error.code === AI_ERROR.refused && error.status === 400;
      if (!isUnknown) throw error;
      answer = await this.client.complete(question);
    }
    if (answer.text.trim() === '') throw new ModelFault(AI_ERROR.badAnswer);
    return answer;
  }
}

/** The texts of an answer, cleaned; or what is wrong with them, without a word of theirs. */
function proseOf(kind: GenerationKind, text: string): { prose: Prose } | { faults: string[] } {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  let json: unknown;
  try {
    json = JSON.parse(text.slice(from, to + 1));
  } catch {
    return { faults: ['It is no JSON object.'] };
  }
  const schema = proseSchema(kind);
  const parsed = schema.safeParse(json);
  if (!parsed.success) return { faults: parsed.error.issues.slice(0, 10).map(said) };
  const cleaned = Object.fromEntries(
    Object.entries(parsed.data).map(([name, value]) => [name, cleanText(value, isOneLine(name))]),
  );
  const again = schema.safeParse(cleaned);
  if (!again.success || !Object.values(cleaned).every(isStorable))
    return { faults: ['Nothing was left of a field but markup.'] };
  return { prose: again.data };
}

function said({ path, message }: { path: PropertyKey[]; message: string }): string {
  return `${path.map(String).join('.').slice(0, 80)}: ${message.slice(0, 200)}`;
}

/** Without HTML, links and pictures; mentions of chats call nobody. */
function cleanText(text: string, isLine: boolean): string {
  const cleaner = new MarkdownCleaner();
  const clean = withoutUnseen(`${cleaner.push(text)}${cleaner.end()}`).replace(
    /@(?=everyone|here|[&!]?\d)/g,
    '@ ',
  );
  return (isLine ? clean.replace(/\s+/g, ' ') : clean.replace(/\n{2,}/g, '\n')).trim();
}

function plain(model: string): string {
  return withoutUnseen(model).slice(0, 200);
}
