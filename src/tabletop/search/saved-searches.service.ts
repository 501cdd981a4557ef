import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { assertSeen, tooMany, unknownSavedSearch } from '../tabletop.errors.js';
import { type RecentSearchRow, RecentSearchesRepository } from './recent-searches.repository.js';
import type {
  NewSavedSearchDto,
  RecentSearchesDto,
  SavedSearchChangeDto,
  SavedSearchDto,
} from './saved-searches.dto.js';
import { toSavedSearchDto } from './saved-searches.mapper.js';
import { type SavedSearchRow, SavedSearchesRepository } from './saved-searches.repository.js';
import { SecretWords } from './secret-words.service.js';

const MOST_SAVED = 100;

/** A member's own questions: those they keep, and the last few. Nobody else sees them, masters neither. */
@Injectable()
export class SavedSearches {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly saved: SavedSearchesRepository,
    private readonly recents: RecentSearchesRepository,
    private readonly audit: Audit,
    private readonly idempotency: IdempotencyService,
    private readonly secrets: SecretWords,
  ) {}

  /** @throws DomainError unknown campaign; words of a secret; as many as one may keep */
  async create(
    caller: Principal,
    campaignId: string,
    wish: NewSavedSearchDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<SavedSearchDto>> {
    await this.refuseQuotes(caller, campaignId, wish);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId);
        if ((await this.saved.countOf(tx, caller.id, seat.campaignId)) >= MOST_SAVED)
          throw tooMany(MOST_SAVED, 'saved searches of one member');
        const row = await this.saved.insert(tx, {
          id: uuidv7(),
          userId: caller.id,
          campaignId: seat.campaignId,
          name: wish.name,
          query: { ...wish.query },
        });
        await this.record(tx, caller, 'saved', row);
        return toSavedSearchDto(row);
      }),
    );
  }

  /** Newest first. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: PageQueryDto): Promise<Page<SavedSearchDto>> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const page = this.saved.listPage(caller.id, seat.campaignId, before, query.limit + 1);
      return toPage(await tx.query<SavedSearchRow>(page), query.limit, ({ id }) => [id], toSavedSearchDto);
    });
  }

  /** @throws DomainError unknown campaign or saved search, stale; words of a secret */
  async change(
    caller: Principal,
    campaignId: string,
    id: string,
    wish: SavedSearchChangeDto,
    seen: number | undefined,
  ): Promise<SavedSearchDto> {
    await this.refuseQuotes(caller, campaignId, wish);
    return this.uow.run(caller, async (tx) => {
      const before = await this.locked(tx, caller, campaignId, id, seen);
      const after = await this.saved.update(tx, before.id, {
        name: wish.name ?? before.name,
        query: wish.query === undefined ? before.query : { ...wish.query },
      });
      await this.record(tx, caller, 'changed', after);
      return toSavedSearchDto(after);
    });
  }

  /** @throws DomainError unknown campaign or saved search, stale */
  async remove(caller: Principal, campaignId: string, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const before = await this.locked(tx, caller, campaignId, id, seen);
      await this.saved.delete(tx, before.id);
      await this.record(tx, caller, 'deleted', before);
    });
  }

  /** Newest first. @throws DomainError unknown campaign */
  listRecent(caller: Principal, campaignId: string): Promise<RecentSearchesDto> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const rows = await tx.query<RecentSearchRow>(this.recents.list(caller.id, seat.campaignId, ''));
      return {
        items: rows.map(({ query, searchedAt }) => ({ q: query, searchedAt: searchedAt.toISOString() })),
      };
    });
  }

  /** @throws DomainError unknown campaign */
  async clearRecent(caller: Principal, campaignId: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      await this.recents.deleteAll(tx, caller.id, seat.campaignId);
    });
  }

  /** What is kept lies in the clear. */
  private async refuseQuotes(
    caller: Principal,
    campaignId: string,
    { name, query }: SavedSearchChangeDto,
  ): Promise<void> {
    const seat = await this.uow.run(caller, (tx) => this.access.require(tx, caller, campaignId));
    if (name !== undefined) await this.secrets.refuseQuotes(seat, name, '/name');
    const words = [query?.q ?? '', ...(query?.tags ?? [])].join(' ');
    await this.secrets.refuseQuotes(seat, words, '/query');
  }

  private async locked(
    tx: Tx,
    caller: Principal,
    campaignId: string,
    id: string,
    seen: number | undefined,
  ): Promise<SavedSearchRow> {
    const seat = await this.access.require(tx, caller, campaignId);
    const row = isUuid(id) ? await this.saved.lock(tx, caller.id, seat.campaignId, id) : null;
    if (row === null) throw unknownSavedSearch();
    assertSeen(row.version, seen);
    return row;
  }

  /** What somebody searches for is nobody's business: the trail says that they did. */
  private record(
    tx: Tx,
    caller: Principal,
    action: string,
    { id, campaignId }: SavedSearchRow,
  ): Promise<void> {
    return this.audit.record(tx, caller, {
      action: `tabletop.search-${action}`,
      object: { type: 'tabletop.saved-search', id },
      after: { campaignId },
    });
  }
}
