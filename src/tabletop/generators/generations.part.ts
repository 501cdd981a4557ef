import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { DraftSeals } from './draft-seals.service.js';
import { toGenerationDto } from './generations.mapper.js';
import { type GenerationRow, GenerationsRepository } from './generations.repository.js';

const PORTION = 20;

/** What generators have made, taken over or not; for masters alone. */
@Injectable()
@OffersPart('generations', 'generation')
export class GenerationsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly generations: GenerationsRepository,
    private readonly seals: DraftSeals,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<GenerationRow>(this.generations.listCampaign(campaignId, after ?? FIRST_ID, PORTION)),
    );
    const secrets = await this.seals.openAll(rows);
    const items = rows.map((row, at) => toGenerationDto(row, secrets[at]!));
    return { items, next: rows.at(-1)?.id ?? null };
  }
}
