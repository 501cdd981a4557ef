/** What a verified token of an outside issuer may say of the sign-in behind it. */
export interface SignInClaims {
  readonly [claim: string]: unknown;
  /** OpenID Connect Core 2: when its user signed in there, Unix time in seconds. */
  auth_time?: unknown;
  /** Supabase Auth: `[{ method, timestamp }]`, seconds; a refresh leaves them as they are. Elsewhere a list of words. */
  amr?: unknown;
}

/**
 * When the holder of the token last signed in at its issuer. A refreshed token says the same as the one before, so a stolen one
 * does not become fresh.
 * @param nowMs Unix milliseconds
 * @param toleranceS by how many seconds the issuer's clock may be ahead of ours
 * @returns Unix milliseconds, not after now; undefined where the token does not say it
 */
export function provedAtMsOf(claims: SignInClaims, nowMs: number, toleranceS: number): number | undefined {
  const stated = claims.auth_time === undefined ? timestampsOf(claims.amr) : [claims.auth_time];
  const past = stated.filter(
    (atS): atS is number => typeof atS === 'number' && atS >= 0 && atS * 1_000 <= nowMs + toleranceS * 1_000,
  );
  return past.length === 0 ? undefined : Math.min(Math.max(...past) * 1_000, nowMs);
}

function timestampsOf(amr: unknown): unknown[] {
  if (!Array.isArray(amr)) return [];
  return amr.map((entry: unknown) => (entry as { timestamp?: unknown } | null)?.timestamp);
}
