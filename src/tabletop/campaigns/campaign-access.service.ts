import { Injectable } from '@nestjs/common';
import type { Scope, Statement } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { roleTooLow, unknownCampaign } from '../tabletop.errors.js';
import { isAtLeast, type SeatRole } from './campaign-kinds.js';
import { type CampaignRow, CampaignsRepository, type SeatedCampaignRow } from './campaigns.repository.js';

/** As what somebody sits at a campaign's table. */
export interface Seat {
  readonly campaignId: string;
  readonly userId: string;
  readonly role: SeatRole;
  /** Nobody of the table: sees what is public, and nothing else. */
  readonly isGuest: boolean;
  readonly campaign: CampaignRow;
}

/** Whatever asks in the caller's scope: a transaction, or single reads. */
export interface CallersReads {
  query<Row extends object>(statement: Statement): Promise<Row[]>;
}

/** Who sits at which table. Everything in a campaign begins with this question; row-level security asks it again of every row. */
@Injectable()
export class CampaignAccess {
  constructor(private readonly campaigns: CampaignsRepository) {}

  /**
   * @param reads in the caller's scope
   * @throws DomainError unknown campaign, for strangers as for one that never was; a role below `least`
   */
  async require(
    reads: CallersReads,
    caller: Scope,
    campaignId: string,
    least: SeatRole = 'observer',
  ): Promise<Seat> {
    const [row] = isUuid(campaignId)
      ? await reads.query<SeatedCampaignRow>(this.campaigns.seat(caller.id, campaignId))
      : [];
    if (row === undefined) throw unknownCampaign();
    const { role, ...campaign } = row;
    if (!isAtLeast(role, least)) throw roleTooLow(least);
    return { campaignId: row.id, userId: caller.id, role, isGuest: false, campaign };
  }
}

/** @throws DomainError a role below `least` */
export function assertRole(seat: Seat, least: SeatRole): void {
  if (seat.isGuest || !isAtLeast(seat.role, least)) throw roleTooLow(least);
}
