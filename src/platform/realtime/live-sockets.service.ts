import { Inject, Injectable, type OnModuleDestroy, Optional } from '@nestjs/common';
import { AUTHENTICATOR, type Authenticator } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { leaveContext } from '../profiling/span.js';
import { CLOSE } from './close-codes.js';
import type { LiveSocket } from './live-socket.js';
import { RealtimeFigures } from './realtime-figures.js';
import { socketsFull, tooManySockets } from './realtime.errors.js';

// Every socket of the process: who may have another one, and what ends it from our side. One timer looks at all of them, since one per socket
// costs more than the look.

/** A revocation is known here within 0.4 s (identity/tokens): with this, its sockets are closed well within a second. */
const SWEEP_MS = 250;
/** Pings without an answer after which there is nobody any more, and a little. */
const GONE_AFTER_PINGS = 2.4;
/** Clients come back spread over so long after a restart. */
const RETRY_WITHIN_MS = 5_000;
/** How long clients have to read the last frames. */
const DRAIN_MS = 2_000;

@Injectable()
export class LiveSockets implements OnModuleDestroy {
  private readonly sockets = new Set<LiveSocket>();
  private readonly perAccount = new Map<string, number>();
  private readonly drains: (() => Promise<void> | void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private epoch = 0;
  private isClosing = false;
  private emptied: (() => void) | undefined;

  constructor(
    @Inject(ENV) private readonly env: Env,
    readonly figures: RealtimeFigures,
    @Optional() @Inject(AUTHENTICATOR) private readonly authenticator?: Authenticator,
  ) {}

  get size(): number {
    return this.sockets.size;
  }

  /** @param caller undefined = before it is known who asks @throws DomainError when there is no place for another socket */
  assertRoom(caller?: Principal): void {
    const { mostSockets, socketsPerUser } = this.env.realtime;
    if (this.isClosing || this.sockets.size >= mostSockets)
      throw socketsFull(2 + Math.floor(Math.random() * 4));
    if (caller === undefined || caller.kind === 'service') return;
    if ((this.perAccount.get(caller.id) ?? 0) >= socketsPerUser) throw tooManySockets(socketsPerUser);
  }

  add(socket: LiveSocket): void {
    const { id } = socket.principal;
    if (this.sockets.size === 0) this.epoch = this.authenticator?.epoch ?? 0;
    this.sockets.add(socket);
    this.perAccount.set(id, (this.perAccount.get(id) ?? 0) + 1);
    socket.onClose(() => this.forget(socket, id));
    leaveContext(() => (this.timer ??= setInterval(() => this.sweep(performance.now()), SWEEP_MS).unref()));
  }

  /**
   * For whatever must be done while clients still listen when the process ends, such as storing what they have sent and
   * acknowledging it.
   */
  beforeDrain(work: () => Promise<void> | void): void {
    this.drains.push(work);
  }

  /** Says goodbye before the server closes the connections under everybody. */
  async onModuleDestroy(): Promise<void> {
    this.isClosing = true;
    for (const socket of this.sockets)
      socket.send('bye', { code: CLOSE.restart, retryMs: Math.floor(Math.random() * RETRY_WITHIN_MS) });
    await Promise.allSettled(this.drains.map(async (work) => work()));
    for (const socket of this.sockets) socket.close(CLOSE.restart, 'restarts');
    if (this.sockets.size > 0)
      await new Promise<void>((resolve) => {
        this.emptied = resolve;
        setTimeout(resolve, DRAIN_MS).unref();
      });
    for (const socket of this.sockets) socket.terminate();
    clearInterval(this.timer);
  }

  /** @param nowMs by `performance.now()` */
  sweep(nowMs: number): void {
    const epoch = this.authenticator?.epoch ?? 0;
    const isForged = epoch !== this.epoch; // another signing key: whoever was let in may have forged the token
    this.epoch = epoch;
    const wallMs = Date.now();
    for (const socket of this.sockets) {
      const { principal } = socket;
      if (principal.kind === 'account' && (isForged || this.isOver(principal, wallMs)))
        socket.close(CLOSE.tokenEnded, 'the token has ended');
      else if (nowMs - socket.seenAtMs > this.env.realtime.pingAfterMs) this.wake(socket, nowMs);
      if (socket.isStuck(nowMs)) socket.close(CLOSE.tooSlow, 'reads too slowly');
    }
  }

  private wake(socket: LiveSocket, nowMs: number): void {
    const { pingAfterMs } = this.env.realtime;
    if (nowMs - socket.seenAtMs > GONE_AFTER_PINGS * pingAfterMs) {
      socket.close(CLOSE.silent, 'no sign of life');
      socket.terminate();
    } else if (nowMs - socket.pingedAtMs > pingAfterMs) {
      socket.pingedAtMs = nowMs;
      socket.ping();
    }
  }

  private isOver(principal: Principal, wallMs: number): boolean {
    if (principal.expiresAtMs !== undefined && principal.expiresAtMs <= wallMs) return true;
    return this.authenticator?.isRevoked(principal) === true;
  }

  private forget(socket: LiveSocket, accountId: string): void {
    if (!this.sockets.delete(socket)) return;
    const left = (this.perAccount.get(accountId) ?? 1) - 1;
    if (left > 0) this.perAccount.set(accountId, left);
    else this.perAccount.delete(accountId);
    if (this.sockets.size > 0) return;
    this.emptied?.();
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
