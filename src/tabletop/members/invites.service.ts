import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import type { CampaignDto } from '../campaigns/campaigns.dto.js';
import { CampaignsService } from '../campaigns/campaigns.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { alreadySeated, tooMany, unknownInvite } from '../tabletop.errors.js';
import { bareCode, inviteCode } from './invite-code.js';
import { type InviteRow, InvitesRepository } from './invites.repository.js';
import type { AcceptInviteDto, InvitesDto, MadeInviteDto, NewInviteDto } from './members.dto.js';
import { toInviteDto } from './members.mapper.js';
import { MembersRepository } from './members.repository.js';

const CODE_BYTES = 64;
const MOST_INVITES = 50;

/** Codes by which accounts take a seat: made and taken back by masters, used by whoever was told one. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly access: CampaignAccess,
    private readonly invites: InvitesRepository,
    private readonly members: MembersRepository,
    private readonly changes: CampaignChanges,
    private readonly campaigns: CampaignsService,
  ) {}

  /** @throws DomainError unknown campaign, a role below a master's, as many as there may be */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewInviteDto,
    now = new Date(),
  ): Promise<MadeInviteDto> {
    const code = inviteCode(randomBytes(CODE_BYTES));
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      if ((await this.invites.countInvites(tx, seat.campaignId)) >= MOST_INVITES)
        throw tooMany(MOST_INVITES, 'invitations');
      const row = await this.invites.insertInvite(tx, {
        id: uuidv7(),
        campaignId: seat.campaignId,
        codeDigest: sha256(bareCode(code)),
        role: wish.role,
        mostUses: wish.mostUses,
        expiresAt: new Date(now.getTime() + wish.validForS * 1_000),
      });
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        kind: 'invite',
        action: 'made',
        after: shown(row),
      });
      return { ...toInviteDto(row), code };
    });
  }

  /** @throws DomainError unknown campaign, a role below a master's */
  async list(caller: Principal, campaignId: string): Promise<InvitesDto> {
    const rows = await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      return tx.query<InviteRow>(this.invites.listInvites(seat.campaignId));
    });
    return { items: rows.map(toInviteDto) };
  }

  /** @throws DomainError unknown campaign or invitation, a role below a master's */
  async revoke(caller: Principal, campaignId: string, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const before = isUuid(id) ? await this.invites.deleteInvite(tx, seat.campaignId, id) : null;
      if (before === null) throw unknownInvite();
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        kind: 'invite',
        action: 'revoked',
        before: shown(before),
      });
    });
  }

  /** Takes a seat. @throws DomainError unknown, ended or used-up code; the caller sits there already, which uses nothing up */
  async accept(
    caller: Principal,
    { code, displayName }: AcceptInviteDto,
    now = new Date(),
  ): Promise<CampaignDto> {
    const campaignId = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const invite = await this.invites.lockByCode(tx, sha256(bareCode(code)), now);
      if (invite === null) throw unknownInvite();
      const seat = { userId: caller.id, role: invite.role, displayName };
      if (!(await this.members.insertSeat(tx, invite.campaignId, seat))) throw alreadySeated();
      await this.invites.countUse(tx, invite.id);
      await this.changes.record(tx, caller, {
        campaignId: invite.campaignId,
        kind: 'member',
        action: 'joined',
        after: { ...seat, inviteId: invite.id },
      });
      return invite.campaignId;
    });
    return this.campaigns.find(caller, campaignId);
  }
}

function shown({ id, role, mostUses, expiresAt }: InviteRow): object {
  return { id, role, mostUses, expiresAt: expiresAt.toISOString() };
}
