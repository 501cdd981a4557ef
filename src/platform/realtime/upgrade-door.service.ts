import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { assertMay } from '../auth/assert-may.js';
import { AuthError } from '../auth/auth.errors.js';
import { AUTHENTICATOR, type Authenticator } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { PrincipalResolver } from '../auth/principal-resolver.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { allowedOrigins, isAllowedOrigin, type Origins } from '../http/allowed-origins.js';
import type { Frames } from './frames.js';
import { badHandshake, foreignOrigin, socketsFull } from './realtime.errors.js';
import { LiveSockets } from './live-sockets.service.js';

// Who may have a socket is decided before it is one: a refusal is an HTTP answer, and nothing of the gateway has run. A browser cannot
// send a header with a WebSocket, so its page asks for a ticket and offers it as a protocol beside ours:
// `new WebSocket(url, ['guildhall.v1', 'ticket.<ticket>'])`. Others send `Authorization: Bearer`. Nothing in the URL is looked at: URLs end in
// logs.

/** The subprotocol; the answer names it when it was offered. */
export const PROTOCOL = 'guildhall.v1';
const TICKET = /^ticket\.([\w-]{16,128})$/;
/** Handshakes whose caller is looked up at the same time; more wait, or a crowd that comes back would take all connections. */
const MOST_AT_ONCE = 8;
/** Of those that wait. */
const MOST_WAITING = 5_000;
const RETRY_AFTER_S = 5;

@Injectable()
export class UpgradeDoor {
  private readonly origins: Origins | undefined;
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly resolver: PrincipalResolver,
    private readonly sockets: LiveSockets,
    @Optional() @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator | undefined,
  ) {
    this.origins = allowedOrigins(env);
  }

  /**
   * Whose socket it is.
   * @throws AuthError (401 or 403) and DomainError (400, 403, 429, 503)
   */
  async admit(request: IncomingMessage, { permission }: Frames): Promise<Principal> {
    this.assertOrigin(request);
    this.sockets.assertRoom();
    const principal = await this.inTurn(() => this.identify(request));
    assertMay(principal, permission);
    return principal;
  }

  /** Who brings this token or ticket. @throws AuthError */
  async principalOf(credentials: { ticket: string } | { token: string }): Promise<Principal> {
    if ('token' in credentials) return this.resolver.resolve(`Bearer ${credentials.token}`, undefined);
    if (this.authenticator === undefined) throw new AuthError('invalidToken');
    return this.authenticator.redeemTicket(credentials.ticket);
  }

  private async identify({ headers }: IncomingMessage): Promise<Principal> {
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
    const tickets = offered.filter((one) => one.startsWith('ticket.'));
    if (tickets.length === 0) return this.resolver.resolve(headers.authorization, undefined);
    const ticket = TICKET.exec(tickets[0]!)?.[1];
    if (tickets.length > 1 || headers.authorization !== undefined || ticket === undefined)
      throw new AuthError('invalidToken', 'Send one ticket, or one token.');
    if (!offered.includes(PROTOCOL))
      throw badHandshake(
        `Offer the protocol ${PROTOCOL} beside the ticket: a ticket is none to answer with.`,
      );
    return this.principalOf({ ticket });
  }

  /** Pages of other origins would act for whoever is signed in here; what sends no Origin is no page. */
  private assertOrigin(request: IncomingMessage): void {
    const { origin } = request.headers;
    if (origin === undefined || this.isOwn(origin, request)) return;
    if (!isAllowedOrigin(origin, this.origins)) throw foreignOrigin();
  }

  private isOwn(origin: string, { headers, socket }: IncomingMessage): boolean {
    if (this.env.publicUrl !== undefined && URL.canParse(this.env.publicUrl))
      if (new URL(this.env.publicUrl).origin === origin) return true;
    const scheme = (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http';
    return headers.host !== undefined && origin === `${scheme}://${headers.host}`;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= MOST_AT_ONCE) {
      if (this.waiting.length >= MOST_WAITING)
        throw socketsFull(1 + Math.floor(Math.random() * RETRY_AFTER_S));
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.busy += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy -= 1;
    }
  }
}
