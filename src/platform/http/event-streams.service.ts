import { type BeforeApplicationShutdown, Inject, Injectable, Optional } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { AUTHENTICATOR, type Authenticator } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { beginStream, leaveContext } from '../profiling/span.js';
import { DomainError } from './domain-error.js';
import type { EventSink } from './event-sink.js';
import { eventBytes, HEARTBEAT } from './event-text.js';
import { HTTP_ERROR } from './problem.js';

// Every stream of events of the process, whoever feeds it: who may have another one, what keeps it alive, and what ends it. What is
// sent to many is one Buffer for all of them. A client that does not read is not waited for: what it has not read is bounded, and
// beyond the bound its stream ends; it comes back with Last-Event-ID. A token ends its streams when it ends or is taken back.

/** Streams that one account may have open at this process. Service tokens are the operator's own. */
export const MOST_STREAMS = 8;
/** Of all together: each is a file descriptor and some 20 kB. */
const MOST_OF_ALL = 10_000;
/** Bytes that may wait for one client; what is sent to many is one Buffer, however many wait for it. */
const MOST_QUEUED_BYTES = 2_000_000;
const LOOK_MS = 1_000;
/** Half a minute is the shortest after which connections are commonly dropped. */
const HEARTBEAT_MS = 15_000;
/** How long a client may take to read why its stream has ended. */
const LINGER_MS = 5_000;

/** Sent as the last event, `{"reason": ...}`. */
export type StreamEnd = 'token-ended' | 'too-slow' | 'shutting-down' | 'over';

export class EventStream {
  private isOver = false;

  constructor(
    readonly caller: Principal,
    private readonly sink: EventSink,
    private readonly onEnd: (stream: EventStream, reason: StreamEnd) => void,
  ) {}

  /** Bytes of whole events. */
  send(bytes: Uint8Array): void {
    if (this.isOver) return;
    if (this.sink.queuedBytes > MOST_QUEUED_BYTES) this.end('too-slow');
    else this.sink.write(bytes);
  }

  /** A client that still has something to read needs no sign of life. */
  keepAlive(): void {
    if (!this.isOver && this.sink.queuedBytes === 0) this.sink.write(HEARTBEAT);
  }

  end(reason: StreamEnd): void {
    this.finish(eventBytes('end', undefined, JSON.stringify({ reason })), reason);
  }

  /** As `end`, for protocols that say in words of their own that they are over. @param last bytes of whole events */
  finish(last: Uint8Array, reason: StreamEnd = 'over'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.sink.end(last);
    const timer = setTimeout(() => this.sink.destroy(), LINGER_MS).unref();
    this.sink.onClose(() => clearTimeout(timer));
    this.onEnd(this, reason);
  }
}

@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>();
  private readonly perAccount = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private heartbeatAtMs = 0;
  private isClosing = false;
  private readonly ends: Counter<'reason'>;

  constructor(
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info'>,
    registry: Registry,
    @Optional() @Inject(AUTHENTICATOR) private readonly authenticator?: Authenticator,
  ) {
    const { streams } = this;
    new Gauge({
      name: 'event_streams_open',
      help: 'Streams of events that are open.',
      registers: [registry],
      collect() {
        this.set(streams.size);
      },
    });
    this.ends = new Counter({
      name: 'event_streams_ended_total',
      help: 'Streams of events that we have ended, by reason.',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  /** @throws DomainError when there is no place for another stream; nothing has been answered then */
  assertRoom({ id, kind }: Principal): void {
    if (this.isClosing || this.streams.size >= MOST_OF_ALL)
      throw new DomainError(
        'overloaded',
        HTTP_ERROR.streamsFull,
        'No further stream can be opened here; try again.',
      );
    if (kind !== 'service' && (this.perAccount.get(id) ?? 0) >= MOST_STREAMS)
      throw new DomainError(
        'tooMany',
        HTTP_ERROR.tooManyStreams,
        `At most ${MOST_STREAMS} streams may be open at once; close one.`,
      );
  }

  /**
   * Begins the answer.
   * @param onClose told once, when the stream or its connection has ended
   * @param timed until when the time of the current request runs: `first-byte` for what goes on as long as its reader likes, `whole` for
   * work that its reader waits for
   * @throws DomainError when there is no place for another stream
   */
  open(
    caller: Principal,
    sink: EventSink,
    onClose: () => void,
    timed: 'first-byte' | 'whole' = 'first-byte',
  ): EventStream {
    this.assertRoom(caller);
    if (sink.isClosed) throw new DomainError('overloaded', HTTP_ERROR.streamsFull, 'The client has left.');
    if (timed === 'first-byte') beginStream();
    const stream = new EventStream(caller, sink, (ended, reason) => this.noteEnd(ended, reason));
    this.streams.add(stream);
    this.perAccount.set(caller.id, (this.perAccount.get(caller.id) ?? 0) + 1);
    sink.onClose(() => {
      this.forget(stream);
      onClose();
    });
    sink.begin();
    stream.send(HEARTBEAT); // proxies hand on the head with the first bytes
    leaveContext(() => (this.timer ??= setInterval(() => this.look(Date.now()), LOOK_MS).unref()));
    return stream;
  }

  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const stream of [...this.streams]) stream.end('shutting-down');
    clearInterval(this.timer);
  }

  private look(nowMs: number): void {
    for (const stream of [...this.streams])
      if (this.isTokenOver(stream.caller, nowMs)) stream.end('token-ended');
    if (nowMs - this.heartbeatAtMs < HEARTBEAT_MS) return;
    this.heartbeatAtMs = nowMs;
    for (const stream of this.streams) stream.keepAlive();
  }

  private isTokenOver(caller: Principal, nowMs: number): boolean {
    if (caller.expiresAtMs !== undefined && caller.expiresAtMs <= nowMs) return true;
    return caller.kind === 'account' && this.authenticator?.isRevoked(caller) === true;
  }

  private noteEnd(stream: EventStream, reason: StreamEnd): void {
    this.forget(stream);
    this.ends.inc({ reason });
    if (reason === 'too-slow')
      this.logger.info({ principal: stream.caller.name }, 'a client reads too slowly');
  }

  private forget(stream: EventStream): void {
    if (!this.streams.delete(stream)) return;
    const { id } = stream.caller;
    const left = (this.perAccount.get(id) ?? 1) - 1;
    if (left > 0) this.perAccount.set(id, left);
    else this.perAccount.delete(id);
    if (this.streams.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
