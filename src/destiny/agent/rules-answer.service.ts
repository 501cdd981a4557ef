import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { type AnswerCard, REFRESH_ACTION } from './answer-card.js';
import type { AnswerDraft, ToolResult } from './answer-draft.js';
import { answerText, type ToldFacts } from './answer-text.js';
import { readIntent } from './intent.js';
import type { StoredToolCall } from './message-parts.js';
import type { Persona } from './persona.js';
import { planCalls } from './plan-calls.js';
import type { RunEvent } from './run-event.js';
import { ToolRunner } from './tool-runner.service.js';

/** What a run is to answer. */
export interface RunQuestion {
  readonly caller: Principal;
  readonly persona: Persona;
  readonly words: string;
  /** Id of the answer's text in the events. */
  readonly messageId: string;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** Answers without a model: the words tell the intent, the intent the tools, and templates tell what the tools have told. */
@Injectable()
export class RulesAnswers {
  constructor(private readonly runner: ToolRunner) {}

  /** @throws what `signal` was aborted with */
  async answer(question: RunQuestion): Promise<AnswerDraft> {
    const { caller, persona, words, messageId, emit, signal } = question;
    const intent = readIntent(words, this.runner.names);
    const told: ToldFacts[] = [];
    const toolCalls: StoredToolCall[] = [];
    const toolResults: ToolResult[] = [];
    for (const { tool, input } of planCalls(intent)) {
      signal.throwIfAborted();
      const id = uuidv7();
      emit({ type: 'TOOL_CALL_START', toolCallId: id, toolCallName: tool });
      emit({ type: 'TOOL_CALL_ARGS', toolCallId: id, delta: JSON.stringify(input) });
      emit({ type: 'TOOL_CALL_END', toolCallId: id });
      const facts = await this.runner.run(caller, persona, tool, input);
      told.push({ tool, facts });
      toolCalls.push({ id, name: tool, arguments: input, isError: facts['problem'] !== undefined });
      toolResults.push({ callId: id, content: JSON.stringify(facts) });
    }
    signal.throwIfAborted();
    const cards = cardsOf(told);
    const text = answerText(intent, told);
    emit({ type: 'STATE_SNAPSHOT', snapshot: { mode: 'rules', cards } });
    emit({ type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' });
    emit({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta: text });
    emit({ type: 'TEXT_MESSAGE_END', messageId });
    return {
      status: 'complete',
      mode: 'rules',
      text,
      toolCalls,
      toolResults,
      cards,
      model: null,
      tokenCount: null,
      roundCount: 0,
      promptVersion: null,
      errorCode: null,
    };
  }
}

/** The facts under the names of their tools, and where they are old the offer to ask for newer ones. */
export function cardsOf(told: readonly ToldFacts[]): AnswerCard[] {
  const cards = told.map(({ tool, facts }): AnswerCard => ({ type: 'facts', tool, facts }));
  const isOld = told.some(({ tool, facts }) => tool === 'data_age' && facts['link'] === 'linked');
  return isOld ? [...cards, REFRESH_ACTION] : cards;
}
