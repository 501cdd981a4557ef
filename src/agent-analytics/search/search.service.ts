import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { invalidQuery } from '../agent-analytics.errors.js';
import type { StoryNames } from '../figures/story-names.js';
import { readSessionFilter } from '../sessions/session-filter.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import type { SearchDto, SearchQueryDto } from './search.dto.js';
import { toSearchHitDto } from './search.mapper.js';
import { type HitRow, SearchRepository } from './search.repository.js';
import { readTerms, tsqueryOf } from './search-terms.js';

const MOST_RANK = 2 ** 31 - 1;

/** Sessions by their words. */
@Injectable()
export class SearchService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly rows: SearchRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  /** @throws DomainError unknown project, a range backwards, a cursor of another list */
  async find(caller: Principal, query: SearchQueryDto, nowMs = Date.now()): Promise<SearchDto> {
    const project = this.projects.resolve(query.project);
    const filter = readSessionFilter(query, this.projects.range(query), nowMs);
    if ('fault' in filter) throw invalidQuery(filter.field, filter.fault);
    const before = query.cursor === undefined ? null : placeOf(query.cursor);
    const terms = readTerms(query.q);
    const freshness = await this.projects.freshness(caller, project);
    if (terms === null) return { ...freshness, items: [], nextCursor: null };
    const rows = await this.uow.read<HitRow>(
      caller,
      this.rows.pageStatement(project, tsqueryOf(terms), filter, before, query.limit + 1),
    );
    const page = toPage(
      rows,
      query.limit,
      ({ rank, id }) => [rank, id],
      (row) => toSearchHitDto(row, terms, nowMs, this.names),
    );
    return { ...freshness, ...page };
  }
}

function placeOf(cursor: string): [rank: number, id: string] {
  const [rank, id] = decodeCursor(cursor, ['number', 'string'] as const);
  if (Math.abs(rank) > MOST_RANK) throw invalidQuery('cursor', 'was not made by this list');
  return [rank, id];
}
