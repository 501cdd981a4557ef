import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { CampaignAccess, type CallersReads, type Seat } from '../campaigns/campaign-access.service.js';
import { NearestObjects } from '../search-vectors/nearest-objects.service.js';
import { bareLetters } from '../names/name-text.js';
import { emptySearch } from '../tabletop.errors.js';
import { toAsker } from './asker.js';
import { fuseHits } from './fuse-hits.js';
import { QuestionReader, type ReadQuestion } from './question-reader.service.js';
import { RecentSearchesRepository } from './recent-searches.repository.js';
import type {
  CampaignSearchQueryDto,
  Match,
  SearchAnswerDto,
  CampaignHitDto,
  UnderstoodDto,
} from './search.dto.js';
import { nameOfLetters, toFoundObjectDto } from './search.mapper.js';
import type { Found } from './found.js';
import { SearchEngine } from './search-engine.service.js';
import { type FoundObjectRow, type SearchFilter, SearchRepository } from './search.repository.js';

/** Names count more than texts where they are believed. */
const NAME_WEIGHT = 1.5;
/** What only means something like it counts less than words that stand there. */
const MEANING_WEIGHT = 0.7;
/** "Did you mean" is asked when it is likelier than not. */
const BELIEVED = 0.6;

/** One box over everything that somebody sees of a campaign. */
@Injectable()
export class SearchService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly engine: SearchEngine,
    private readonly rows: SearchRepository,
    private readonly recents: RecentSearchesRepository,
    private readonly questions: QuestionReader,
    private readonly nearest: NearestObjects,
  ) {}

  /** @throws DomainError unknown campaign; nothing to search for */
  async search(
    caller: Principal,
    campaignId: string,
    query: CampaignSearchQueryDto,
  ): Promise<SearchAnswerDto> {
    const { seat, granted } = await this.seatOf(caller, campaignId);
    const question = await this.questions.read(query.q ?? '', query.ai === 'true', seat.campaign.aiPolicy);
    const understood = understand(query, question);
    const { text } = understood;
    const filter = toFilter(understood);
    const isNarrowed = query.types !== undefined || query.tags !== undefined || filter.session !== null;
    if (bareLetters(text) === '' && !isNarrowed && filter.kinds.length === 0 && !filter.isLastSession)
      throw emptySearch();
    const [{ found, engine, standsInFor }, near] = await Promise.all([
      this.engine.find(seat, granted, filter, text),
      query.ai === 'true' ? this.nearest.find(seat, filter, text) : [],
    ]);
    const ranked = fuse(found, near).slice(0, query.limit);
    const { texts } = found.judged;
    const ids = ranked.map(({ id }) => id);
    const inText = texts.filter((id) => ids.includes(id));
    const [objects] = await Promise.all([
      this.uow.read<FoundObjectRow>(caller, this.rows.listFound(toAsker(seat).config, text, ids, inText)),
      this.remember(caller, seat.campaignId, found.isDelicate ? undefined : query.q),
    ]);
    const byId = new Map(objects.map((row) => [row.id, row]));
    const items = ranked.flatMap(({ id }) => {
      const row = byId.get(id);
      return row === undefined ? [] : [toHit(row, found, near)];
    });
    return {
      items,
      kinds: found.judged.kinds,
      didYouMean: didYouMean(text, items, texts.length > 0),
      understood,
      engine,
      standsInFor,
    };
  }

  /** As whom somebody asks, and what is lent to them. @throws DomainError unknown campaign */
  async seatOf(caller: Principal, campaignId: string): Promise<{ seat: Seat; granted: string[] }> {
    const reads: CallersReads = { query: (statement) => this.uow.read(caller, statement) };
    const seating = this.access.require(reads, caller, campaignId);
    if (!isUuid(campaignId)) return { seat: await seating, granted: [] };
    const [seat, granted] = await Promise.all([
      seating,
      reads.query<{ id: string }>(this.rows.listGranted(campaignId, caller.id)),
    ]);
    return { seat, granted: granted.map(({ id }) => id) };
  }

  /** @param asked nothing, also where it quotes a secret: that would lie there in the clear */
  private async remember(caller: Principal, campaignId: string, asked: string | undefined): Promise<void> {
    if (asked === undefined) return;
    await this.uow.run(caller, (tx) => {
      tx.withCommit(this.recents.upsert(caller.id, campaignId, asked.trim()));
      return Promise.resolve();
    });
  }
}

function understand(query: CampaignSearchQueryDto, question: ReadQuestion): UnderstoodDto {
  return {
    text: question.text,
    types: [...(query.types ?? question.kinds)],
    tags: query.tags ?? [],
    session: query.session ?? question.session,
    isLastSession: query.session === undefined && question.isLastSession,
    by: question.by,
  };
}

function toFilter({ types, tags, session, isLastSession }: UnderstoodDto): SearchFilter {
  return { kinds: types, tags, session, isLastSession };
}

function fuse({ names, judged, secrets }: Found, near: readonly string[]): { id: string; score: number }[] {
  return fuseHits(
    [
      { weight: NAME_WEIGHT, ids: names.map(({ hit }) => hit.id) },
      { weight: 1, ids: judged.texts },
      { weight: 1, ids: [...secrets.keys()] },
      { weight: MEANING_WEIGHT, ids: near },
    ],
    names.filter(({ confidence }) => confidence >= BELIEVED).map(({ hit }) => hit.id),
  );
}

function toHit(
  row: FoundObjectRow,
  { names, judged, secrets }: Found,
  near: readonly string[],
): CampaignHitDto {
  const name = names.find(({ hit }) => hit.id === row.id);
  const isInText = judged.texts.includes(row.id);
  const fields = secrets.get(row.id) ?? [];
  const matchedName = name === undefined ? undefined : nameOfLetters(row, name.hit.letters);
  const matchedBy: Match[] = [];
  if (name !== undefined) matchedBy.push(matchOf(row, matchedName));
  if (isInText) matchedBy.push(row.headline === null ? 'filter' : 'text');
  if (fields.length > 0) matchedBy.push('secret');
  if (near.includes(row.id)) matchedBy.push('meaning');
  return {
    object: toFoundObjectDto(row),
    matchedBy,
    matchedName: matchedName ?? null,
    confidence: name === undefined ? null : Number(name.confidence.toFixed(4)),
    headline: row.headline === '' ? null : row.headline,
    secretFields: fields,
  };
}

function matchOf(row: FoundObjectRow, matchedName: string | undefined): Match {
  if (matchedName === undefined) return 'learnt';
  return matchedName === row.name ? 'name' : 'alias';
}

function didYouMean(text: string, items: readonly CampaignHitDto[], hasTexts: boolean): string | null {
  const [first] = items;
  if (hasTexts || first?.matchedName == null || (first.confidence ?? 0) < BELIEVED) return null;
  return bareLetters(first.matchedName) === bareLetters(text) ? null : first.matchedName;
}
