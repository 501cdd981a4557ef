import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { LinksRepository, type ShownLinkRow } from './links.repository.js';

const PORTION = 200;

/** What objects are to each other: those whose both ends the caller sees. */
@Injectable()
@OffersPart('links', 'link')
export class LinksPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: LinksRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<ShownLinkRow>(this.links.listCampaign(campaignId, after ?? FIRST_ID, PORTION)),
    );
    return partPage(rows, ({ id }) => id, toLinkItem);
  }
}

function toLinkItem(row: ShownLinkRow): object {
  const { id, kind, fromId, toId, type, isDirected, strength, distanceM, travelTimeS, details, visibility } =
    row;
  return { id, kind, fromId, toId, type, isDirected, strength, distanceM, travelTimeS, details, visibility };
}
