import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { type GrantRow, GrantsRepository } from './grants.repository.js';
import { toGrantDto } from './members.mapper.js';

const PORTION = 200;

/** What is lent for a while: to oneself, and all for masters. */
@Injectable()
@OffersPart('grants', 'access_grant')
export class GrantsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly grants: GrantsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<GrantRow>(this.grants.listCampaign(campaignId, after ?? FIRST_ID, PORTION)),
    );
    return partPage(rows, ({ id }) => id, toGrantDto);
  }
}
