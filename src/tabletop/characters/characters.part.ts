import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { type CharacterSheetRow, CharacterSheetsRepository } from './character-sheets.repository.js';
import { toInventoryEntryDto } from './inventory.mapper.js';
import { InventoryRepository, type InventoryRow } from './inventory.repository.js';
import { toProposalDto } from './proposals.mapper.js';
import { type ProposalRow, ProposalsRepository } from './proposals.repository.js';

/** A sheet may be as large as a megabyte. */
const SHEETS = 10;
const ENTRIES = 200;
const PROPOSALS = 20;

/** How characters are played, where the caller may read that. */
@Injectable()
@OffersPart('sheets', 'character_sheet')
export class SheetsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sheets: CharacterSheetsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<CharacterSheetRow>(this.sheets.listCampaign(campaignId, after ?? FIRST_ID, SHEETS)),
    );
    return partPage(rows, ({ objectId }) => objectId, toSheetItem);
  }
}

/** What they carry. */
@Injectable()
@OffersPart('inventory', 'inventory_entry')
export class InventoryPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly entries: InventoryRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<InventoryRow>(this.entries.listCampaign(campaignId, after ?? FIRST_ID, ENTRIES)),
    );
    return partPage(rows, ({ id }) => id, toInventoryEntryDto);
  }
}

/** What players would change of them: one's own, and all for masters. */
@Injectable()
@OffersPart('proposals', 'proposal')
export class ProposalsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly proposals: ProposalsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<ProposalRow>(this.proposals.listCampaign(campaignId, after ?? FIRST_ID, PROPOSALS)),
    );
    return partPage(rows, ({ id }) => id, toProposalDto);
  }
}

function toSheetItem(row: CharacterSheetRow): object {
  const { objectId, isOpen, sheet, voice, guidance, xp, level, progress } = row;
  return { characterId: objectId, isOpen, sheet, voice, guidance, xp, level, progress };
}
