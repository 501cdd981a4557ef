import type { StoryNames } from '../figures/story-names.js';
import { toSessionDto } from '../sessions/sessions.mapper.js';
import { pickLines } from './pick-lines.js';
import type { SearchHitDto, SearchMatchDto } from './search.dto.js';
import type { HitRow } from './search.repository.js';
import { type SearchTerms, snippetOf } from './search-terms.js';
import type { MatchedLine } from './pick-lines.js';

export function toSearchHitDto(
  row: HitRow,
  terms: SearchTerms,
  nowMs: number,
  names: StoryNames,
): SearchHitDto {
  const { shown, count } = pickLines(row, row.lines, terms);
  return {
    session: toSessionDto(row, nowMs, names),
    rank: row.rank,
    matchCount: count,
    matches: shown.map(toSearchMatchDto),
  };
}

function toSearchMatchDto({ line: { by, agent, turn, at, text }, hits }: MatchedLine): SearchMatchDto {
  const snippet = snippetOf(text, hits.highlights);
  return {
    by,
    agent,
    turn,
    at,
    text: snippet.text,
    isCutBefore: snippet.isCutBefore,
    isCutAfter: snippet.isCutAfter,
    highlights: snippet.highlights.map(({ from, to }) => ({ from, to })),
  };
}
