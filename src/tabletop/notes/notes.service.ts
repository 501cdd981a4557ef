import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { IdempotentRequest, Outcome } from '../../platform/http/idempotency.service.js';
import type { Page } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import type { FoundObject } from '../objects/campaign-objects.service.js';
import { ObjectDesk } from '../objects/object-desk.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { LoreNoteChangeDto, LoreNoteDto, NewLoreNoteDto } from './notes.dto.js';

/** What is written down about the world and is neither person nor place: lore, rumours, house rules, terms of the group's own. */
@Injectable()
export class NotesService {
  constructor(private readonly desk: ObjectDesk) {}

  /** @throws DomainError unknown campaign; an observer's role */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewLoreNoteDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<LoreNoteDto>> {
    const draft = { ...wish, kind: 'note', details: {} } as const;
    return this.desk.create(
      caller,
      campaignId,
      request,
      () => draft,
      (_tx, found) => toNote(found),
    );
  }

  /** By name. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: PageQueryDto): Promise<Page<LoreNoteDto>> {
    return this.desk.list(caller, campaignId, { kinds: ['note'] }, query, toNote);
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<LoreNoteDto> {
    return this.desk.find(caller, 'note', id, (_tx, found) => toNote(found));
  }

  /** @throws DomainError unknown object, stale, one that the caller may see and not write */
  change(
    caller: Principal,
    id: string,
    wish: LoreNoteChangeDto,
    seen: number | undefined,
  ): Promise<LoreNoteDto> {
    return this.desk.change(
      caller,
      'note',
      id,
      seen,
      () => wish,
      (_tx, found) => toNote(found),
    );
  }

  /** @throws DomainError unknown object, stale, neither a master nor its owner */
  remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    return this.desk.remove(caller, 'note', id, seen);
  }
}

function toNote({ object, seat }: FoundObject): LoreNoteDto {
  return toCampaignObjectDto(object, seat);
}
