import type { Seat } from '../campaigns/campaign-access.service.js';
import { GramReader } from '../names/name-grams.js';
import { type ComparedName, MOST_LETTERS } from '../names/name-likeness.js';
import type { SearchFilter } from '../search/search.repository.js';
import { piecesOf } from './index-document.js';
import { PLAIN_TITLE, titleField, wordsField } from './index-layout.js';
import { anyOf, wordsQuery } from './words-query.js';

// Questions to an index, in the part of the query language that Elasticsearch and OpenSearch share. Each carries who asks: what they do not
// see is left out before anything is ranked, cut or counted.

/** Texts that are ranked, the best first. */
const MOST_TEXTS = 100;
/** Names that are compared one by one, those that share most pieces with what was asked. */
const MOST_CANDIDATES = 400;
/** Words in titles count more. */
const TITLE_BOOST = 4;
/** One word that sounds alike counts like so much of pieces. */
const SOUND_BOOST = 12;

export interface IndexAsker {
  readonly seat: Seat;
  /** Ids of what is lent to them. */
  readonly granted: readonly string[];
  readonly filter: SearchFilter;
  /** Ids of what appeared in the session of the filter, as far as the asker sees; null = it asks for none. */
  readonly met: readonly string[] | null;
}

/** What somebody sees of a campaign, and what they want of it. */
export function scopeOf({ seat, granted, filter, met }: IndexAsker): object[] {
  const isTold = [
    { term: { is_for_party: true } },
    { term: { seen_by: seat.userId } },
    { terms: { id: granted } },
  ];
  return [
    { term: { campaign_id: seat.campaignId } },
    { term: { is_deleted: false } },
    ...(seat.role === 'gm' ? [] : [anyOf(isTold)]),
    ...(filter.kinds.length === 0 ? [] : [{ terms: { kind: filter.kinds } }]),
    ...filter.tags.map((tag) => ({ term: { tags: tag } })),
    ...(met === null ? [] : [{ terms: { id: met } }]),
  ];
}

/** @param text '' = whatever the filter leaves @returns undefined where the text asks for no words */
function wordsOf({ seat }: IndexAsker, text: string): object | undefined {
  if (text === '') return { match_all: {} };
  const { language } = seat.campaign;
  return wordsQuery(text, [wordsField(language), PLAIN_TITLE]);
}

/** Whose texts hold the words, the best first. */
export function textsQuery(asker: IndexAsker, text: string): object {
  const title = { [titleField(asker.seat.campaign.language)]: { query: text, boost: TITLE_BOOST } };
  return {
    size: MOST_TEXTS,
    _source: false,
    track_total_hits: false,
    query: {
      bool: {
        filter: scopeOf(asker),
        must: [wordsOf(asker, text) ?? { match_none: {} }],
        should: text === '' ? [] : [{ match: title }],
      },
    },
    sort: [{ _score: 'desc' }, { order: 'asc' }, { id: 'asc' }],
  };
}

/** Who is called something like it. @param weights of pieces @returns undefined where the text has no letters */
export function namesQuery(
  asker: IndexAsker,
  text: string,
  { compared, weights, hasSounds }: { compared: ComparedName; weights: Float32Array; hasSounds: boolean },
): object | undefined {
  if (compared.letters.length === 0) return undefined;
  const pieces = [...piecesOf(compared, new GramReader())];
  const alike = (prefix: '' | 'masters_'): object =>
    anyOf([
      ...pieces.map((piece) => ({
        term: { [`${prefix}pieces`]: { value: String(piece), boost: weights[piece] } },
      })),
      ...(hasSounds
        ? [{ match: { [`${prefix}sounds`]: { query: text.slice(0, MOST_LETTERS), boost: SOUND_BOOST } } }]
        : []),
    ]);
  const isMaster = asker.seat.role === 'gm';
  return {
    size: MOST_CANDIDATES,
    _source: isMaster ? ['names', 'masters_names'] : ['names'],
    track_total_hits: false,
    query: {
      bool: {
        filter: scopeOf(asker),
        must: [isMaster ? { dis_max: { queries: [alike(''), alike('masters_')] } } : alike('')],
      },
    },
    sort: [{ _score: 'desc' }, { id: 'asc' }],
  };
}

/** How many of each kind hold the words, or are among these; the largest first. */
export function countsQuery(asker: IndexAsker, text: string, ids: readonly string[]): object {
  const words = wordsOf(asker, text);
  return {
    size: 0,
    track_total_hits: false,
    query: {
      bool: {
        filter: [...scopeOf(asker), anyOf([...(words === undefined ? [] : [words]), { terms: { id: ids } }])],
      },
    },
    aggs: { kinds: { terms: { field: 'kind', size: 50, order: [{ _count: 'desc' }, { _key: 'asc' }] } } },
  };
}

/** How many objects of a campaign an index holds, and the sum of their numbers. */
export function tallyQuery(campaignId: string): object {
  return {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter: [{ term: { campaign_id: campaignId } }, { term: { is_deleted: false } }] } },
    aggs: { changes: { sum: { field: 'change' } } },
  };
}
