import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { type GrantRow, GrantsRepository } from '../members/grants.repository.js';
import { type MemberRow, MembersRepository } from '../members/members.repository.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { type SecretRow, SecretsRepository } from '../secrets/secrets.repository.js';
import { unknownMember } from '../tabletop.errors.js';
import { ObjectReader } from './object-reader.service.js';
import type { PreviewDto, ViewersDto } from './objects.dto.js';
import { toAnyObjectDto } from './objects.mapper.js';
import { viewerOf } from './viewers.js';

const MOST_GRANTS = 1_000;

/** Who sees what of an object: told to masters before they regret it. */
@Injectable()
export class ObjectViews {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly reader: ObjectReader,
    private readonly members: MembersRepository,
    private readonly grants: GrantsRepository,
    private readonly secretRows: SecretsRepository,
    private readonly secrets: ObjectSecrets,
  ) {}

  /** Every member with the reasons for which they see it. @throws DomainError unknown object; a role below a master's */
  viewers(caller: Principal, objectId: string, now = new Date()): Promise<ViewersDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.reader.find(tx, caller, null, objectId);
      assertRole(seat, 'gm');
      const members = await tx.query<MemberRow>(this.members.listMembers(seat.campaignId));
      const grants = await tx.query<GrantRow>(
        this.grants.listPage(seat.campaignId, object.id, null, MOST_GRANTS),
      );
      const secrets = await tx.query<SecretRow>(this.secretRows.listOf([object.id]));
      return {
        isPublic: object.visibility === 'public',
        members: members.map((member) => viewerOf(member, object, grants, secrets, now)),
      };
    });
  }

  /**
   * The object as a member sees it now: read as that member, by the same policies as their own calls.
   * @throws DomainError unknown object or member; a role below a master's
   */
  async preview(caller: Principal, objectId: string, memberId: string): Promise<PreviewDto> {
    await this.uow.run(caller, async (tx) => {
      const { seat } = await this.reader.find(tx, caller, null, objectId);
      assertRole(seat, 'gm');
      if (!(await this.members.areMembers(tx, seat.campaignId, [memberId]))) throw unknownMember();
    });
    const member: Principal = { ...caller, id: memberId };
    const seen = await this.uow.run(member, async (tx) => {
      const found = await this.reader.find(tx, member, null, objectId).catch(() => undefined);
      return found && { ...found, rows: await tx.query<SecretRow>(this.secretRows.listOf([objectId])) };
    });
    if (seen === undefined) return { object: null, secrets: [] };
    return {
      object: toAnyObjectDto(seen.object, seen.seat),
      secrets: await this.secrets.open(seen.rows, seen.seat),
    };
  }
}
