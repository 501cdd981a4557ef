import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CampaignAccess, assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { ownerStays, roleTooLow, unknownMember } from '../tabletop.errors.js';
import type { CampaignMemberChangeDto, CampaignMemberDto, CampaignMembersDto } from './members.dto.js';
import { toCampaignMemberDto } from './members.mapper.js';
import { InvitesRepository } from './invites.repository.js';
import { type MemberRow, MembersRepository } from './members.repository.js';

/**
 * Who sits at a table. Row-level security asks for seats at every call, so a change holds from the member's next one on. Seats are written by the
 * platform's role, once it is known that the caller may.
 */
@Injectable()
export class MembersService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly access: CampaignAccess,
    private readonly members: MembersRepository,
    private readonly invites: InvitesRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError unknown campaign */
  async list(caller: Principal, campaignId: string): Promise<CampaignMembersDto> {
    const rows = await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      return tx.query<MemberRow>(this.members.listMembers(seat.campaignId));
    });
    return { items: rows.map(toCampaignMemberDto) };
  }

  /** @throws DomainError unknown campaign or member; a role that the caller may not give; the last master */
  async change(
    caller: Principal,
    campaignId: string,
    userId: string,
    wish: CampaignMemberChangeDto,
  ): Promise<CampaignMemberDto> {
    const { owner } = await this.assertMay(caller, campaignId, userId, wish.role !== undefined);
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const before = await this.lock(tx, caller, campaignId, userId, wish.role !== undefined);
      const role = wish.role ?? before.role;
      if (role !== 'gm' && userId === owner) throw ownerStays();
      const after = { ...before, role, displayName: wish.displayName ?? before.displayName };
      await this.members.updateSeat(tx, campaignId, after);
      if (before.role === 'gm' && role !== 'gm') await this.invites.deleteOfMasters(tx, campaignId);
      await this.changes.record(tx, caller, {
        campaignId,
        kind: 'member',
        action: 'changed',
        before: { userId, role: before.role, displayName: before.displayName },
        after: { userId, role: after.role, displayName: after.displayName },
      });
      return toCampaignMemberDto(after);
    });
  }

  /** By a master, or by the member. What was theirs stays with the table. @throws DomainError unknown campaign or member; the owner */
  async remove(caller: Principal, campaignId: string, userId: string): Promise<void> {
    const { owner } = await this.assertMay(caller, campaignId, userId, false);
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const before = await this.lock(tx, caller, campaignId, userId, false);
      if (userId === owner) throw ownerStays();
      await this.members.deleteSeat(tx, campaignId, userId);
      if (before.role === 'gm') await this.invites.deleteOfMasters(tx, campaignId);
      await this.changes.record(tx, caller, {
        campaignId,
        kind: 'member',
        action: 'removed',
        before: { userId, role: before.role, displayName: before.displayName },
      });
    });
  }

  /** Of oneself without a new role, or as a master. */
  private assertMay(
    caller: Principal,
    campaignId: string,
    userId: string,
    isAboutRole: boolean,
  ): Promise<{ owner: string }> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      if (isAboutRole || userId !== caller.id) assertRole(seat, 'gm');
      return { owner: seat.campaign.userId };
    });
  }

  /** All seats are locked, so that two masters cannot unseat each other at once; the caller's is looked at again, since it was before the lock. */
  private async lock(
    tx: Tx,
    caller: Principal,
    campaignId: string,
    userId: string,
    isAboutRole: boolean,
  ): Promise<MemberRow> {
    const seats = await this.members.lockSeats(tx, campaignId);
    const [own, found] = [caller.id, userId].map((id) => seats.find((seat) => seat.userId === id));
    if ((isAboutRole || userId !== caller.id) && own?.role !== 'gm') throw roleTooLow('gm');
    if (found === undefined) throw unknownMember();
    return found;
  }
}
