import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { SyncFault } from '../../platform/sync/sync-fault.js';
import { ProvidesSourceFamily } from '../../platform/sync/provides-sources.js';
import {
  defineStream,
  type SourceCheck,
  type SourceFamily,
  type SyncSource,
} from '../../platform/sync/sync-source.js';
import { BungieAccess } from '../bungie/bungie-access.service.js';
import { BungieClient } from '../bungie/bungie.client.js';
import type { ProfileSnapshot } from '../bungie/profile-snapshot.js';
import { type DueMembership, ProfilesRepository } from './profiles.repository.js';
import { refreshIntervalMs, REFRESH_INTERVALS } from './refresh-interval.js';
import { StoreSnapshot } from './store-snapshot.service.js';
import { isLapsed, syncFaultOf } from './sync-fault.mapper.js';

/** As the provider is called, too. */
export const BUNGIE_PREFIX = 'bungie';
export const DESTINY_DOMAIN = 'destiny';

/** 100 profile, 102 vault, 200 characters, 201 bags, 205 equipment, 300 instances, 304 stats, 305 sockets, 310 choices, 900 records. */
export const PROFILE_COMPONENTS = [100, 102, 200, 201, 205, 300, 304, 305, 310, 900] as const;
const DAY_MS = 86_400_000;
/** Bungie's servers answer from caches, so an answer may be older than the one before; it is read, and thrown away. */
const OLDEST_ANSWER_MS = 7 * DAY_MS;
/** Nothing of Destiny 2 is older. */
const BEGINNING = new Date('2017-08-01T00:00:00Z');
/** A permission that does not hold is not tried by itself more often than that; a reading that its owner asks for ends the wait. */
const LAPSED_WAIT_MS = DAY_MS;

export const sourceIdOf = (membershipId: string): string => `${BUNGIE_PREFIX}:${membershipId}`;

/** Each membership is a source of one page: the player's profile. The engine brings runs, their log, their patience and their end. */
@Injectable()
@ProvidesSourceFamily()
export class BungieProfiles implements SourceFamily {
  readonly prefix = BUNGIE_PREFIX;
  readonly domain = DESTINY_DOMAIN;

  constructor(
    private readonly client: BungieClient,
    private readonly access: BungieAccess,
    private readonly profiles: ProfilesRepository,
    private readonly snapshots: StoreSnapshot,
    private readonly system: SystemUnitOfWork,
    private readonly profiler: Profiler,
  ) {}

  async find(tx: Tx, sourceId: string): Promise<SyncSource | undefined> {
    const id = sourceId.slice(this.prefix.length + 1);
    const membership = isUuid(id) ? await this.profiles.findMembership(tx, id) : undefined;
    return membership && this.sourceOf(membership, Date.now());
  }

  /** Nobody is due where there is no key. */
  async listDue(tx: Tx, now: Date, limit: number): Promise<string[]> {
    if (!this.client.isConfigured) return [];
    return (await this.profiles.listDue(tx, now, REFRESH_INTERVALS, limit)).map(sourceIdOf);
  }

  private sourceOf(membership: DueMembership, nowMs: number): SyncSource {
    const profile = defineStream<ProfileSnapshot>({
      name: 'profile',
      paging: 'cursor',
      pageLimit: { most: 1, least: 1 },
      overlapMs: OLDEST_ANSWER_MS,
      lagMs: 0,
      aheadMs: DAY_MS,
      reachMs: 0,
      fetchPage: async ({ signal }) => {
        const rows = [await this.fetch(membership, signal)];
        return { rows, refused: [], next: null, total: 1 };
      },
      keyOf: ({ membershipId }) => membershipId,
      timeOf: ({ mintedAtMs }) => new Date(mintedAtMs),
      store: (tx, [snapshot]) => this.snapshots.store(tx, membership.id, snapshot!),
      stored: null,
      countUpstream: null,
    });
    return {
      id: sourceIdOf(membership.id),
      domain: this.domain,
      intervalMs: refreshIntervalMs(membership.lastPlayedAt?.getTime() ?? null, nowMs),
      reconcileEveryMs: null,
      verifyEveryMs: null,
      pagePauseMs: 0,
      since: BEGINNING,
      streams: [profile],
      secrets: [],
      prepare: null,
      check: (signal) => this.check(membership, signal),
      afterRun: () => Promise.resolve(),
      whenSucceeded: null,
    };
  }

  private fetch(membership: DueMembership, signal: AbortSignal): Promise<ProfileSnapshot> {
    const { id, userId, membershipType, membershipId } = membership;
    return this.profiler.time('weapon_fetch', async () => {
      try {
        return await this.access.asPlayer(userId, (token) =>
          this.client.profile({ membershipType, membershipId }, PROFILE_COMPONENTS, { token, signal }),
        );
      } catch (error) {
        signal.throwIfAborted();
        if (isLapsed(error))
          await this.system.run(SYSTEM_SCOPE, (tx) =>
            this.profiles.updateDue(tx, id, new Date(Date.now() + LAPSED_WAIT_MS)),
          );
        throw syncFaultOf(error) ?? error;
      }
    });
  }

  private async check(membership: DueMembership, signal: AbortSignal): Promise<SourceCheck> {
    try {
      await this.fetch(membership, signal);
      return { isOk: true, detail: 'Bungie.net answers.' };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return {
        isOk: false,
        detail: error instanceof SyncFault ? error.message : 'Bungie.net cannot be read.',
      };
    }
  }
}
