import type { ServerResponse } from 'node:http';

// How a language model's server writes: one event per piece, the usage behind the last one, [DONE].

export interface ScriptedCall {
  readonly name: string;
  /** Text is sent as it is, whatever it is. */
  readonly arguments: object | string;
}

/** What the model says when it is asked once. */
export interface LlmTurn {
  readonly text?: string;
  readonly toolCalls?: readonly ScriptedCall[];
  /** Counted from the text unless said otherwise; null = the server does not say. */
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number } | null;
  readonly finishReason?: 'stop' | 'length' | 'tool_calls';
}

export interface WireStyle {
  readonly model: string;
  /** Characters of one piece. */
  readonly pieceLength: number;
  /** Between two pieces; 0 = all at once. */
  readonly pauseMs: number;
}

let answers = 0;

/** The events of one turn, without their framing. */
export function eventsOf(turn: LlmTurn, { model, pieceLength }: WireStyle): string[] {
  answers += 1;
  const id = `chatcmpl-sandbox-${answers}`;
  const chunk = (choices: unknown[], more: object = {}): string =>
    JSON.stringify({ id, object: 'chat.completion.chunk', created: 0, model, choices, ...more });
  const delta = (piece: object): string => chunk([{ index: 0, delta: piece, finish_reason: null }]);
  const events = [delta({ role: 'assistant', content: '' })];
  for (const content of pieces(turn.text ?? '', pieceLength)) events.push(delta({ content }));
  const calls = turn.toolCalls ?? [];
  for (const [index, call] of calls.entries()) {
    const head = { index, id: `call_${answers}_${index}`, type: 'function' };
    events.push(delta({ tool_calls: [{ ...head, function: { name: call.name, arguments: '' } }] }));
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    for (const part of pieces(text, pieceLength))
      events.push(delta({ tool_calls: [{ index, function: { arguments: part } }] }));
  }
  const finish = turn.finishReason ?? (calls.length > 0 ? 'tool_calls' : 'stop');
  events.push(chunk([{ index: 0, delta: {}, finish_reason: finish }]));
  if (turn.usage !== null) {
    const completionTokens =
      turn.usage?.completionTokens ?? Math.ceil((turn.text ?? '').length / 4) + 8 * calls.length;
    const promptTokens = turn.usage?.promptTokens ?? 100;
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    };
    events.push(chunk([], { usage }));
  }
  return events;
}

/**
 * Writes events until they are all there or nobody listens any more.
 * @param cutAfter so many events, and then half of one and no more
 */
export async function writeEvents(
  response: ServerResponse,
  events: readonly string[],
  { pauseMs, cutAfter }: { pauseMs: number; cutAfter?: number },
): Promise<void> {
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));
  for (const [index, event] of events.entries()) {
    if (response.destroyed) return;
    if (index === cutAfter) {
      response.write(`data: ${event.slice(0, event.length >> 1)}`, () => response.destroy());
      return;
    }
    response.write(`data: ${event}\n\n`);
    if (pauseMs > 0) await wait();
  }
  if (!response.destroyed) response.end('data: [DONE]\n\n');
}

function pieces(text: string, length: number): string[] {
  const cut: string[] = [];
  for (let start = 0; start < text.length; start += length) cut.push(text.slice(start, start + length));
  return cut;
}
