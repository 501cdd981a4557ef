import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { type LearntNameRow, LearntNamesRepository } from './learnt-names.repository.js';

const PORTION = 200;

/** What objects are found by beside their names. */
@Injectable()
@OffersPart('learntNames', 'learnt_name')
export class LearntNamesPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly names: LearntNamesRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<LearntNameRow>(this.names.listCampaign(campaignId, after ?? FIRST_ID, PORTION)),
    );
    return partPage(rows, ({ id }) => id, toLearntItem);
  }
}

function toLearntItem({ id, objectId, heard, isForMasters, createdAt }: LearntNameRow): object {
  return { id, objectId, heard, isForMasters, createdAt: createdAt.toISOString() };
}
