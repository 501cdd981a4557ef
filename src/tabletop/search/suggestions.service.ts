import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { LetterCodes } from '../names/letter-codes.js';
import { toAsker, toViewer } from './asker.js';
import { CampaignNames } from './campaign-names.service.js';
import { MASTERS_NAMES } from './masters-names.js';
import { rankNames } from './rank-names.js';
import { type RecentSearchRow, RecentSearchesRepository } from './recent-searches.repository.js';
import type { SuggestionsDto, SuggestQueryDto } from './search.dto.js';
import { nameOfLetters, toFoundObjectDto } from './search.mapper.js';
import { type FoundObjectRow, SearchRepository } from './search.repository.js';
import { SearchService } from './search.service.js';

const MOST_RECENT_SHOWN = 5;
/** What is typed of a name sounds like many others until so many letters are there. */
const LEAST_FUZZY_LETTERS = 3;

interface Candidate {
  readonly id: string;
  readonly letters: LetterCodes;
  readonly isPrefix: boolean;
}

/** What somebody may be about to type: names that begin so, then names that sound or look like it. */
@Injectable()
export class Suggestions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly search: SearchService,
    private readonly names: CampaignNames,
    private readonly rows: SearchRepository,
    private readonly recents: RecentSearchesRepository,
  ) {}

  /** @throws DomainError unknown campaign */
  async suggest(
    caller: Principal,
    campaignId: string,
    { q, limit }: SuggestQueryDto,
  ): Promise<SuggestionsDto> {
    const { seat, granted } = await this.search.seatOf(caller, campaignId);
    const { index, ear } = await this.names.of(seat.campaignId);
    const viewer = toViewer(seat, granted);
    const typed = ear.compared(q);
    const candidates: Candidate[] = index
      .startingWith(typed.letters, viewer, limit)
      .map(({ id, letters }) => ({ id, letters, isPrefix: true }));
    if (candidates.length < limit && typed.letters.length >= LEAST_FUZZY_LETTERS)
      for (const { hit } of rankNames(index.find(typed, viewer), () => false))
        candidates.push({ id: hit.id, letters: hit.letters, isPrefix: false });
    const wanted = firstOfEach(candidates).slice(0, limit);
    const ids = wanted.map(({ id }) => id);
    const [objects, recent] = await Promise.all([
      this.uow.read<FoundObjectRow>(caller, this.rows.listFound(toAsker(seat).config, '', ids, [])),
      this.uow.read<RecentSearchRow>(caller, this.recents.list(caller.id, seat.campaignId, q.trim())),
    ]);
    const byId = new Map(objects.map((row) => [row.id, row]));
    return {
      items: wanted.flatMap(({ id, letters, isPrefix }) => {
        const row = byId.get(id);
        if (row === undefined) return [];
        return [{ object: toFoundObjectDto(row), text: nameOfLetters(row, letters) ?? row.name, isPrefix }];
      }),
      recent: recent.slice(0, MOST_RECENT_SHOWN).map(({ query }) => query),
    };
  }
}

function firstOfEach(candidates: readonly Candidate[]): Candidate[] {
  const known = new Set<string>();
  return candidates.flatMap((candidate) => {
    const id = candidate.id.replace(MASTERS_NAMES, '');
    if (known.has(id)) return [];
    known.add(id);
    return [{ ...candidate, id }];
  });
}
