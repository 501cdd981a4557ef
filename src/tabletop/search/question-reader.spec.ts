import { afterEach, describe, expect, it } from '@jest/globals';
import { type AiTrial, openAiTrial } from '../../../test/support/ai-trial.js';
import type { LlmSandboxOptions } from '../../sandbox/llm/llm-sandbox.js';
import type { AiPolicy } from '../campaigns/campaign-kinds.js';
import { QUESTION_TOOL } from './question-prompt.js';
import { QuestionReader, type ReadQuestion } from './question-reader.service.js';

const ASKED = 'In welcher Schenke trafen wir die Elfe in Sitzung 3?';
const READING = { text: 'Elfe', types: ['character'], session: 3, lastSession: false };

let trial: AiTrial | undefined;
afterEach(() => trial?.close());

async function read(
  script: LlmSandboxOptions['script'],
  policy: AiPolicy,
  wantsModel = true,
): Promise<ReadQuestion> {
  trial = await openAiTrial({ script });
  return new QuestionReader(trial.client).read(ASKED, wantsModel, policy);
}
const answering = (reading: object): LlmSandboxOptions['script'] => [
  { toolCalls: [{ name: QUESTION_TOOL, arguments: reading }] },
];

describe('a question', () => {
  it('is read by a model where somebody wants that and the campaign allows it', async () => {
    expect(await read(answering(READING), 'any')).toEqual({
      text: 'Elfe',
      kinds: ['character'],
      session: 3,
      isLastSession: false,
      by: 'model',
    });
  });

  it.each(['off', 'local'] as const)('reaches no model under the policy %s', async (policy) => {
    const { by } = await read(answering(READING), policy);
    expect([by, trial!.llm.journal.length]).toEqual(['rules', 0]);
  });

  it('reaches none unasked, and rules read what the model does not', async () => {
    expect((await read(answering(READING), 'any', false)).by).toBe('rules');
    await trial!.close();
    for (const script of [answering({ ...READING, types: ['dragon'] }), [{ text: 'A tavern.' }]] as const) {
      expect(await read(script, 'any')).toMatchObject({ session: 3, by: 'rules' });
      await trial!.close();
    }
    trial = undefined;
  });
});
