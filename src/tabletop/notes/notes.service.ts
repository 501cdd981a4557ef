import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { LoreNoteChangeDto, LoreNoteDto, NewLoreNoteDto } from './notes.dto.js';

/** What is written down about the world and is neither person nor place: lore, rumours, house rules, terms of the group's own. */
@Injectable()
export class NotesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws DomainError unknown campaign; an observer's role */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewLoreNoteDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<LoreNoteDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'player');
        const row = await this.objects.create(tx, caller, seat, { ...wish, kind: 'note', details: {} });
        return toCampaignObjectDto(row, seat);
      }),
    );
  }

  /** By name. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, { cursor, limit }: PageQueryDto): Promise<Page<LoreNoteDto>> {
    const after = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string'] as const);
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const rows = await this.objects.list(tx, seat, { kinds: ['note'] }, after, limit + 1);
      return toPage(
        rows,
        limit,
        ({ name, id }) => [name, id],
        (row) => toCampaignObjectDto(row, seat),
      );
    });
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<LoreNoteDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'note', id);
      return toCampaignObjectDto(object, seat);
    });
  }

  /** @throws DomainError unknown object, stale, one that the caller may see and not write */
  change(
    caller: Principal,
    id: string,
    wish: LoreNoteChangeDto,
    seen: number | undefined,
  ): Promise<LoreNoteDto> {
    return this.uow.run(caller, async (tx) => {
      const { seat } = await this.objects.find(tx, caller, 'note', id);
      return toCampaignObjectDto(await this.objects.change(tx, caller, 'note', id, wish, seen), seat);
    });
  }

  /** @throws DomainError unknown object, stale, neither a master nor its owner */
  async remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, (tx) => this.objects.remove(tx, caller, 'note', id, seen));
  }
}
