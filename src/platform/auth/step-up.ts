import { AuthError } from './auth.errors.js';
import type { Principal } from './principal.js';

/** How long a proof of the password or of a second factor counts. */
export const PROOF_LASTS_MS = 300_000;

/**
 * For what a stolen access token alone must not do: deleting the account, taking its data out, making keys.
 * @throws AuthError stepUpNeeded
 */
export function assertProved(principal: Principal, nowMs: number): void {
  const { provedAtMs } = principal;
  if (provedAtMs === undefined || nowMs - provedAtMs > PROOF_LASTS_MS) throw new AuthError('stepUpNeeded');
}
