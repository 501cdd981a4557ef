import { openLlmSandbox } from '../../src/sandbox/llm/llm-sandbox.js';
import type { LlmTurn } from '../../src/sandbox/llm/llm-wire.js';
import type { LlmUpstreamRequest } from '../support/llm-world.js';
import { answerRequests } from '../support/worker.js';

// The model that is asked, in a process of its own: what it costs to answer is not ours.

answerRequests(
  async ({ calls, answer, pieceLength = 4, pauseMs = 0 }: LlmUpstreamRequest): Promise<string> => {
    const script = ({ messages }: { messages: readonly { role: string }[] }): LlmTurn => {
      const answered = messages.filter(({ role }) => role === 'tool').length;
      if (answered >= calls) return { text: answer };
      return {
        text: 'Let me look. ',
        toolCalls: [{ name: 'list_things', arguments: { limit: 20, after: answered } }],
      };
    };
    return (await openLlmSandbox({ script, pieceLength, pauseMs })).url;
  },
);
