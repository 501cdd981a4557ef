import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { CampaignsRepository, type SeatedCampaignRow } from '../campaigns/campaigns.repository.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { roleTooLow, unknownObject } from '../tabletop.errors.js';
import type { ObjectKind } from './object-kinds.js';
import { type ObjectRow, ObjectsRepository } from './objects.repository.js';

/** One object, as somebody sees it. */
@Injectable()
export class ObjectReader {
  constructor(
    private readonly objects: ObjectsRepository,
    private readonly campaigns: CampaignsRepository,
  ) {}

  /**
   * @param kinds those that will do; null = any @param options deleted ones too, for those who may restore them
   * @throws DomainError unknown object, for what is not shown to the caller as for what never was
   */
  async find(
    tx: Tx,
    caller: Principal,
    kinds: readonly ObjectKind[] | null,
    id: string,
    options: { withDeleted?: boolean } = {},
  ): Promise<{ object: ObjectRow; seat: Seat }> {
    const [object] = isUuid(id) ? await tx.query<ObjectRow>(this.objects.find(id)) : [];
    if (object === undefined || (kinds !== null && !kinds.includes(object.kind))) throw unknownObject();
    if (object.deletedAt !== null && !options.withDeleted) throw unknownObject();
    return { object, seat: await this.seatOf(tx, caller, object.campaignId) };
  }

  /**
   * The same for writing it: nobody else changes it until the transaction ends, and its parent is told even where it is hidden.
   * @throws DomainError unknown object; one that the caller may see and not write
   */
  async lock(
    tx: Tx,
    caller: Principal,
    kind: ObjectKind | null,
    id: string,
    options: { withDeleted?: boolean } = {},
  ): Promise<{ object: ObjectRow; seat: Seat }> {
    const locked = isUuid(id) ? await this.objects.lock(tx, id) : null;
    const found = await this.find(tx, caller, kind === null ? null : [kind], id, options);
    if (locked === null) throw roleTooLow('gm');
    return { ...found, object: { ...found.object, parentId: locked.parentId } };
  }

  /** Strangers who see what is public are guests. */
  private async seatOf(tx: Tx, caller: Principal, campaignId: string): Promise<Seat> {
    const [row] = await tx.query<SeatedCampaignRow>(this.campaigns.seat(caller.id, campaignId));
    if (row === undefined) return guestSeat(caller, campaignId);
    const { role, ...campaign } = row;
    return { campaignId, userId: caller.id, role, isGuest: false, campaign };
  }
}

/** Knows nothing of the campaign but that there is something public in it. */
function guestSeat(caller: Principal, campaignId: string): Seat {
  const epoch = new Date(0);
  const campaign = {
    id: campaignId,
    userId: '',
    name: '',
    description: '',
    system: 'generic',
    language: 'simple',
    tone: {},
    calendar: null,
    changeDays: null,
    aiPolicy: 'off',
    hasExports: false,
    needsApproval: true,
    version: 0,
    createdAt: epoch,
    updatedAt: epoch,
    deletedAt: null,
  } as const;
  return { campaignId, userId: caller.id, role: 'observer', isGuest: true, campaign };
}
