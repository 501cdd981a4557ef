import { WebSocket, type ClientOptions } from 'ws';
import type { z } from 'zod';
import { PLATFORM_SENDS } from '../../src/platform/realtime/platform.frames.js';
import type { Frames } from '../../src/platform/realtime/frames.js';
import { post } from './api-client.js';
import { waitUntil } from './wait-until.js';

/** A frame as a client sees it. */
export interface SeenFrame {
  event: string;
  data: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
  id?: string;
}

export interface LiveOptions {
  /** An access token, an API key or a service token, as a header. */
  token?: string;
  /** In the subprotocol, as a browser does it. */
  ticket?: string;
  origin?: string;
  protocols?: string[];
  headers?: Record<string, string>;
  ca?: string | Buffer;
}

/** An upgrade that was refused: the HTTP answer instead of a socket. */
export class RefusedUpgrade extends Error {
  constructor(
    readonly status: number,
    readonly headers: Record<string, unknown>,
    readonly body: any, // eslint-disable-line @typescript-eslint/no-explicit-any -- a problem, as tests assert
  ) {
    super(`The upgrade was refused: ${status} ${JSON.stringify(body)}`);
  }
}

const PLATFORM = new Map<string, z.ZodType>(PLATFORM_SENDS.map(({ event, data }) => [event, data]));

/**
 * A client of a gateway. Every frame that comes is held against what the gateway declares, so one that docs/asyncapi.yaml does not
 * describe fails the test that sees it.
 */
export class LiveClient {
  readonly frames: SeenFrame[] = [];
  /** Resolves when the socket has ended. */
  readonly closed: Promise<{ code: number; reason: string }>;
  code: number | undefined;
  private readonly faults: string[] = [];
  private asked = 0;

  private constructor(
    readonly socket: WebSocket,
    private readonly declared: Frames,
  ) {
    socket.on('message', (bytes: Buffer) => this.take(JSON.parse(bytes.toString()) as SeenFrame));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.code = code;
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** @param base http(s) address of the server @throws RefusedUpgrade */
  static open(base: string, frames: Frames, options: LiveOptions = {}): Promise<LiveClient> {
    const { token, ticket, origin, headers, ca } = options;
    const protocols = options.protocols ?? (ticket === undefined ? [] : ['guildhall.v1', `ticket.${ticket}`]);
    const settings: ClientOptions = {
      perMessageDeflate: false,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(origin === undefined ? {} : { origin }),
      ...(ca === undefined ? {} : { ca }),
    };
    const socket = new WebSocket(base.replace(/^http/, 'ws') + frames.path, protocols, settings);
    const client = new LiveClient(socket, frames);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.once('end', () => {
          let json: unknown = body;
          try {
            json = JSON.parse(body);
          } catch {
            // stays text
          }
          reject(new RefusedUpgrade(response.statusCode ?? 0, response.headers, json));
        });
      });
    });
  }

  send(event: string, data?: unknown, id?: string): void {
    this.sendText(JSON.stringify({ event, data, id }));
  }

  sendText(text: string): void {
    this.socket.send(text);
  }

  /** Sends with an id of its own and waits for the answer, which may be an error. */
  ask(event: string, data?: unknown): Promise<SeenFrame> {
    this.asked += 1;
    const id = `ask-${this.asked}`;
    this.send(event, data, id);
    return this.next(`the answer to ${event}`, (frame) => frame.id === id);
  }

  /** The first frame that fits, among those that came and those that come. */
  async next(what: string, fits: (frame: SeenFrame) => boolean, limitMs = 20_000): Promise<SeenFrame> {
    const found = await waitUntil(what, limitMs, () => this.frames.find(fits));
    this.assertDeclared();
    return found;
  }

  of(event: string): SeenFrame[] {
    return this.frames.filter((frame) => frame.event === event);
  }

  /** @throws Error naming a frame that the gateway does not declare */
  assertDeclared(): void {
    if (this.faults.length > 0) throw new Error(this.faults.join('\n'));
  }

  close(): void {
    this.socket.terminate();
  }

  private take(frame: SeenFrame): void {
    this.frames.push(frame);
    const data =
      PLATFORM.get(frame.event) ?? this.declared.sends.find(({ event }) => event === frame.event)?.data;
    const parsed = data?.safeParse(frame.data);
    if (parsed === undefined) this.faults.push(`${this.declared.path} declares no frame ${frame.event}`);
    else if (!parsed.success) this.faults.push(`${frame.event}: ${parsed.error.message}`);
  }
}

/** A ticket of somebody who is signed in. */
export async function ticketOf(base: string, accessToken: string): Promise<string> {
  const answer = await post(base, '/api/v1/auth/ws-ticket', undefined, { token: accessToken });
  if (answer.status !== 200) throw new Error(`No ticket: ${answer.text}`);
  return (answer.json as { ticket: string }).ticket;
}
