import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { MarkdownCleaner } from '../../platform/ai/markdown-cleaner.js';
import type { RunEvents } from '../../platform/ai/run-events.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type AnswerCard, cardsOf } from './answer-card.js';
import type { ToolResult } from './answer-draft.js';
import { answerText, type ToldFacts } from './answer-text.js';
import { readIntent } from './intent.js';
import type { StoredToolCall } from './message-parts.js';
import type { Persona } from './persona.js';
import { planCalls } from './plan-calls.js';
import { ToolRunner } from './tool-runner.service.js';

export interface RulesQuestion {
  readonly caller: Principal;
  readonly persona: Persona;
  readonly words: string;
  readonly signal: AbortSignal;
}

/** What was asked of tools, and what they have told. */
export interface ToolTalk {
  readonly toolCalls: readonly StoredToolCall[];
  readonly toolResults: readonly ToolResult[];
}

/** Answers without a model: the words tell the intent, the intent the tools, and templates tell what the tools have told. */
@Injectable()
export class RulesAnswers {
  constructor(private readonly runner: ToolRunner) {}

  /** Writes the answer into `events`. @throws what `signal` was aborted with */
  async answer(
    { caller, persona, words, signal }: RulesQuestion,
    events: RunEvents<AnswerCard>,
  ): Promise<ToolTalk> {
    const intent = readIntent(words, this.runner.names);
    const told: ToldFacts[] = [];
    const toolCalls: StoredToolCall[] = [];
    const toolResults: ToolResult[] = [];
    for (const { tool, input } of planCalls(intent)) {
      signal.throwIfAborted();
      const id = uuidv7();
      events.call(id, tool, JSON.stringify(input));
      const facts = await this.runner.run(caller, persona, tool, input);
      const content = JSON.stringify(facts);
      events.result(id, content);
      events.show(cardsOf(tool, facts));
      told.push({ tool, facts });
      toolCalls.push({ id, name: tool, arguments: input, isError: false });
      toolResults.push({ callId: id, content });
    }
    signal.throwIfAborted();
    const cleaner = new MarkdownCleaner();
    // Names, notes and cells are of others, with a model and without.
    events.write(cleaner.push(answerText(intent, told)) + cleaner.end());
    events.endText();
    return { toolCalls, toolResults };
  }
}
