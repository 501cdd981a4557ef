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
  if (provedAtMs === undefined || nowMs - provedAtMs > PROOF_LASTS_MS)
    throw new AuthError('stepUpNeeded', adviceFor(principal));
}

/** What leads to a proof for somebody who calls in this way. */
function adviceFor({ sessionId, keyId, provedAtMs }: Principal): string {
  if (sessionId !== undefined)
    return 'Prove your password or second factor anew (POST /api/v1/account/step-up), or sign in anew; then ask again.';
  if (keyId !== undefined) return 'A key proves nobody: sign in, and ask with the token that you get.';
  if (provedAtMs !== undefined)
    return 'Sign in anew at the issuer of your token, not by a refresh, and ask with the token that you get within five minutes.';
  return 'Your token does not say when you signed in at its issuer (auth_time, or amr with timestamps); ask the operator.';
}
