import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { SeatRole } from '../campaigns/campaign-kinds.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import { refusedWords } from './search-words.js';
import { visibleTo } from '../objects/visible-objects.js';

export interface SearchFilter {
  /** Empty = all. */
  readonly kinds: readonly ObjectKind[];
  /** All of them. */
  readonly tags: readonly string[];
  /** Number of a session in which it appeared, or that it is. */
  readonly session: number | null;
  /** The last session that the asker sees. */
  readonly isLastSession: boolean;
}

export interface Asker {
  readonly campaignId: string;
  readonly userId: string;
  readonly role: SeatRole;
  /** PostgreSQL's name of the campaign's language. */
  readonly config: string;
}

/** What the asker sees of what was found. */
export interface JudgedRow {
  /** Of texts, the best first. */
  readonly texts: string[];
  /** Of those that were named, in their order. */
  readonly named: string[];
  /** Of those that were named, who appeared in one of the last two sessions. */
  readonly recent: string[];
  readonly kinds: { kind: ObjectKind; count: number }[];
}

export interface FoundObjectRow {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly summary: string;
  readonly tags: string[];
  readonly aliases: string[];
  /** Where its text holds words that were asked for. */
  readonly headline: string | null;
}

/** More matches than this are not ranked: the words say nothing. */
const MOST_MATCHES = 5_000;
const MOST_TEXTS = 100;
/** Cosine distance beyond which texts have little to do with each other, and how many within it are candidates. */
const MOST_DISTANCE = 0.6;
const MOST_NEAREST = 20;
const MOST_HEADLINE_TEXT = 20_000;
/** What the matching words stand between. */
export const HEADLINE_MARKS = ['⟦', '⟧'] as const;
const HEADLINE = `StartSel=${HEADLINE_MARKS[0]}, StopSel=${HEADLINE_MARKS[1]}, MaxWords=24, MinWords=8, MaxFragments=2, FragmentDelimiter=" … "`;

const isShown = (link: string): string =>
  `($3 = 'gm' OR ${link}.visibility IN ('party', 'public') OR $2::uuid = ANY (${link}.shown_to))`;
const SEEN = (object: string): string => visibleTo(object, '$2::uuid', '$3');
const NUMBER = `(CASE WHEN s.details->>'number' ~ '^[0-9]{1,9}$' THEN (s.details->>'number')::int END)`;
const FILTER = `(cardinality($4::text[]) = 0 OR o.kind = ANY ($4)) AND o.tags @> $5::text[]`;
const OF_SESSION = `(o.id IN (SELECT id FROM met) OR o.id IN (SELECT to_id FROM appeared))`;

const SESSIONS = `
  sessions AS (
    SELECT s.id, ${NUMBER} AS number FROM tabletop.object s
    WHERE s.campaign_id = $1 AND s.kind = 'session' AND ${SEEN('s')})`;

/** What appeared in a session, as far as the asker sees. @param number SQL of its number; null = the last one */
const metIn = (number: string): string => `
  met AS (SELECT id FROM sessions WHERE number = coalesce(${number}::int, (SELECT max(number) FROM sessions))),
  appeared AS (
    SELECT l.to_id FROM tabletop.link l
    WHERE l.campaign_id = $1 AND l.kind = 'appearance' AND l.from_id IN (SELECT id FROM met) AND ${isShown('l')})`;

const inEither = (config: string, words: string): string =>
  `(websearch_to_tsquery(${config}::regconfig, ${words}) || websearch_to_tsquery('simple', ${words}))`;
/** What holds words. @param config, words, refused SQL of the name of their language, of them, and of those that must not be there */
const matching = (config: string, words: string, refused: string, filter: string): string => `
  asked AS MATERIALIZED (SELECT ${inEither(config, words)} && !!${inEither(config, refused)} AS query),
  texts AS (
    SELECT o.id, o.kind, o.name, ts_rank_cd(o.search, asked.query) AS rank FROM tabletop.object o, asked
    WHERE o.campaign_id = $1 AND o.search @@ asked.query AND ${SEEN('o')} AND ${filter}
    ORDER BY o.id DESC LIMIT ${MOST_MATCHES})`;

const listing = (filter: string): string => `
  texts AS (
    SELECT o.id, o.kind, o.name, 0 AS rank FROM tabletop.object o
    WHERE o.campaign_id = $1 AND ${SEEN('o')} AND ${filter} LIMIT ${MOST_MATCHES})`;

const NO_TEXTS = `
  texts AS (SELECT o.id, o.kind, o.name, 0 AS rank FROM tabletop.object o WHERE false)`;

