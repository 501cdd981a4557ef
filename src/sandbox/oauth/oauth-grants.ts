import { createHash, randomBytes } from 'node:crypto';

// What the stand-in has promised to whom. A grant is one sign-in of one user at one client; its codes and tokens live and die with
// it. Refresh tokens rotate: each may be used once, and one that comes twice ends its grant, as RFC 9700 asks.

export interface OauthClient {
  readonly id: string;
  /** Undefined: a public client, which must use PKCE. */
  readonly secret?: string;
  /** Exact matches; empty = any, for a demo. */
  readonly redirectUris: readonly string[];
}

interface Grant {
  readonly clientId: string;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  readonly authTimeS: number;
  isRevoked: boolean;
  /** The one refresh token that may still be used. */
  refreshToken: string | undefined;
}

interface Code {
  readonly grant: Grant;
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly expiresMs: number;
  isUsed: boolean;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresInS: number;
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  readonly authTimeS: number;
}

/** An error of RFC 6749, 5.2. */
export class GrantError extends Error {
  override readonly name = 'GrantError';

  constructor(
    readonly code: 'invalid_grant' | 'invalid_scope' | 'invalid_request',
    readonly detail: string,
  ) {
    super(detail);
  }
}

const CODE_LIFETIME_MS = 60_000;

export class OauthGrants {
  private readonly codes = new Map<string, Code>();
  private readonly refreshTokens = new Map<string, Grant>();
  private readonly accessTokens = new Map<string, { grant: Grant; expiresMs: number }>();

  constructor(
    private readonly nowMs: () => number,
    private readonly accessTokenS: number,
    private readonly isRotating: boolean,
  ) {}

  /** @param challenge of PKCE (S256) */
  newCode(given: {
    clientId: string;
    sub: string;
    scopes: readonly string[];
    nonce: string | undefined;
    redirectUri: string;
    challenge: string | undefined;
  }): string {
    const { clientId, sub, scopes, nonce, redirectUri, challenge } = given;
    const authTimeS = Math.floor(this.nowMs() / 1_000);
    const grant: Grant = {
      clientId,
      sub,
      scopes,
      nonce,
      authTimeS,
      isRevoked: false,
      refreshToken: undefined,
    };
    const code = newToken('code');
    const expiresMs = this.nowMs() + CODE_LIFETIME_MS;
    this.codes.set(code, { grant, redirectUri, challenge, expiresMs, isUsed: false });
    return code;
  }

  /** @throws GrantError */
  redeem(client: OauthClient, code: string, redirectUri: string, verifier: string | undefined): IssuedTokens {
    const found = this.codes.get(code);
    if (found?.grant.clientId !== client.id) throw new GrantError('invalid_grant', 'unknown code');
    if (found.isUsed) {
      found.grant.isRevoked = true;
      throw new GrantError('invalid_grant', 'the code was used before; its tokens are revoked');
    }
    if (found.expiresMs < this.nowMs()) throw new GrantError('invalid_grant', 'the code has expired');
    if (found.redirectUri !== redirectUri) throw new GrantError('invalid_grant', 'another redirect_uri');
    if (found.challenge === undefined && verifier !== undefined)
      throw new GrantError('invalid_grant', 'a code_verifier without a code_challenge');
    if (found.challenge !== undefined && found.challenge !== challengeOf(verifier ?? ''))
      throw new GrantError('invalid_grant', 'the code_verifier does not fit');
    found.isUsed = true;
    return this.issue(found.grant, found.grant.scopes);
  }

  /** @throws GrantError also when the token was used before, which ends its grant */
  refresh(client: OauthClient, token: string, scope: string | undefined): IssuedTokens {
    const grant = this.refreshTokens.get(token);
    if (grant?.clientId !== client.id) throw new GrantError('invalid_grant', 'unknown refresh token');
    if (grant.isRevoked) throw new GrantError('invalid_grant', 'the grant was revoked');
    if (grant.refreshToken !== token) {
      grant.isRevoked = true;
      throw new GrantError('invalid_grant', 'the refresh token was used before; the grant is revoked');
    }
    const scopes = scope === undefined ? grant.scopes : scope.split(' ').filter((word) => word !== '');
    if (!scopes.every((word) => grant.scopes.includes(word)))
      throw new GrantError('invalid_scope', 'more than was granted');
    return this.issue(grant, scopes);
  }

  /** Ends the grant of an access or refresh token; unknown ones are as good as revoked (RFC 7009). */
  revoke(client: OauthClient, token: string): void {
    const grant = this.refreshTokens.get(token) ?? this.accessTokens.get(token)?.grant;
    if (grant?.clientId === client.id) grant.isRevoked = true;
  }

  /** What the user does at the provider's own page. @returns grants that it ended */
  revokeAllOf(sub: string): number {
    const grants = new Set([...this.refreshTokens.values()].filter((grant) => grant.sub === sub));
    const live = [...grants].filter(({ isRevoked }) => !isRevoked);
    for (const grant of live) grant.isRevoked = true;
    return live.length;
  }

  /** The user behind a live access token. */
  find(accessToken: string): { sub: string; scopes: readonly string[] } | undefined {
    const found = this.accessTokens.get(accessToken);
    return found && !found.grant.isRevoked && found.expiresMs > this.nowMs() ? found.grant : undefined;
  }

  private issue(grant: Grant, scopes: readonly string[]): IssuedTokens {
    const accessToken = newToken('access');
    const expiresMs = this.nowMs() + this.accessTokenS * 1_000;
    this.accessTokens.set(accessToken, { grant, expiresMs });
    if (this.isRotating || grant.refreshToken === undefined) {
      grant.refreshToken = newToken('refresh');
      this.refreshTokens.set(grant.refreshToken, grant);
    }
    const { sub, nonce, authTimeS, refreshToken } = grant;
    return { accessToken, refreshToken, expiresInS: this.accessTokenS, sub, scopes, nonce, authTimeS };
  }
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** Says what it is, so that one found in a log or a dump is known for a stand-in's. */
function newToken(kind: string): string {
  return `sandbox-${kind}-${randomBytes(24).toString('base64url')}`;
}
