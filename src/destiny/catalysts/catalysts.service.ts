import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, encodeCursor } from '../../platform/http/keyset.js';
import { invalidCursor, unknownCatalyst } from '../destiny.errors.js';
import type { CatalystFacts } from './catalog.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import { CatalystReads } from './catalyst-reads.service.js';
import { CatalystStatusesRepository } from './catalyst-statuses.repository.js';
import { filterCatalysts, sortCatalysts, summarize } from './catalyst-list.js';
import type {
  CatalystDetailDto,
  CatalystFactsListDto,
  CatalystsDto,
  CatalystSummaryDto,
  TrackingDto,
} from './catalysts.dto.js';
import type { OwnCatalyst, OwnCatalysts } from './own-catalysts.js';
import type { CatalystsQuery } from './catalysts-query.js';
import { toAgeDto, toCatalystDto, toFactsDto, toSummaryDto } from './catalysts.mapper.js';

/** What a player sees of catalysts. Everything comes from the last reading, so that Bungie may be down. */
@Injectable()
export class CatalystsService {
  constructor(
    private readonly reads: CatalystReads,
    private readonly catalog: CatalogDirectory,
    private readonly statuses: CatalystStatusesRepository,
    private readonly uow: UnitOfWork,
    private readonly audit: Audit,
  ) {}

  async list(caller: Principal, query: CatalystsQuery): Promise<CatalystsDto> {
    return this.pageOf(await this.reads.read(caller), query);
  }

  /** @throws DomainError for a cursor of another list */
  pageOf(own: OwnCatalysts, query: CatalystsQuery): CatalystsDto {
    const sorted = chosen(own.entries, query);
    const start = query.cursor === undefined ? 0 : placeAfter(sorted, query.cursor);
    const shown = sorted.slice(start, start + query.limit);
    const last = shown.at(-1);
    const hasMore = last !== undefined && start + query.limit < sorted.length;
    return {
      ...toAgeDto(own),
      items: shown.map(toCatalystDto),
      total: sorted.length,
      nextCursor: hasMore ? encodeCursor([last.facts.recordHash]) : null,
    };
  }

  async summary(caller: Principal): Promise<CatalystSummaryDto> {
    const own = await this.reads.read(caller);
    return toSummaryDto(summarize(own.entries), own);
  }

  /** @throws DomainError unknown catalyst */
  async find(caller: Principal, recordHash: number): Promise<CatalystDetailDto> {
    const own = await this.reads.read(caller);
    return { ...toCatalystDto(entryOf(own, recordHash)), ...toAgeDto(own) };
  }

  /** Of all that there are, by the weapon's name. */
  definitions(): CatalystFactsListDto {
    return { items: this.catalog.current().catalysts.map(toFactsDto) };
  }

  /** Safe to repeat. @throws DomainError unknown catalyst */
  async track(caller: Principal, recordHash: number, isTracked: boolean): Promise<TrackingDto> {
    this.facts(recordHash);
    await this.uow.run(caller, async (tx) => {
      const hasChanged = isTracked
        ? await this.statuses.insertTracked(tx, caller.id, recordHash)
        : await this.statuses.deleteTracked(tx, caller.id, recordHash);
      if (!hasChanged) return;
      await this.statuses.updateVersion(tx, caller.id);
      await this.audit.record(tx, caller, {
        action: isTracked ? 'destiny.catalyst-tracked' : 'destiny.catalyst-untracked',
        object: { type: 'destiny.catalyst', id: String(recordHash) },
      });
    });
    return { recordHash, isTracked };
  }

  /** @throws DomainError unknown catalyst */
  facts(recordHash: number): CatalystFacts {
    const facts = this.catalog.current().ofRecord(recordHash);
    if (facts === undefined) throw unknownCatalyst();
    return facts;
  }
}

/** @throws DomainError unknown catalyst */
export function entryOf(own: OwnCatalysts, recordHash: number): OwnCatalyst {
  const entry = own.entries.find(({ facts }) => facts.recordHash === recordHash);
  if (entry === undefined) throw unknownCatalyst();
  return entry;
}

export function chosen(entries: readonly OwnCatalyst[], query: CatalystsQuery): OwnCatalyst[] {
  const { state, weaponType, element, slot, activity, isTracked, sort, ...rest } = query;
  const left = filterCatalysts(entries, {
    states: state,
    weaponTypes: weaponType,
    elements: element,
    slots: slot,
    activities: activity,
    minPct: rest.minPct,
    maxPct: rest.maxPct,
    season: rest.season,
    isNearCompletion: rest.isNearCompletion,
    q: rest.q,
  });
  const ofTracking = left.filter((entry) => isTracked === undefined || entry.isTracked === isTracked);
  return sortCatalysts(ofTracking, sort);
}

/** @throws DomainError where the list has no such place any more */
function placeAfter(sorted: readonly OwnCatalyst[], cursor: string): number {
  const [recordHash] = decodeCursor(cursor, ['number'] as const);
  const place = sorted.findIndex(({ facts }) => facts.recordHash === recordHash);
  if (place === -1) throw invalidCursor();
  return place + 1;
}
