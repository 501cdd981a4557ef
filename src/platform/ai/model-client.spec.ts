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

describe('what texts mean', () => {
  const MEANINGS = [
    ['tavern', 'inn'],
    ['smith', 'forge'],
  ];
  const options = { isOwnNetworkOnly: false, signal: new AbortController().signal };
  const EMBEDDING = { embeddingModel: 'meaning' };

  it('is told in numbers, in the order of the texts whatever that of the answer', async () => {
    trial = await openAiTrial({ script: [], meanings: MEANINGS }, EMBEDDING);
    const embeddings = await trial.client.embed(['An inn', 'A forge, a smith', ''], options);
    expect(embeddings).toEqual([
      [1, 0, 0.1],
      [0, 2, 0.1],
      [0, 0, 0.1],
    ]);
  });

  it.each([
    ['no model for it is configured', { meanings: MEANINGS }, {}, AI_ERROR.off],
    ['the server has none', {}, EMBEDDING, AI_ERROR.refused],
    ['it does not take a text', { meanings: MEANINGS, mostEmbedded: 2 }, EMBEDDING, AI_ERROR.refused],
    [
      'it is far away and must not be',
      { meanings: MEANINGS },
      { ...EMBEDDING, baseUrl: 'http://198.41.0.4/v1' },
      AI_ERROR.notOwnNetwork,
    ],
  ])('is not told where %s', async (_where, sandbox, settings, code) => {
    trial = await openAiTrial({ script: [], ...sandbox }, settings);
    const isOwnNetworkOnly = code === AI_ERROR.notOwnNetwork;
    await expect(trial.client.embed(['An inn'], { ...options, isOwnNetworkOnly })).rejects.toMatchObject({
      code,
    });
  });
});
