import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { AnswerDraft } from './answer-draft.js';
import type { Exchange } from './conversations.mapper.js';
import type { SaidBefore } from './history-window.js';
import { RulesAnswers, type RunQuestion } from './rules-answer.service.js';

export interface DeskQuestion extends RunQuestion {
  readonly history: readonly SaidBefore[];
}

/** Who answers: a model where there is one, else the rules. */
@Injectable()
export class AnswerDesk {
  constructor(private readonly rules: RulesAnswers) {}

  /** @throws RunStopped */
  answer(question: DeskQuestion): Promise<AnswerDraft> {
    return this.rules.answer(question);
  }

  /** Has the model name a conversation by its first exchange, behind the reader's back. */
  nameLater(_caller: Principal, _exchange: Exchange): void {
    // Without a model the first words stay.
  }
}
