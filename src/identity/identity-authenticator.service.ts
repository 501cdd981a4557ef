import { Injectable } from '@nestjs/common';
import { AuthError } from '../platform/auth/auth.errors.js';
import type { Authenticator } from '../platform/auth/authenticator.js';
import { PERMISSIONS, type Principal } from '../platform/auth/principal.js';
import { prefixOf } from './keys/api-key.codec.js';
import { KeyVerifier } from './keys/api-keys.service.js';
import { KeyUses } from './keys/key-uses.service.js';
import { TrustedIssuers } from './external/trusted-issuers.service.js';
import { WsTickets } from './sessions/ws-tickets.service.js';
import { AccessTokens } from './tokens/access-tokens.service.js';
import { toAccountPrincipal } from './tokens/account-principal.mapper.js';
import { Revocations } from './tokens/revocations.service.js';

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** Tells the kinds of tokens apart and gives each to whoever can check it. */
@Injectable()
export class IdentityAuthenticator implements Authenticator {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly tickets: WsTickets,
    private readonly revocations: Revocations,
    private readonly keys: KeyVerifier,
    private readonly keyUses: KeyUses,
    private readonly trusted: TrustedIssuers,
  ) {}

  async authenticate(token: string): Promise<Principal> {
    if (prefixOf(token) !== undefined) return this.keys.verify(token);
    if (!JWT.test(token)) throw new AuthError('invalidToken');
    if (this.trusted.claims(token)) return this.trusted.authenticate(token);
    const claims = await this.tokens.verify(token);
    return toAccountPrincipal({
      accountId: claims.sub,
      sessionId: claims.sid,
      role: claims.role,
      granted: claims.perm === undefined ? [] : PERMISSIONS.filter((known) => claims.perm?.includes(known)),
      tokenVersion: claims.ver,
      provedAtMs: claims.pat * 1_000,
      expiresAtMs: claims.exp * 1_000,
    });
  }

  get epoch(): number {
    return this.revocations.epoch;
  }

  isRevoked(principal: Principal): boolean {
    return this.revocations.isRevoked(principal);
  }

  noteUse(keyId: string): void {
    this.keyUses.note(keyId);
  }

  redeemTicket(ticket: string): Promise<Principal> {
    return this.tickets.redeem(ticket);
  }
}
