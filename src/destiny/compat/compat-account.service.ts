import { Injectable } from '@nestjs/common';
import { ProviderConnections, ProviderWays } from '../../identity/identity.public.js';
import type { Principal } from '../../platform/auth/principal.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { BUNGIE_PROVIDER } from '../bungie/bungie.provider.js';
import { BungieLink } from '../link/bungie-link.service.js';
import type {
  CompatDestinyProfileDto,
  CompatTokenDto,
  CompatUserDto,
  CompatVerifyDto,
} from './compat.dto.js';
import { callbackFailed, noProfile, nothingToRefresh } from './compat.errors.js';
import { pythonInstant } from './compat.mapper.js';
import { codeBody } from './compat-bodies.js';

const DAY_S = 86_400;
const SCHEME = /^Bearer +/i;

/**
 * The original's sign-in. There the login of Bungie.net made the account, the way back was checked by nobody, and a token that had ended
 * was good for ever. Here an account comes first: its token begins the connection, brings it home, and ends when it ends.
 */
@Injectable()
export class CompatAccount {
  constructor(
    private readonly link: BungieLink,
    private readonly connections: ProviderConnections,
    private readonly ways: ProviderWays,
  ) {}

  /** @param authorization of the request @throws CompatError for a code that does not work */
  async complete(
    caller: Principal,
    body: unknown,
    authorization: string | undefined,
  ): Promise<CompatTokenDto> {
    const { code } = parseInput(codeBody, body);
    try {
      await this.ways.complete(caller, BUNGIE_PROVIDER, code);
    } catch (error) {
      throw error instanceof DomainError ? callbackFailed() : error;
    }
    return tokenOf(caller, authorization);
  }

  /** @throws CompatError where nobody is connected any more */
  async refresh(caller: Principal, authorization: string | undefined): Promise<CompatTokenDto> {
    const { state } = await this.connections.state(caller.id, BUNGIE_PROVIDER);
    if (state !== 'connected') throw nothingToRefresh();
    return tokenOf(caller, authorization);
  }

  async verify(caller: Principal): Promise<CompatVerifyDto> {
    return { status: 'ok', bungie_id: await this.bungieId(caller) };
  }

  user({ id }: Principal): CompatUserDto {
    return { user_uuid: id };
  }

  /** @throws CompatError where nobody is connected */
  async profile(caller: Principal): Promise<CompatDestinyProfileDto> {
    const { bungieId, memberships, readAt } = await this.link.view(caller);
    if (bungieId === null) throw noProfile();
    const active = memberships.find(({ isActive }) => isActive);
    return {
      id: caller.id,
      bungie_id: bungieId,
      membership_type: active?.membershipType ?? null,
      membership_id: active?.membershipId ?? null,
      display_name: active?.displayName ?? null,
      updated_at: readAt === null ? null : pythonInstant(readAt.toISOString()),
    };
  }

  async bungieId(caller: Principal): Promise<string | null> {
    return (await this.connections.state(caller.id, BUNGIE_PROVIDER)).subject;
  }
}

/** The token that came along; nothing here makes another. */
function tokenOf({ expiresAtMs }: Principal, authorization: string | undefined): CompatTokenDto {
  const leftS = expiresAtMs === undefined ? DAY_S : Math.floor((expiresAtMs - Date.now()) / 1_000);
  return {
    status: 'success',
    access_token: (authorization ?? '').replace(SCHEME, ''),
    token_type: 'bearer',
    expires_in: Math.max(0, leftS),
  };
}
