import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { RateLimitError } from '../../platform/http/rate-limit.error.js';
import { SyncDesk } from '../../platform/sync/sync-desk.service.js';
import { SyncStarter } from '../../platform/sync/sync-starter.service.js';
import { notConnected, unknownRun } from '../destiny.errors.js';
import { Memberships } from '../link/memberships.service.js';
import { DESTINY_DOMAIN, sourceIdOf } from './bungie-profiles.family.js';
import type { DestinySyncRunDto, DestinySyncStartedDto, DestinySyncStatusDto } from './profile-sync.dto.js';
import { toRunDto, toStatusDto } from './profile-sync.mapper.js';
import { type ProfileRow, ProfilesRepository } from './profiles.repository.js';

/** Bungie's own caches last about as long, so asking more often brings nothing. */
export const REFRESH_FLOOR_MS = 60_000;

/** Fresh copies on demand, and how current the present one is. */
@Injectable()
export class ProfileSync {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly memberships: Memberships,
    private readonly profiles: ProfilesRepository,
    private readonly starter: SyncStarter,
    private readonly desk: SyncDesk,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError where nothing is connected; RateLimitError within a minute of the last request */
  async start(caller: Principal, nowMs = Date.now()): Promise<DestinySyncStartedDto> {
    const { id } = await this.memberships.activeForCall(caller.id);
    return this.uow.run(caller, async (tx) => {
      const waitMs = await this.profiles.updateRequested(tx, id, new Date(nowMs), REFRESH_FLOOR_MS);
      if (waitMs > 0) throw new RateLimitError(Math.ceil(waitMs / 1_000));
      const sourceId = sourceIdOf(id);
      const kind = 'incremental';
      const outcome = await this.starter.start(tx, { sourceId, kind, trigger: 'request', range: null });
      if (typeof outcome === 'string') throw notConnected(); // the membership went meanwhile
      const { run, isJoined } = outcome;
      await this.audit.record(tx, caller, {
        action: 'destiny.sync-requested',
        object: { type: 'destiny.membership', id },
        after: { runId: run.id, isJoined },
      });
      return { ...toRunDto(run), isJoined };
    });
  }

  /** @throws DomainError unknown run */
  async find(caller: Principal, id: string): Promise<DestinySyncRunDto> {
    const run = isUuid(id) ? await this.desk.findRun(caller, DESTINY_DOMAIN, id) : undefined;
    if (run === undefined) throw unknownRun();
    return toRunDto(run);
  }

  async status(caller: Principal, nowMs = Date.now()): Promise<DestinySyncStatusDto> {
    const membership = await this.uow.run(caller, (tx) => this.memberships.activeOf(tx, caller.id));
    if (membership === undefined) return toStatusDto(undefined, undefined, nowMs);
    const view = await this.desk.findView(caller, DESTINY_DOMAIN, sourceIdOf(membership.id));
    const [profile] = await this.uow.read<ProfileRow>(caller, this.profiles.findActive());
    return toStatusDto(view, profile, nowMs);
  }
}
