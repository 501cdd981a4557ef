import { Injectable } from '@nestjs/common';
import { AuthError } from '../../platform/auth/auth.errors.js';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { OneTimeTokensRepository } from '../accounts/one-time-tokens.repository.js';
import { AccountGrants } from '../tokens/account-grants.service.js';
import { toAccountPrincipal } from '../tokens/account-principal.mapper.js';
import { newSecret } from './refresh-token.codec.js';
import { SessionsRepository } from './sessions.repository.js';
import { sessionOf } from './sessions.service.js';

export const TICKET_LIFE_S = 30;

/** A browser cannot send a token with a WebSocket, and a token in a URL ends in logs: a ticket works once and soon. */
@Injectable()
export class WsTickets {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly tokens: OneTimeTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly grants: AccountGrants,
  ) {}

  async issue(caller: Principal): Promise<string> {
    const ticket = newSecret().toString('base64url');
    const sessionId = sessionOf(caller);
    await this.uow.run(caller, (tx) =>
      this.tokens.insertToken(tx, {
        hash: sha256(ticket),
        userId: caller.id,
        kind: 'ws-ticket',
        sessionId,
        lifeS: TICKET_LIFE_S,
      }),
    );
    return ticket;
  }

  /** Whose socket it is; its session is alive at this moment. @throws AuthError invalidToken */
  async redeem(ticket: string): Promise<Principal> {
    const session = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const redeemed = await this.tokens.deleteRedeemed(tx, sha256(ticket), 'ws-ticket');
      return redeemed?.sessionId == null ? null : this.sessions.lockSession(tx, redeemed.sessionId);
    });
    if (!session?.isAlive) throw new AuthError('invalidToken');
    return toAccountPrincipal({
      accountId: session.userId,
      sessionId: session.id,
      role: session.role,
      granted: await this.grants.grantedTo(session.userId),
      tokenVersion: session.tokenVersion,
      provedAtMs: session.provedAt.getTime(),
      expiresAtMs: session.expiresAt.getTime(),
    });
  }
}
