import { Inject, Injectable } from '@nestjs/common';
import { AgentRunner, type AgentResult } from '../../platform/ai/agent-runner.service.js';
import type { ChatMessage } from '../../platform/ai/chat.js';
import type { RunEvents } from '../../platform/ai/run-events.js';
import { defineTool, ToolSet } from '../../platform/ai/tool-set.js';
import type { Principal } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { isStorableJson } from '../../platform/http/storable.js';
import { voiceMessage } from './agent-prompt.js';
import { agentPrompt } from './agent-prompt.reader.js';
import { type AnswerCard, cardsOf } from './answer-card.js';
import { type AnswerDraft, CANCELLED_TEXT, ERROR_TEXT } from './answer-draft.js';
import { plainText } from './bounded-page.js';
import type { DeskQuestion } from './answer-desk.service.js';
import type { AnswerMode, StoredToolCall } from './message-parts.js';
import type { Persona } from './persona.js';
import { RulesAnswers, type ToolTalk } from './rules-answer.service.js';
import { ToolRunner } from './tool-runner.service.js';

/** Levels of a tool's arguments. */
const MOST_DEPTH = 10;

/** Answers by a language model with tools; by the rules where it does not, be it after it has begun. */
@Injectable()
export class ModelAnswers {
  private readonly toolSets = new Map<string, ToolSet<Principal, AnswerCard>>();

  constructor(
    private readonly agent: AgentRunner,
    private readonly tools: ToolRunner,
    private readonly rules: RulesAnswers,
    @Inject(ENV) private readonly env: Pick<Env, 'publicUrl'>,
  ) {}

  /** Never throws: what goes wrong is in the draft. */
  async answer(question: DeskQuestion): Promise<AnswerDraft> {
    const { caller, persona, signal, emit, conversationId, runId } = question;
    const prompt = agentPrompt();
    let talk: ToolTalk | undefined;
    const fallback = async (_failure: unknown, events: RunEvents<AnswerCard>): Promise<void> => {
      talk = await this.rules.answer(question, events);
    };
    const result = await this.agent.run<Principal, AnswerCard>({
      threadId: conversationId,
      runId,
      system: prompt.text,
      messages: messagesOf(question),
      tools: this.toolSet(persona),
      caller,
      model: question.model ?? undefined,
      operation: 'llm_call',
      ownOrigins: this.env.publicUrl === undefined ? [] : [this.env.publicUrl],
      signal,
      // Begin and end are told by whoever stores what has come of it.
      emit: (event) => {
        if (event.type !== 'RUN_STARTED' && event.type !== 'RUN_FINISHED' && event.type !== 'RUN_ERROR')
          emit(event);
      },
      fallback,
    });
    return draftOf(result, talk, prompt.version, signal.aborted);
  }

  private toolSet(persona: Persona): ToolSet<Principal, AnswerCard> {
    const known = this.toolSets.get(persona.name);
    if (known !== undefined) return known;
    const tools = this.tools.allowed(persona).map((tool) => {
      const { name, description, parameters } = tool;
      return defineTool<Principal, typeof parameters, AnswerCard>({
        name,
        description,
        parameters,
        run: async (input, caller) => {
          const facts = await this.tools.answer(tool, input, caller);
          return { facts, cards: cardsOf(name, facts) };
        },
      });
    });
    const made = new ToolSet<Principal, AnswerCard>(tools);
    this.toolSets.set(persona.name, made);
    return made;
  }
}

function messagesOf({ persona, history, words }: DeskQuestion): ChatMessage[] {
  const voice: ChatMessage = { role: 'user', content: voiceMessage(persona) };
  return [voice, ...history.map((said): ChatMessage => ({ ...said })), { role: 'user', content: words }];
}

function draftOf(
  result: AgentResult<AnswerCard>,
  talk: ToolTalk | undefined,
  promptVersion: string,
  isStopped: boolean,
): AnswerDraft {
  const { failure, isFallback, calls, usage, rounds, model } = result;
  const isAnswered = failure === null || isFallback;
  const mode: AnswerMode = failure === null ? 'llm' : 'rules';
  const toolCalls = calls.map(({ id, name, argumentsText, kind }): StoredToolCall => ({
    id,
    name: plainText(name, 100),
    arguments: argumentsOf(argumentsText),
    isError: kind !== 'answered',
  }));
  const otherwise = isStopped ? CANCELLED_TEXT : ERROR_TEXT;
  return {
    status: isAnswered ? 'complete' : isStopped ? 'cancelled' : 'error',
    mode,
    text: result.text === '' ? otherwise : result.text,
    toolCalls: [...toolCalls, ...(talk?.toolCalls ?? [])],
    toolResults: [
      ...calls.map(({ id, result: content }) => ({ callId: id, content })),
      ...(talk?.toolResults ?? []),
    ],
    cards: withoutRepeated(result.cards),
    model: model === null ? null : plainText(model),
    tokenCount: rounds === 0 ? null : usage.promptTokens + usage.completionTokens,
    roundCount: rounds,
    promptVersion,
    errorCode: failure,
  };
}

/** As the model wrote them, where they can be kept; nothing of them where not. */
function argumentsOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isStorableJson(value, MOST_DEPTH) ? value : {};
  } catch {
    return {};
  }
}

/** Rules that take over ask the same tools once more. */
function withoutRepeated(cards: readonly AnswerCard[]): readonly AnswerCard[] {
  const seen = new Set<string>();
  return cards.filter((card) => {
    const key = JSON.stringify(card);
    return !seen.has(key) && seen.add(key);
  });
}
