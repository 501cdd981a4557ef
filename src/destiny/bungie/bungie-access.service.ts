import { Injectable } from '@nestjs/common';
import { ProviderConnections } from '../../identity/identity.public.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { notConnected } from '../destiny.errors.js';
import { BungieFault } from './bungie-fault.js';
import { BUNGIE_PROVIDER } from './bungie.provider.js';

/**
 * Calls in the name of a player. A token is asked for by the account whose call it is, for that one call, and kept nowhere: no two
 * players can come to share one.
 */
@Injectable()
export class BungieAccess {
  constructor(private readonly connections: ProviderConnections) {}

  /**
   * Makes the call; a second time where Bungie did not take the token, with one that is new.
   * @throws BungieFault (`sign_in_again` when the player has to connect again); DomainError notConnected; whatever `call` throws
   */
  async asPlayer<T>(userId: string, call: (token: string) => Promise<T>): Promise<T> {
    const token = await this.token(userId);
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof BungieFault) || error.kind !== 'sign_in_again') throw error;
    }
    await this.connections.distrust(userId, BUNGIE_PROVIDER, token);
    return call(await this.token(userId));
  }

  private async token(userId: string): Promise<string> {
    const access = await this.connections.access(userId, BUNGIE_PROVIDER).catch((error: unknown) => {
      throw error instanceof OutboundError ? faultOf(error) : error;
    });
    if (access.state === 'connected') return access.accessToken;
    throw access.state === 'none' ? notConnected() : new BungieFault('sign_in_again');
  }
}

/** The token endpoint gave none just now; what is held stays. */
function faultOf({ code, retryAfterMs }: OutboundError): BungieFault {
  const isThrottled = code === OUTBOUND_ERROR.rateLimited || code === OUTBOUND_ERROR.budgetExhausted;
  return new BungieFault(isThrottled ? 'throttled' : 'unreachable', { retryAfterMs: retryAfterMs ?? null });
}
