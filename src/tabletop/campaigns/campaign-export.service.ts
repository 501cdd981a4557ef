import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type MemberRow, MembersRepository } from '../members/members.repository.js';
import { toCampaignMemberDto } from '../members/members.mapper.js';
import { exportsOff } from '../tabletop.errors.js';
import { CampaignAccess, type Seat } from './campaign-access.service.js';
import { CampaignParts } from './campaign-parts.service.js';
import { toCampaignDto } from './campaigns.mapper.js';

export const EXPORT_FORMAT = 'guildhall-campaign/1';

/** A campaign to take along, as whoever takes it sees it: masters all, others what is shown to them, secrets likewise. Each room puts its parts in. */
@Injectable()
export class CampaignExport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly members: MembersRepository,
    private readonly parts: CampaignParts,
  ) {}

  /**
   * The file as portions of JSON text. Each portion is read in a transaction of its own, so a long one holds nothing up.
   * @throws DomainError before the first portion: unknown campaign; its masters want nothing taken along
   */
  async open(caller: Principal, campaignId: string): Promise<AsyncGenerator<string>> {
    const { seat, members } = await this.uow.run(caller, async (tx) => {
      const found = await this.access.require(tx, caller, campaignId);
      return {
        seat: found,
        members: await tx.query<MemberRow>(this.members.listMembers(found.campaignId)),
      };
    });
    if (!seat.campaign.hasExports && seat.role !== 'gm') throw exportsOff();
    return this.portions(caller, seat, members);
  }

  private async *portions(
    caller: Principal,
    seat: Seat,
    members: readonly MemberRow[],
  ): AsyncGenerator<string> {
    const campaign = toCampaignDto({ ...seat.campaign, role: seat.role }, caller.id);
    const head = { format: EXPORT_FORMAT, campaign, members: members.map(toCampaignMemberDto) };
    yield JSON.stringify(head).slice(0, -1);
    for (const { name, part } of this.parts.list()) {
      yield `,${JSON.stringify(name)}:[`;
      let isFirst = true;
      let after: string | null = null;
      do {
        const { items, next } = await part.page(caller, seat, after);
        if (items.length > 0)
          yield `${isFirst ? '' : ','}${items.map((item) => JSON.stringify(item)).join(',')}`;
        isFirst &&= items.length === 0;
        after = next;
      } while (after !== null);
      yield ']';
    }
    yield '}';
  }
}
