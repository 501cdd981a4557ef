import { randomBytes } from 'node:crypto';
import { PlatformError } from './bungie-envelope.js';

// What players have allowed to applications. A code lives ten minutes and is used once; an access token lives an hour; each refresh gives a
// new pair and uses the old refresh token up, without ending the grant. A player who revokes ends all at once.

export interface BungieClient {
  readonly id: string;
  /** Undefined: a public client, which gets no refresh token. */
  readonly secret?: string;
  /** Empty: any. */
  readonly redirectUris: readonly string[];
}

export interface BungieTokens {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly refresh_expires_in?: number;
  /** Of Bungie.net. */
  readonly membership_id: string;
}

interface Grant {
  readonly clientId: string;
  readonly player: GrantedPlayer;
  isRevoked: boolean;
}

export interface GrantedPlayer {
  readonly name: string;
  readonly bungieMembershipId: string;
}

interface Promised {
  readonly grant: Grant;
  readonly expiresMs: number;
  isUsed: boolean;
}

const CODE_LIFETIME_MS = 600_000;
export const ACCESS_TOKEN_S = 3_600;
export const REFRESH_TOKEN_S = 7_776_000;

export class BungieGrants {
  private readonly codes = new Map<string, Promised>();
  private readonly accessTokens = new Map<string, Promised>();
  private readonly refreshTokens = new Map<string, Promised>();
  private readonly grants: Grant[] = [];

  constructor(private readonly nowMs: () => number) {}

  newCode(client: BungieClient, player: GrantedPlayer): string {
    const grant: Grant = { clientId: client.id, player, isRevoked: false };
    this.grants.push(grant);
    return this.promise(this.codes, 'code', grant, CODE_LIFETIME_MS);
  }

  /** @throws PlatformError 2106 unknown or used, 2122 too old, 2124 revoked */
  redeem(client: BungieClient, code: string): BungieTokens {
    const found = this.codes.get(code);
    if (found?.grant.clientId !== client.id || found.isUsed) throw new PlatformError(2106);
    if (found.expiresMs <= this.nowMs()) throw new PlatformError(2122);
    found.isUsed = true;
    return this.issue(client, found.grant);
  }

  /** @throws PlatformError 2117 unknown or used, 2118 too old, 2124 revoked */
  refresh(client: BungieClient, token: string): BungieTokens {
    const found = this.refreshTokens.get(token);
    if (found?.grant.clientId !== client.id || found.isUsed) throw new PlatformError(2117);
    if (found.expiresMs <= this.nowMs()) throw new PlatformError(2118);
    const tokens = this.issue(client, found.grant);
    found.isUsed = true;
    return tokens;
  }

  /** The player behind a live access token; undefined where it has expired, was revoked or never was. */
  playerOf(accessToken: string): GrantedPlayer | undefined {
    const found = this.accessTokens.get(accessToken);
    const isLive = found !== undefined && !found.grant.isRevoked && found.expiresMs > this.nowMs();
    return isLive ? found.grant.player : undefined;
  }

  /** @returns grants that it ended */
  revokeAllOf(player: GrantedPlayer): number {
    const live = this.grants.filter((grant) => grant.player === player && !grant.isRevoked);
    for (const grant of live) grant.isRevoked = true;
    return live.length;
  }

  private issue(client: BungieClient, grant: Grant): BungieTokens {
    if (grant.isRevoked) throw new PlatformError(2124);
    const access = this.promise(this.accessTokens, 'access', grant, ACCESS_TOKEN_S * 1_000);
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_S,
      ...(client.secret !== undefined && {
        refresh_token: this.promise(this.refreshTokens, 'refresh', grant, REFRESH_TOKEN_S * 1_000),
        refresh_expires_in: REFRESH_TOKEN_S,
      }),
      membership_id: grant.player.bungieMembershipId,
    };
  }

  /** Says what it is, so that one found in a log or a dump is known for a stand-in's. */
  private promise(kept: Map<string, Promised>, kind: string, grant: Grant, lifetimeMs: number): string {
    const word = `sandbox-${kind}-${randomBytes(24).toString('base64url')}`;
    kept.set(word, { grant, expiresMs: this.nowMs() + lifetimeMs, isUsed: false });
    return word;
  }
}