/** Full text and filters over what somebody sees. */
@Injectable()
export class SearchRepository {
  /**
   * For the platform's role, since policies keep PostgreSQL from using the index: who sees what stands in the statement, before every limit
   * and count. @param text '' = no words, everything that the filter says; null = none of it @param named ids that were found by name
   */
  judge(asker: Asker, filter: SearchFilter, text: string | null, named: readonly string[]): Statement {
    const { campaignId, userId, role, config } = asker;
    const { kinds, tags, session, isLastSession } = filter;
    const values: unknown[] = [campaignId, userId, role, kinds, tags, named];
    // A statement for each of six cases: PostgreSQL would plan one with branches anew each time, which takes longer than the search.
    const isOfSession = session !== null || isLastSession;
    const met = isOfSession ? `,${metIn(`$${values.push(session)}`)}` : '';
    const narrowed = isOfSession ? `${FILTER} AND ${OF_SESSION}` : FILTER;
    const ofSession = isOfSession ? '-of-session' : '';
    let [texts, kind] = [NO_TEXTS, 'named'];
    if (text === '') [texts, kind] = [listing(narrowed), 'listed'];
    else if (text !== null)
      [texts, kind] = [
        matching(
          `$${values.push(config)}`,
          `$${values.push(text)}`,
          `$${values.push(refusedWords(text))}`,
          narrowed,
        ),
        'words',
      ];
    return {
      name: `tabletop.search.judge-${kind}${ofSession}`,
      text: `
        WITH ${SESSIONS}${met},
        lately AS (SELECT id FROM sessions WHERE number IS NOT NULL ORDER BY number DESC LIMIT 2),${texts},
        named AS (
          SELECT o.id, o.kind, n.place FROM unnest($6::uuid[]) WITH ORDINALITY n (id, place) JOIN tabletop.object o ON o.id = n.id
          WHERE o.campaign_id = $1 AND ${SEEN('o')} AND ${narrowed})
        SELECT
          coalesce((SELECT array_agg(id ORDER BY rank DESC, name, id)
                    FROM (SELECT * FROM texts ORDER BY rank DESC, name, id LIMIT ${MOST_TEXTS}) best), '{}') AS texts,
          coalesce((SELECT array_agg(id ORDER BY place) FROM named), '{}') AS named,
          coalesce((SELECT array_agg(DISTINCT l.to_id) FROM tabletop.link l
                    WHERE l.campaign_id = $1 AND l.kind = 'appearance' AND l.from_id IN (SELECT id FROM lately)
                      AND l.to_id IN (SELECT id FROM named) AND ${isShown('l')}), '{}') AS recent,
          coalesce((SELECT json_agg(json_build_object('kind', kind, 'count', count) ORDER BY count DESC, kind)
                    FROM (SELECT kind, count(*)::int AS count FROM (SELECT id, kind FROM texts UNION SELECT id, kind FROM named) found
                          GROUP BY kind) counted), '[]') AS kinds`,
      values,
    };
  }

  /** For the platform's role: the session that a filter says, and what appeared there. @param filter one that says a session */
  listMet({ campaignId, userId, role }: Asker, { session }: SearchFilter): Statement {
    return {
      name: 'tabletop.search.list-met',
      text: `WITH ${SESSIONS},${metIn('$4')} SELECT id FROM met UNION SELECT to_id FROM appeared`,
      values: [campaignId, userId, role, session],
    };
  }

  /**
   * For the platform's role: what means something like a vector, the nearest first, among the objects that changed last. Vectors of other models and of texts
   * as they were before are left out. @param schema of pgvector, as it stands in SQL
   */
  nearest(
    { campaignId, userId, role }: Asker,
    { kinds, tags, session, isLastSession }: SearchFilter,
    { schema, model, embedding }: { schema: string; model: string; embedding: readonly number[] },
  ): Statement {
    const isOfSession = session !== null || isLastSession;
    const values: unknown[] = [campaignId, userId, role, kinds, tags, model, embedding];
    const met = isOfSession ? `${SESSIONS},${metIn(`$${values.push(session)}`)},` : '';
    return {
      name: `tabletop.search.nearest${isOfSession ? '-of-session' : ''}`,
      text: `
        WITH ${met} compared AS MATERIALIZED (
          SELECT o.id, v.embedding FROM tabletop.object o JOIN tabletop.object_vector v ON v.object_id = o.id AND v.object_version = o.version
          WHERE o.campaign_id = $1 AND v.model = $6 AND ${SEEN('o')} AND ${FILTER}${isOfSession ? ` AND ${OF_SESSION}` : ''}
          ORDER BY o.change_seq DESC LIMIT ${MOST_MATCHES}),
        measured AS MATERIALIZED (
          SELECT id, embedding::${schema}.vector OPERATOR(${schema}.<=>) $7::real[]::${schema}.vector AS distance FROM compared
          WHERE cardinality(embedding) = cardinality($7::real[]))
        SELECT id FROM measured WHERE distance < ${MOST_DISTANCE} ORDER BY distance, id LIMIT ${MOST_NEAREST}`,
      values,
      isPlannedAnew: true, // its text holds the schema
    };
  }

  /** In the scope of the asker: row-level security judges once more. @param texts of which a headline is wanted */
  listFound(config: string, text: string, ids: readonly string[], texts: readonly string[]): Statement {
    return {
      name: 'tabletop.search.list-found',
      text: `SELECT o.id, o.kind, o.name, o.summary, o.tags, o.aliases,
               CASE WHEN o.id = ANY ($4::uuid[]) AND numnode(asked.query) > 0 THEN
                 ts_headline($1::regconfig, left(concat_ws(E'\\n', nullif(o.summary, ''), o.body), ${MOST_HEADLINE_TEXT}), asked.query, '${HEADLINE}')
               END AS headline
             FROM tabletop.object o, (SELECT websearch_to_tsquery($1::regconfig, $2) AS query) asked
             WHERE o.id = ANY ($3::uuid[]) AND o.deleted_at IS NULL`,
      values: [config, text, ids, texts],
    };
  }

  /** What is lent to somebody in a campaign, in their own scope. */
  listGranted(campaignId: string, userId: string): Statement {
    return {
      name: 'tabletop.search.list-granted',
      text: `SELECT object_id AS id FROM tabletop.access_grant WHERE campaign_id = $1 AND user_id = $2 AND expires_at > now()`,
      values: [campaignId, userId],
    };
  }
}
