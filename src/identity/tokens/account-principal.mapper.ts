import { type Principal, type Role, ROLE_PERMISSIONS } from '../../platform/auth/principal.js';

/** @param given what is known of an account that is signed in; times are Unix milliseconds */
export function toAccountPrincipal(given: {
  accountId: string;
  sessionId: string;
  role: Role;
  tokenVersion: number;
  provedAtMs: number;
  expiresAtMs: number;
}): Principal {
  return Object.freeze({
    id: given.accountId,
    kind: 'account',
    name: 'account',
    permissions: ROLE_PERMISSIONS[given.role],
    sessionId: given.sessionId,
    tokenVersion: given.tokenVersion,
    provedAtMs: given.provedAtMs,
    expiresAtMs: given.expiresAtMs,
  });
}
