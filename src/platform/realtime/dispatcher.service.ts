import { Inject, Injectable } from '@nestjs/common';
import { sha256 } from '../crypto/digest.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { parseInput } from '../http/parse-input.js';
import { toProblem } from '../http/problem.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { AnsweredIds } from './answered-ids.js';
import { CLOSE } from './close-codes.js';
import { frameText } from './frame-bytes.js';
import { type Frames, MOST_ID_CHARACTERS, type ReceivedFrame } from './frames.js';
import type { FrameHandler, FrameHead, Gateway, Handled } from './gateways.service.js';
import type { LiveSocket } from './live-socket.js';
import { LiveSockets } from './live-sockets.service.js';
import { PlatformFrames } from './platform-frames.service.js';
import { badFrame, reusedId, tooManyMessages, unknownEvent } from './realtime.errors.js';
import { TokenBucket } from './token-bucket.js';

// The way of a message: counted, parsed, checked, handled, answered. One at a time per socket and in order, so a gateway never sees a finish before
// the fixes that were sent before it; a handler that returns no promise is done within the tick, and what it sends leaves at
// once. While one waits, the connection is not read further: who sends faster than we store is slowed down, not buffered.

/** Messages that may lie here while one is being handled: what was on the way when the connection was told to wait. */
const PAUSE_AT = 8;
const KEYS = new Set(['event', 'data', 'id']);

/** One socket's side of it. */
export interface Conversation {
  take(bytes: Buffer, isBinary: boolean): void;
}

/** What of the connection it needs. */
interface Tap {
  pause(): void;
  resume(): void;
}

interface Parsed extends FrameHead {
  readonly data: unknown;
}

@Injectable()
export class Dispatcher {
  private readonly answered = new AnsweredIds();

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly sockets: LiveSockets,
    private readonly platform: PlatformFrames,
  ) {}

  /** What a client of a gateway has to keep to; part of its `welcome`. */
  terms(frames: Frames) {
    const { pingAfterMs, payloadBytes, messagesPerS, messageBurst } = this.env.realtime;
    return {
      heartbeatMs: pingAfterMs,
      limits: {
        payloadBytes,
        messagesPerS: frames.messagesPerS ?? messagesPerS,
        messageBurst: frames.messageBurst ?? messageBurst,
      },
    };
  }

  /** @param ready what comes first; messages wait for it */
  converse(socket: LiveSocket, gateway: Gateway, tap: Tap, ready: Promise<void> | undefined): Conversation {
    const { messagesPerS, messageBurst } = this.terms(gateway.frames).limits;
    const bucket = new TokenBucket(messagesPerS, messageBurst, socket.seenAtMs);
    const waiting: Buffer[] = [];
    let isBusy = false;

    const run = (bytes: Buffer): void => {
      const pending = this.handle(socket, gateway, bytes);
      if (pending) wait(pending);
    };
    const wait = (pending: Promise<void>): void => {
      isBusy = true;
      void pending.then(() => {
        isBusy = false;
        while (!isBusy && waiting.length > 0) run(waiting.shift()!);
        if (!isBusy) tap.resume();
      });
    };
    if (ready) wait(ready);
    return {
      take: (bytes, isBinary) => {
        socket.seenAtMs = performance.now();
        this.sockets.figures.framesIn += 1;
        if (!bucket.take(socket.seenAtMs)) return this.refuseFlood(socket);
        if (isBinary) return socket.close(CLOSE.unsupported, 'frames are text');
        if (!isBusy) return run(bytes);
        waiting.push(bytes);
        if (waiting.length >= PAUSE_AT) tap.pause();
      },
    };
  }

  /** @returns a promise only for what has to be waited for */
  private handle(socket: LiveSocket, gateway: Gateway, bytes: Buffer): Promise<void> | undefined {
    if (!socket.isOpen) return undefined;
    let parsed: Parsed | undefined;
    try {
      parsed = parseFrame(bytes);
      const known = gateway.events.get(parsed.event);
      if (known === undefined) return this.handleOwn(socket, gateway, parsed);
      const data = readData(known.frame, parsed.data);
      if (known.frame.isOnce === true && parsed.id !== undefined)
        return this.handleOnce(socket, known.handle, data, parsed, bytes);
      const handled = known.handle(socket, data, parsed);
      if (!(handled instanceof Promise)) {
        answer(socket, handled, parsed.id);
        return undefined;
      }
      const { id } = parsed;
      return handled.then(
        (reply) => answer(socket, reply, id),
        (error: unknown) => this.refuse(socket, error, id),
      );
    } catch (error) {
      this.refuse(socket, error, parsed?.id);
      return undefined;
    }
  }

  private handleOwn(socket: LiveSocket, gateway: Gateway, parsed: Parsed): Promise<void> | undefined {
    const pending = this.platform.handle(socket, gateway.frames, parsed);
    if (pending === null) throw unknownEvent(parsed.event);
    return pending?.catch((error: unknown) => this.refuse(socket, error, parsed.id));
  }

  private async handleOnce(
    socket: LiveSocket,
    handle: FrameHandler,
    data: unknown,
    { event, id }: FrameHead,
    bytes: Buffer,
  ): Promise<void> {
    try {
      const key = `${socket.principal.id} ${socket.path} ${id!}`;
      const text = await this.answered.once(key, sha256(bytes).toString('base64'), async () =>
        answerText(await handle(socket, data, { event, id }), id!),
      );
      if (text === 'reused') throw reusedId();
      socket.sendText(text);
    } catch (error) {
      this.refuse(socket, error, id);
    }
  }

  /** Whatever went wrong, as problem details, and the socket stays. */
  private refuse(socket: LiveSocket, error: unknown, id: string | undefined): void {
    const problem = toProblem(error);
    this.sockets.figures.refused += 1;
    if (problem.status >= 500)
      this.logger[problem.status === 503 ? 'warn' : 'error'](
        { err: error, socket: socket.id, path: socket.path },
        'a message failed',
      );
    socket.send('error', problem, id);
  }

  private refuseFlood(socket: LiveSocket): void {
    if (!socket.isOpen) return;
    this.refuse(socket, tooManyMessages(), undefined);
    socket.close(CLOSE.tooMany, 'too many messages');
  }
}

/** @throws DomainError badFrame */
function parseFrame(bytes: Buffer): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw badFrame('A frame is one JSON object.');
  }
  if (typeof value !== 'object' || value === null) throw badFrame('A frame is one JSON object.');
  const { event, id, data } = value as { event?: unknown; id?: unknown; data?: unknown };
  if (typeof event !== 'string') throw badFrame('A frame names its event.');
  const isId = typeof id === 'string' && id.length > 0 && id.length <= MOST_ID_CHARACTERS;
  if (id !== undefined && !isId) throw badFrame(`An id is a text of 1 to ${MOST_ID_CHARACTERS} characters.`);
  for (const key in value) if (!KEYS.has(key)) throw badFrame('A frame has event, data and id only.');
  return { event, data, id };
}

/** @throws DomainError malformed, with a fault per field */
function readData(frame: ReceivedFrame, data: unknown): unknown {
  return frame.read?.(data) ?? parseInput(frame.data, data);
}

function answer(socket: LiveSocket, handled: Handled, id: string | undefined): void {
  if (handled !== undefined) socket.send(handled.event, handled.data, id);
  else if (id !== undefined) socket.sendText(answerText(undefined, id));
}

function answerText(handled: Handled, id: string): string {
  return handled === undefined
    ? frameText('done', '{}', id)
    : frameText(handled.event, JSON.stringify(handled.data), id);
}
