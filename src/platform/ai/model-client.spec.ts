import { afterEach, describe, expect, it } from '@jest/globals';
import { type AiTrial, openAiTrial } from '../../../test/support/ai-trial.js';
import { AI_ERROR } from './ai.errors.js';
import type { Question } from './model.client.js';

let trial: AiTrial;
afterEach(() => trial.close());

const QUESTION: Question = {
  messages: [{ role: 'user', content: 'Tell me.' }],
  tools: [],
  mostTokens: 50,
  firstTokenMs: 2_000,
};

describe('a question that must not leave the own network', () => {
  it('is answered from there', async () => {
    trial = await openAiTrial({ script: [{ text: 'well' }] });
    expect((await trial.client.complete({ ...QUESTION, isOwnNetworkOnly: true })).text).toBe('well');
  });

  it.each(['http://198.41.0.4/v1', 'https://model.invalid/v1'])('is not sent to %s', async (baseUrl) => {
    trial = await openAiTrial({ script: [] }, { baseUrl, model: 'far-away' });
    const asked = trial.client.complete({ ...QUESTION, isOwnNetworkOnly: true });
    await expect(asked).rejects.toMatchObject({
      code: baseUrl.includes('invalid')
        ? expect.stringMatching(/^ai\/(?:unreachable|not-own-network)$/)
        : AI_ERROR.notOwnNetwork,
    });
    expect(trial.llm.journal).toEqual([]);
  });
});

describe('a question with a form of its answer', () => {
  it('says so to the server', async () => {
    trial = await openAiTrial({ script: [{ text: '{"a":1}' }] });
    const schema = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
    await trial.client.complete({ ...QUESTION, answerSchema: { name: 'draft', schema } });
    expect(trial.llm.questions()[0]!.answerSchema).toEqual({ name: 'draft', schema, strict: true });
  });
});
