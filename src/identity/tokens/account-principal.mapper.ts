import { permissionsOf } from '../../platform/auth/effective-permissions.js';
import type { Permission, Principal, Role } from '../../platform/auth/principal.js';

/** @param given what is known of an account that is signed in; times are Unix milliseconds */
export function toAccountPrincipal(given: {
  accountId: string;
  sessionId: string;
  role: Role;
  /** By roles in domains. */
  granted: readonly Permission[];
  tokenVersion: number;
  provedAtMs: number;
  expiresAtMs: number;
}): Principal {
  return Object.freeze({
    id: given.accountId,
    kind: 'account',
    name: 'account',
    permissions: permissionsOf(given),
    sessionId: given.sessionId,
    tokenVersion: given.tokenVersion,
    provedAtMs: given.provedAtMs,
    expiresAtMs: given.expiresAtMs,
  });
}
