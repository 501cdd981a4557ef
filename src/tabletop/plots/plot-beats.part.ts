import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { type BeatRow, PlotBeatsRepository } from './plot-beats.repository.js';
import { toHookDto, toMilestoneDto } from './plots.mapper.js';

const PORTION = 200;

/** Milestones, and for masters what foreshadows. */
@Injectable()
@OffersPart('plotBeats', 'plot_beat')
export class PlotBeatsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly beats: PlotBeatsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<BeatRow>(this.beats.listCampaign(campaignId, after ?? FIRST_ID, PORTION)),
    );
    return partPage(
      rows,
      ({ id }) => id,
      (row) => ({ kind: row.kind, ...(row.kind === 'hook' ? toHookDto(row) : toMilestoneDto(row)) }),
    );
  }
}
