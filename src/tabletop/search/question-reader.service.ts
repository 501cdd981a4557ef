import { Injectable } from '@nestjs/common';
import { ModelFault } from '../../platform/ai/ai.errors.js';
import { ModelClient } from '../../platform/ai/model.client.js';
import type { AiPolicy } from '../campaigns/campaign-kinds.js';
import { QUESTION_ORDER, QUESTION_SCHEMA, QUESTION_TOOL, readAnswer } from './question-prompt.js';
import { type Question, readQuestion } from './question.js';

const MOST_TOKENS = 200;
const FIRST_TOKEN_MS = 3_000;
const LONGEST_MS = 6_000;

export interface ReadQuestion extends Question {
  readonly by: 'words' | 'rules' | 'model';
}

/** What a question asks for: by rules, or by a language model where somebody wants that and the campaign allows it. */
@Injectable()
export class QuestionReader {
  constructor(private readonly model: ModelClient) {}

  /**
   * Never fails: where the model does, the rules have read it.
   * @param policy the campaign's: under `local` a model is asked at an address of the own network alone, judged at the connection
   */
  async read(asked: string, wantsModel: boolean, policy: AiPolicy): Promise<ReadQuestion> {
    if (wantsModel && asked.trim() !== '' && policy !== 'off' && this.model.isOn) {
      const question = await this.ask(asked.trim(), policy === 'local');
      if (question !== undefined) return { ...question, by: 'model' };
    }
    const question = readQuestion(asked);
    return { ...question, by: question.text === asked.trim() ? 'words' : 'rules' };
  }

  private async ask(asked: string, isOwnNetworkOnly: boolean): Promise<Question | undefined> {
    try {
      const { toolCalls } = await this.model.complete({
        messages: [
          { role: 'system', content: QUESTION_ORDER },
          { role: 'user', content: asked },
        ],
        tools: [
          {
            type: 'function',
            function: {
              name: QUESTION_TOOL,
              description: 'Searches the campaign by words and filters.',
              parameters: { ...QUESTION_SCHEMA },
            },
          },
        ],
        mostTokens: MOST_TOKENS,
        temperature: 0,
        firstTokenMs: FIRST_TOKEN_MS,
        isOwnNetworkOnly,
        signal: AbortSignal.timeout(LONGEST_MS),
      });
      const call = toolCalls.find(({ name }) => name === QUESTION_TOOL);
      return call && readAnswer(asked, call.argumentsText);
    } catch (error) {
      if (error instanceof ModelFault) return undefined;
      throw error;
    }
  }
}
