import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { ObjectReader } from '../objects/object-reader.service.js';
import { notAMember, unknownGrant, unknownObject } from '../tabletop.errors.js';
import { type GrantRow, GrantsRepository } from './grants.repository.js';
import type { GrantDto, NewGrantDto } from './members.dto.js';
import { toGrantDto } from './members.mapper.js';
import { MembersRepository } from './members.repository.js';

/** What masters lend: one object to one member for a while. It ends by itself; row-level security looks at the clock. */
@Injectable()
export class GrantsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly reader: ObjectReader,
    private readonly members: MembersRepository,
    private readonly grants: GrantsRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** Takes the place of one that there is. @throws DomainError unknown campaign or object, a role below a master's, no member */
  create(caller: Principal, campaignId: string, wish: NewGrantDto, now = new Date()): Promise<GrantDto> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const { object } = await this.reader.find(tx, caller, null, wish.objectId);
      if (object.campaignId !== seat.campaignId) throw unknownObject();
      if (!(await this.members.areMembers(tx, seat.campaignId, [wish.userId]))) throw notAMember('/userId');
      const row = await this.grants.upsertGrant(tx, {
        id: uuidv7(),
        campaignId: seat.campaignId,
        objectId: object.id,
        userId: wish.userId,
        level: wish.level,
        expiresAt: new Date(now.getTime() + wish.validForS * 1_000),
      });
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        objectId: object.id,
        kind: 'grant',
        action: 'made',
        after: shown(row),
      });
      return toGrantDto(row);
    });
  }

  /** Newest first. @param before only older ones than this id @throws DomainError unknown campaign, a role below a master's */
  list(
    caller: Principal,
    campaignId: string,
    objectId: string | undefined,
    before: string | null,
    limit: number,
  ): Promise<Page<GrantDto>> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const rows = await tx.query<GrantRow>(
        this.grants.listPage(seat.campaignId, objectId ?? null, before, limit + 1),
      );
      return toPage(rows, limit, ({ id }) => [id], toGrantDto);
    });
  }

  /** Ends at once. @throws DomainError unknown campaign or grant, a role below a master's */
  async revoke(caller: Principal, campaignId: string, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const before = isUuid(id) ? await this.grants.deleteGrant(tx, seat.campaignId, id) : null;
      if (before === null) throw unknownGrant();
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        objectId: before.objectId,
        kind: 'grant',
        action: 'revoked',
        before: shown(before),
      });
    });
  }
}

function shown({ userId, level, expiresAt }: GrantRow): object {
  return { userId, level, expiresAt: expiresAt.toISOString() };
}
