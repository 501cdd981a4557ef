import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ModelClient } from '../../platform/ai/model.client.js';
import { RunEvents } from '../../platform/ai/run-events.js';
import type { AnswerCard } from './answer-card.js';
import type { AnswerDraft } from './answer-draft.js';
import type { SaidBefore } from './history-window.js';
import { ModelAnswers } from './model-answer.service.js';
import { RulesAnswers, type RulesQuestion } from './rules-answer.service.js';
import type { RunEvent } from './run-event.js';

export interface DeskQuestion extends RulesQuestion {
  readonly conversationId: string;
  readonly runId: string;
  /** Said before, oldest first. */
  readonly history: readonly SaidBefore[];
  /** That is to be asked; null = the configured one. */
  readonly model: string | null;
  /** Everything between the run's begin and its end. */
  readonly emit: (event: RunEvent) => void;
}

/** Who answers: a model where one is configured, else the rules. */
@Injectable()
export class AnswerDesk {
  constructor(
    private readonly client: ModelClient,
    private readonly models: ModelAnswers,
    private readonly rules: RulesAnswers,
  ) {}

  /** @throws what `signal` was aborted with */
  async answer(question: DeskQuestion): Promise<AnswerDraft> {
    if (this.client.isOn) return this.models.answer(question);
    const { conversationId: threadId, runId, emit } = question;
    const events = new RunEvents<AnswerCard>(
      { threadId, runId },
      (event) => emit(event as RunEvent),
      () => uuidv7(),
    );
    const talk = await this.rules.answer(question, events);
    return {
      ...talk,
      status: 'complete',
      mode: 'rules',
      text: events.text,
      cards: events.cards,
      model: null,
      tokenCount: null,
      roundCount: 0,
      promptVersion: null,
      errorCode: null,
    };
  }
}
