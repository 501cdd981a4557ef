import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { openLoopbackServer } from '../loopback-server.js';

// A Discord on loopback, for tests and the demo: webhooks with the limits of Discord's own, kept messages, and faults to order.

export const SANDBOX_HEADER = 'x-guildhall-sandbox';

export type DiscordFault = 'rate-limit' | 'down' | 'gone' | 'cut' | 'cut-after';

export interface SandboxMessage {
  readonly id: string;
  readonly webhookId: string;
  readonly content: string;
  readonly allowedMentions: unknown;
}

export interface DiscordSandbox {
  readonly url: string;
  /** In the order in which they came. */
  readonly messages: SandboxMessage[];
  /** Requests altogether, refused ones too. */
  requests(): number;
  /** Plays a fault at the next request, or at the next so many. */
  fail(fault: DiscordFault, times?: number): void;
  close(): Promise<void>;
}

const PATH = /^\/api\/webhooks\/(\d+)\/([\w-]+)$/;

export async function openDiscordSandbox(
  options: { port?: number; retryAfterS?: number } = {},
): Promise<DiscordSandbox> {
  const messages: SandboxMessage[] = [];
  const faults: DiscordFault[] = [];
  let requests = 0;
  const retryAfterS = options.retryAfterS ?? 0.05;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body = await text(request);
    const fault = faults.shift();
    if (fault === 'cut') return void response.destroy();
    if (fault === 'down') return answer(response, 502, { message: 'Bad gateway' });
    if (fault === 'gone') return answer(response, 404, { message: 'Unknown Webhook', code: 10_015 });
    if (fault === 'rate-limit')
      return answer(
        response,
        429,
        { message: 'You are being rate limited.', retry_after: retryAfterS, global: false },
        { 'retry-after': String(Math.ceil(retryAfterS)), 'x-ratelimit-remaining': '0' },
      );
    const match = PATH.exec(url.pathname);
    if (match === null || request.method !== 'POST')
      return answer(response, 404, { message: '404: Not Found' });
    const sent = parsed(body);
    if (typeof sent?.content !== 'string' || sent.content.length === 0 || sent.content.length > 2_000)
      return answer(response, 400, { message: 'Invalid Form Body', code: 50_035 });
    const message = {
      id: String(1_000_000_000_000_000_000n + BigInt(messages.length)),
      webhookId: match[1]!,
      content: sent.content,
      allowedMentions: sent.allowed_mentions,
    };
    messages.push(message);
    if (fault === 'cut-after') return void response.destroy();
    const left = { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '4', 'x-ratelimit-reset-after': '2' };
    if (url.searchParams.get('wait') !== 'true') return answer(response, 204, null, left);
    return answer(response, 200, { id: message.id, content: message.content, type: 0 }, left);
  };

  const server = await openLoopbackServer(options.port, serve);
  return {
    url: server.url,
    messages,
    requests: () => requests,
    fail: (fault, times = 1) => void faults.push(...Array.from({ length: times }, () => fault)),
    close: () => server.close(),
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', [SANDBOX_HEADER]: 'discord', ...headers });
  response.end(body === null ? undefined : JSON.stringify(body));
}

function parsed(body: string): { content?: unknown; allowed_mentions?: unknown } | undefined {
  try {
    return JSON.parse(body) as { content?: unknown; allowed_mentions?: unknown };
  } catch {
    return undefined;
  }
}
