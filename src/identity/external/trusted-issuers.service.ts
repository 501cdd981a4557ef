import { Inject, Injectable } from '@nestjs/common';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { AuthError } from '../../platform/auth/auth.errors.js';
import type { Principal } from '../../platform/auth/principal.js';
import { ROLE_PERMISSIONS } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { TrustedIssuer } from '../../platform/config/trusted-issuers.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import { ExternalAccounts } from './external-accounts.service.js';
import { provedAtMsOf } from './proved-at.js';

// Tokens of issuers that the operator trusts, such as a Supabase Auth of one's own: whoever has one is a user here, from the first
// sight on. Such a token speaks for a member, whatever role the account has. There is no session of ours behind it that a password
// could be proved to; but it proves who is there for minutes after a sign-in at its issuer, where it says when that was.
// An account with a second factor here is not for such tokens: whether their issuer asked for one nobody knows.

const KEYS = defineProvider({ provider: 'trusted-issuers', mostResponseBytes: 500_000 });
const CLOCK_TOLERANCE_S = 5;
const MAX_SUBJECT_LENGTH = 255;
/**
 * Types that say access or nothing, so a logout token is none. ID tokens say `JWT` or nothing as well: only the audience tells those
 * that are meant for us from others, and some issuers (Google) give apps nothing else to send.
 */
const TYPES = new Set([undefined, 'JWT', 'at+jwt', 'application/at+jwt']);

interface Trusted {
  readonly settings: TrustedIssuer;
  readonly key: Uint8Array | JWTVerifyGetKey;
}

@Injectable()
export class TrustedIssuers {
  private readonly byIssuer = new Map<string, Trusted>();

  constructor(
    @Inject(ENV) env: Env,
    outbound: Outbound,
    private readonly accounts: ExternalAccounts,
  ) {
    for (const settings of env.trustedIssuers)
      this.byIssuer.set(settings.issuer, {
        settings,
        key:
          'sharedSecret' in settings
            ? new TextEncoder().encode(settings.sharedSecret)
            : createRemoteJWKSet(new URL(settings.jwksUrl), {
                [customFetch]: outbound.fetchFor(KEYS),
                cacheMaxAge: 600_000,
                cooldownDuration: 30_000,
              }),
      });
  }

  /** Whether the token says that it is of one of them, which proves nothing yet. */
  claims(token: string): boolean {
    if (this.byIssuer.size === 0) return false;
    const issuer = issuerOf(token);
    return issuer !== undefined && this.byIssuer.has(issuer);
  }

  /** @throws AuthError invalidToken; OutboundError when the issuer's keys cannot be had */
  async authenticate(token: string): Promise<Principal> {
    const trusted = this.byIssuer.get(issuerOf(token) ?? '');
    if (!trusted) throw new AuthError('invalidToken');
    const { sub, iat, exp, ...claims } = await verify(token, trusted);
    const isFit =
      typeof sub === 'string' && sub.length > 0 && sub.length <= MAX_SUBJECT_LENGTH && !sub.includes('\0');
    if (!isFit || iat === undefined || exp === undefined) throw new AuthError('invalidToken');
    const { issuer } = trusted.settings;
    const person = { issuer, subject: sub, provider: null, email: emailOf(claims), name: null };
    if (await this.accounts.hasLeft(person, iat)) throw new AuthError('invalidToken');
    const account = await this.accounts.findOrCreate(person);
    const isVoid = account.tokensSince !== null && iat * 1_000 < account.tokensSince.getTime();
    if (isVoid || account.lockedAt || account.hasSecondFactor) throw new AuthError('invalidToken');
    const provedAtMs = provedAtMsOf(claims, Date.now(), CLOCK_TOLERANCE_S);
    return Object.freeze({
      id: account.id,
      kind: 'account',
      name: 'account',
      permissions: ROLE_PERMISSIONS.member,
      identityId: account.identityId,
      tokenVersion: account.tokenVersion,
      ...(provedAtMs !== undefined && { provedAtMs }),
      expiresAtMs: exp * 1_000,
    });
  }
}

async function verify(token: string, { settings, key }: Trusted): Promise<JWTPayload> {
  const options = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: [...settings.algorithms],
    requiredClaims: ['sub', 'exp', 'iat', 'aud', 'iss'],
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  try {
    const verified =
      typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
    if (!TYPES.has(verified.protectedHeader.typ)) throw new AuthError('invalidToken');
    return verified.payload;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new AuthError('invalidToken');
    throw error;
  }
}

const MAX_PAYLOAD_LENGTH = 4_096;

function issuerOf(token: string): string | undefined {
  const payload = token.split('.', 2)[1] ?? '';
  if (payload.length > MAX_PAYLOAD_LENGTH) return undefined;
  try {
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: unknown };
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

function emailOf(claims: Record<string, unknown>): string | null {
  const { email } = claims;
  return typeof email === 'string' && email.length <= 254 && /^[^\p{Cc}\p{Cs}]+$/u.test(email) ? email : null;
}
