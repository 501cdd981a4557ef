import type { Principal } from './principal.js';

/**
 * Who is behind a token that is none of the configured service tokens. Identity implements it; where nobody does, such
 * tokens are unknown.
 */
export interface Authenticator {
  /** Verifies a token in full. @throws AuthError invalidToken */
  authenticate(token: string): Promise<Principal>;
  /** Another number than before: everything that was verified until then has to be verified anew. */
  readonly epoch: number;
  /** Asked for every request, also with a token verified before: has it been taken back since? */
  isRevoked(principal: Principal): boolean;
  /** Told for every request that an API key makes. Must not wait. */
  noteUse(keyId: string): void;
  /** Exchanges a WebSocket ticket, once. @throws AuthError invalidToken */
  redeemTicket(ticket: string): Promise<Principal>;
}

export const AUTHENTICATOR = Symbol('Authenticator');
