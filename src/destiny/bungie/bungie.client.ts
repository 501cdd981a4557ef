import { Inject, Injectable } from '@nestjs/common';
import type { BungieSettings } from '../../platform/config/bungie-settings.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { defineProvider } from '../../platform/outbound/outbound-policy.js';
import {
  OUTBOUND_ERROR,
  OutboundError,
  type OutboundErrorCode,
} from '../../platform/outbound/outbound.errors.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import { isObject, type JsonObject } from './answer-fields.js';
import { BungieFault, type BungieFaultKind } from './bungie-fault.js';
import type { ProfileSnapshot } from './profile-snapshot.js';
import { judgeAnswer, readEnvelope } from './read-envelope.js';
import {
  type CoreSettings,
  type ManifestIndex,
  readCoreSettings,
  readManifestIndex,
} from './read-manifest.js';
import {
  type LinkedProfile,
  type MembershipsAnswer,
  readLinkedProfiles,
  readMemberships,
} from './read-memberships.js';
import { readProfile } from './read-profile.js';

// One request to Bungie, one answer read or one BungieFault. What a call may see is decided by the token that is given to it, and by
// nothing that is kept here: there is no player whose token could be used for another's call.

/**
 * Bungie blocks an address that calls more than 25 times a second, averaged over any ten seconds. Four tokens that come back within
 * 165 ms are at most 246 calls in ten seconds, wherever these begin, and 97 % of what is allowed: the other four are for calls that
 * arrive closer together than they were sent. All processes share them, sign-in included.
 */
export const BUNGIE = defineProvider({
  provider: 'bungie',
  connectTimeoutMs: 5_000,
  totalTimeoutMs: 10_000,
  // A full vault with all its choices of perks is about 10 MB.
  mostResponseBytes: 32 * 1_024 * 1_024,
  mostTries: 2,
  breaker: { failures: 10, halfOpenMs: 15_000 },
  mostParallel: 24,
  mostWaiting: 200,
  budgets: [{ name: 'address', limit: 4, windowMs: 165, shape: 'bucket' }],
  mostBudgetWaitMs: 4_000,
  judge: judgeAnswer,
});

export interface BungieCall {
  /** Of the player; without it Bungie shows what everybody may see. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}

/** Whose profile. */
export interface MembershipKey {
  readonly membershipType: number;
  readonly membershipId: string;
}

const OUTBOUND_KINDS: Readonly<Record<OutboundErrorCode, BungieFaultKind>> = {
  [OUTBOUND_ERROR.timeout]: 'unreachable',
  [OUTBOUND_ERROR.connectionFailed]: 'unreachable',
  [OUTBOUND_ERROR.unavailable]: 'unreachable',
  [OUTBOUND_ERROR.circuitOpen]: 'unreachable',
  [OUTBOUND_ERROR.tooBusy]: 'unreachable',
  [OUTBOUND_ERROR.aborted]: 'unreachable',
  [OUTBOUND_ERROR.rateLimited]: 'throttled',
  [OUTBOUND_ERROR.budgetExhausted]: 'throttled',
  [OUTBOUND_ERROR.tooLarge]: 'malformed',
  [OUTBOUND_ERROR.refused]: 'unexpected',
  [OUTBOUND_ERROR.badAnswer]: 'malformed',
  [OUTBOUND_ERROR.badRedirect]: 'malformed',
  [OUTBOUND_ERROR.blockedAddress]: 'malformed',
  [OUTBOUND_ERROR.badRequest]: 'unexpected',
};

/** NotFound, and what Bungie says of a hash that a table does not have. */
const NO_DEFINITION = new Set([7, 21]);
const DEFINITION = /^Destiny[A-Za-z0-9]{1,60}Definition$/;
/** BungieNext: the id is that of Bungie.net. */
const OF_BUNGIE_NET = 254;

@Injectable()
export class BungieClient {
  private readonly given: BungieSettings | undefined;

  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) env: Pick<Env, 'bungie'>,
  ) {
    this.given = env.bungie;
  }

  /** Whether there is a key; without one every call ends with the fault `key`. */
  get isConfigured(): boolean {
    return this.given !== undefined;
  }

  /** @throws BungieFault; the signal's reason (so do all) */
  async settings(call: BungieCall = {}): Promise<CoreSettings> {
    return readCoreSettings(await this.get('/Settings/', call));
  }

  async manifest(call: BungieCall = {}): Promise<ManifestIndex> {
    return readManifestIndex(await this.get('/Destiny2/Manifest/', call));
  }

  /** @returns null where the table has no such hash @throws TypeError for what is no name of a table */
  async definition(table: string, hash: number, call: BungieCall = {}): Promise<JsonObject | null> {
    if (!DEFINITION.test(table)) throw new TypeError(`${table} is no table of definitions`);
    try {
      const found = await this.get(`/Destiny2/Manifest/${table}/${hash}/`, call);
      return isObject(found) ? found : null;
    } catch (error) {
      if (error instanceof BungieFault && NO_DEFINITION.has(error.errorCode ?? 0)) return null;
      throw error;
    }
  }

  /** Of the player whose token it is. */
  async memberships(token: string, signal?: AbortSignal): Promise<MembershipsAnswer> {
    const path = '/User/GetMembershipsForCurrentUser/';
    return readMemberships(await this.get(path, { token, ...(signal && { signal }) }));
  }

  /** When each membership of a Bungie.net account was last played. */
  async linkedProfiles(bungieId: string, call: BungieCall = {}): Promise<LinkedProfile[]> {
    const path = `/Destiny2/${OF_BUNGIE_NET}/Profile/${bungieId}/LinkedProfiles/`;
    return readLinkedProfiles(await this.get(path, call));
  }

  /** @param components numbers of DestinyComponentType */
  async profile(
    { membershipType, membershipId }: MembershipKey,
    components: readonly number[],
    call: BungieCall = {},
  ): Promise<ProfileSnapshot> {
    const path = `/Destiny2/${membershipType}/Profile/${membershipId}/?components=${components.join(',')}`;
    const response = await this.get(path, call);
    return readProfile(response, { membershipType, membershipId, receivedAtMs: Date.now() });
  }

  /** @returns what the envelope holds */
  private async get(path: string, { token, signal }: BungieCall): Promise<unknown> {
    if (this.given === undefined) throw new BungieFault('key');
    const { apiKey, baseUrl } = this.given;
    const headers = {
      accept: 'application/json',
      'x-api-key': apiKey,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const request = { url: `${baseUrl}/Platform${path}`, headers, redirect: 'manual' as const };
    const answer = await this.outbound
      .request(BUNGIE, { ...request, ...(signal && { signal }) })
      .catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error instanceof OutboundError ? faultOf(error) : error;
      });
    return readEnvelope(answer.status, answer.body.toString(), token !== undefined);
  }
}

function faultOf({ code, retryAfterMs }: OutboundError): BungieFault {
  return new BungieFault(OUTBOUND_KINDS[code], { retryAfterMs: retryAfterMs ?? null });
}
