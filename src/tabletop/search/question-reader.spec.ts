import { afterEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type AiTrial, openAiTrial } from '../../../test/support/ai-trial.js';
import type { AiSettings } from '../../platform/config/ai-settings.js';
import type { LlmSandboxOptions } from '../../sandbox/llm/llm-sandbox.js';
import type { AiPolicy } from '../campaigns/campaign-kinds.js';
import { QUESTION_TOOL } from './question-prompt.js';
import { QuestionReader, type ReadQuestion } from './question-reader.service.js';

const ASKED = 'In welcher Schenke trafen wir die Elfe in Sitzung 3?';
const READING = { text: 'Elfe', types: ['character'], session: 3, lastSession: false };

/** Node's own word of each connection that is begun. */
const SOCKET_MADE = 'net.client.socket';

let trial: AiTrial | undefined;
afterEach(() => trial?.close());

async function read(
  script: LlmSandboxOptions['script'],
  policy: AiPolicy,
  wantsModel = true,
  settings: Partial<AiSettings> = {},
): Promise<ReadQuestion> {
  trial = await openAiTrial({ script }, settings);
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

  it('reaches no model where the campaign wants none', async () => {
    const { by } = await read(answering(READING), 'off');
    expect([by, trial!.llm.journal.length]).toEqual(['rules', 0]);
  });

  it('is read by a model of the own network where the campaign wants no other', async () => {
    expect(await read(answering(READING), 'local')).toMatchObject({ text: 'Elfe', by: 'model' });
    expect(trial!.llm.questions()).toHaveLength(1);
  });

  it('reaches no model at a public address then, neither to ask nor to learn what there is', async () => {
    let sockets = 0;
    const count = (): void => void (sockets += 1);
    subscribe(SOCKET_MADE, count);
    try {
      for (const model of ['far-away', undefined]) {
        expect((await read([], 'local', true, { baseUrl: 'http://198.41.0.4/v1', model })).by).toBe('rules');
        await trial!.close();
      }
      expect(sockets).toBe(0);
      expect((await read(answering(READING), 'local')).by).toBe('model');
      expect(sockets).toBeGreaterThan(0);
    } finally {
      unsubscribe(SOCKET_MADE, count);
    }
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
