import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type LlmSandbox,
  type LlmSandboxOptions,
  openLlmSandbox,
  PROBE_TOOL,
  SANDBOX_HEADER,
} from './llm-sandbox.js';

let llm: LlmSandbox;
afterEach(() => llm.close());

const open = async (options: LlmSandboxOptions): Promise<LlmSandbox> => (llm = await openLlmSandbox(options));
const tool = (name: string) => ({ type: 'function', function: { name, parameters: {} } });

function ask(content: string, more: object = {}): Promise<Response> {
  return fetch(`${llm.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({
      model: 'sandbox-model',
      messages: [{ role: 'user', content }],
      stream: true,
      max_tokens: 9,
      ...more,
    }),
  });
}

interface WireCall {
  function: { name?: string; arguments: string };
}
interface WireEvent {
  choices: { delta: { content?: string; tool_calls?: WireCall[] }; finish_reason: string | null }[];
  usage?: { completion_tokens: number };
}

async function eventsOf(answer: Response): Promise<WireEvent[]> {
  const lines = (await answer.text()).split('\n\n').filter((line) => line !== '');
  expect(lines.at(-1)).toBe('data: [DONE]');
  return lines.slice(0, -1).map((line) => JSON.parse(line.slice('data: '.length)));
}

describe('the stand-in of a language model', () => {
  it('says what its script says, in pieces, and the last of it again and again', async () => {
    await open({
      script: [{ toolCalls: [{ name: 'a', arguments: { n: 1 } }] }, { text: 'Three things.' }],
      pieceLength: 5,
    });
    const first = await ask('one', { tools: [tool('a')] });
    expect([first.headers.get(SANDBOX_HEADER), first.headers.get('content-type')]).toEqual([
      'llm',
      'text/event-stream; charset=utf-8',
    ]);
    const calls = (await eventsOf(first)).flatMap((event) => event.choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]!.function.name).toBe('a');
    expect(calls.map((call) => call.function.arguments).join('')).toBe('{"n":1}');
    for (const _ of [1, 2]) {
      const events = await eventsOf(await ask('two'));
      expect(events.map((event) => event.choices[0]?.delta.content ?? '').join('')).toBe('Three things.');
      expect(events.at(-1)!.usage!.completion_tokens).toBe(4);
      expect(events.at(-2)!.choices[0]!.finish_reason).toBe('stop');
    }
    expect(llm.questions().map(({ tools, mostTokens }) => [tools, mostTokens])).toEqual([
      [['a'], 9],
      [[], 9],
      [[], 9],
    ]);
  });

  it('may be scripted by what it is asked', async () => {
    await open({ script: ({ messages }, index) => ({ text: `${index}: ${messages.at(-1)!.content}` }) });
    for (const [index, content] of ['a', 'b'].entries()) {
      const text = (await eventsOf(await ask(content)))
        .map((event) => event.choices[0]?.delta.content ?? '')
        .join('');
      expect(text).toBe(`${index}: ${content}`);
    }
  });

  it('answers a test of the connection without moving on', async () => {
    await open({ script: [{ text: 'first' }, { text: 'second' }] });
    const probe = await (await ask('call it', { tools: [tool(PROBE_TOOL)] })).text();
    expect(probe).toContain(PROBE_TOOL);
    expect(await (await ask('a')).text()).toContain('first');
    expect(llm.questions()).toHaveLength(1);
  });

  it('lists its models, wants its key, and may know no tools', async () => {
    await open({ script: [], models: ['a', 'b'], apiKey: 'key', hasTools: false });
    expect((await fetch(`${llm.url}/v1/models`)).status).toBe(401);
    const headers = { authorization: 'Bearer key' };
    const list = (await (await fetch(`${llm.url}/v1/models`, { headers })).json()) as { data: unknown[] };
    expect(list.data).toMatchObject([{ id: 'a', capabilities: { function_calling: false } }, { id: 'b' }]);
    const body = JSON.stringify({ model: 'a', messages: [], tools: [tool('x')] });
    const refused = await fetch(`${llm.url}/v1/chat/completions`, { method: 'POST', headers, body });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('tool choice')]);
    expect(JSON.stringify(llm.journal)).not.toContain('Bearer');
  });

  it('fails as it is told, so many times, from outside too', async () => {
    await open({ script: [{ text: 'well' }] });
    await fetch(`${llm.url}/sandbox/faults`, {
      method: 'POST',
      body: '{"kind":"rate-limited","retryAfterS":7,"times":1}',
    });
    llm.fail({ kind: 'server-error', times: 1 });
    const limited = await ask('a');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await ask('a')).status).toBe(500);
    expect((await ask('a')).status).toBe(200);
    llm.fail({ kind: 'not-a-stream' });
    expect((await ask('a')).headers.get('content-type')).toMatch(/json/);
    llm.heal();
    llm.fail({ kind: 'cut-stream', afterEvents: 1, times: 1 });
    await expect(ask('a').then((answer) => answer.text())).rejects.toThrow();
    const journal = (await (await fetch(`${llm.url}/sandbox/journal`)).json()) as {
      status: number;
      fault: string | null;
    }[];
    expect(journal.map((entry) => [entry.status, entry.fault])).toEqual([
      [429, 'rate-limited'],
      [500, 'server-error'],
      [200, null],
      [200, 'not-a-stream'],
      [200, 'cut-stream'],
    ]);
    expect((await fetch(`${llm.url}/sandbox/faults`, { method: 'POST', body: '{' })).status).toBe(400);
  });
});
