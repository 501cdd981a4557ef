import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { type LinkEventRow, LinkEventsRepository } from './link-events.repository.js';
import { toRelationshipEventDto } from './relationships.mapper.js';

const PORTION = 200;

/** How relations came to be what they are, with the relation alone. */
@Injectable()
@OffersPart('linkEvents', 'link_event')
export class LinkEventsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly events: LinkEventsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<LinkEventRow>(this.events.listCampaign(campaignId, after ?? FIRST_ID, PORTION)),
    );
    return partPage(
      rows,
      ({ id }) => id,
      (row) => ({ linkId: row.linkId, ...toRelationshipEventDto(row) }),
    );
  }
}
