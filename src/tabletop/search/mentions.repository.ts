import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import { visibleTo } from '../objects/visible-objects.js';
import { type Asker, HEADLINE_MARKS } from './search.repository.js';

export interface MentioningRow {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly summary: string;
  readonly tags: string[];
  /** Kinds of links from it. */
  readonly linkKinds: string[];
  readonly isInText: boolean;
  readonly headline: string | null;
}

export interface RelatedRow {
  readonly id: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly summary: string;
  readonly tags: string[];
  /** Names of what both are linked to, at most five. */
  readonly sharedNames: string[];
  readonly sharedCount: number;
  /** Tags that both have. */
  readonly sharedTags: string[];
  readonly isMentioned: boolean;
  readonly isMentioning: boolean;
}

const MOST_HEADLINE_TEXT = 20_000;
const MOST_SHARED_NAMES = 5;
const HEADLINE = `StartSel=${HEADLINE_MARKS[0]}, StopSel=${HEADLINE_MARKS[1]}, MaxWords=24, MinWords=8, MaxFragments=1`;
const SEEN = (object: string): string => visibleTo(object, '$2::uuid', '$3');
const isShown = (link: string): string =>
  `($3 = 'gm' OR ${link}.visibility IN ('party', 'public') OR $2::uuid = ANY (${link}.shown_to))`;
/** A name as words that follow each other, in the campaign's language and as they stand. */
const phrases = (names: string): string => `
  (SELECT array_agg(query) FROM (
     SELECT phraseto_tsquery($4::regconfig, n) AS query FROM unnest(${names}) AS n
     UNION SELECT phraseto_tsquery('simple', n) FROM unnest(${names}) AS n) all_queries WHERE numnode(query) > 0)`;

/**
 * Who speaks of whom, for the platform's role, since policies keep PostgreSQL from using the index of words: who sees what stands in each
 * statement, before every limit.
 */
@Injectable()
export class MentionsRepository {
  /** @param names of the object, as the asker knows them @param after id of the last one of the page before */
  listMentioning(
    asker: Asker,
    objectId: string,
    names: readonly string[],
    after: string | null,
    limit: number,
  ): Statement {
    return {
      name: 'tabletop.mentions.list-mentioning',
      text: `
        WITH asked AS MATERIALIZED (SELECT ${phrases('$6::text[]')} AS queries),
        texts AS (SELECT o.id FROM tabletop.object o, asked WHERE o.campaign_id = $1 AND o.search @@ ANY (asked.queries)),
        links AS (
          SELECT l.from_id AS id, array_agg(DISTINCT l.kind) AS kinds FROM tabletop.link l
          WHERE l.campaign_id = $1 AND l.to_id = $5 AND l.kind IN ('mention', 'appearance') AND ${isShown('l')} GROUP BY l.from_id)
        SELECT o.id, o.kind, o.name, o.summary, o.tags, coalesce(links.kinds, '{}') AS "linkKinds", texts.id IS NOT NULL AS "isInText",
          CASE WHEN texts.id IS NOT NULL THEN (
            SELECT ts_headline($4::regconfig, left(concat_ws(E'\\n', nullif(o.summary, ''), o.body), ${MOST_HEADLINE_TEXT}), query, '${HEADLINE}')
            FROM asked, unnest(asked.queries) AS query WHERE o.search @@ query LIMIT 1) END AS headline
        FROM tabletop.object o LEFT JOIN texts ON texts.id = o.id LEFT JOIN links ON links.id = o.id
        WHERE o.campaign_id = $1 AND o.id <> $5 AND (texts.id IS NOT NULL OR links.id IS NOT NULL) AND ${SEEN('o')}
          AND ($7::uuid IS NULL OR o.id < $7)
        ORDER BY o.id DESC LIMIT $8`,
      values: [asker.campaignId, asker.userId, asker.role, asker.config, objectId, names, after, limit],
      isPlannedAnew: true,
    };
  }

  /**
   * What has to do with an object and is not linked to it yet: linked to the same things, told of in its text or telling of it, of the same
   * tags. @param names of the object, as the asker knows them
   */
  listRelated(asker: Asker, objectId: string, names: readonly string[], limit: number): Statement {
    return {
      name: 'tabletop.mentions.list-related',
      text: `
        WITH asked AS MATERIALIZED (SELECT ${phrases('$6::text[]')} AS queries),
        self AS MATERIALIZED (SELECT id, tags, to_tsvector('simple', summary || ' ' || body) AS words FROM tabletop.object WHERE id = $5),
        ends AS (
          SELECT l.to_id AS id FROM tabletop.link l WHERE l.campaign_id = $1 AND l.from_id = $5 AND ${isShown('l')}
          UNION SELECT l.from_id FROM tabletop.link l WHERE l.campaign_id = $1 AND l.to_id = $5 AND ${isShown('l')}),
        near AS MATERIALIZED (SELECT o.id, o.name FROM ends JOIN tabletop.object o ON o.id = ends.id WHERE ${SEEN('o')}),
        further AS (
          SELECT l.to_id AS id, near.id AS by, near.name FROM near JOIN tabletop.link l ON l.from_id = near.id
          WHERE l.campaign_id = $1 AND ${isShown('l')}
          UNION SELECT l.from_id, near.id, near.name FROM near JOIN tabletop.link l ON l.to_id = near.id
          WHERE l.campaign_id = $1 AND ${isShown('l')}),
        shared AS (
          SELECT f.id, count(*)::int AS count, (array_agg(f.name ORDER BY f.name))[1:${MOST_SHARED_NAMES}] AS names
          FROM further f WHERE f.id <> $5 GROUP BY f.id),
        mentioning AS (SELECT o.id FROM tabletop.object o, asked WHERE o.campaign_id = $1 AND o.search @@ ANY (asked.queries)),
        mentioned AS (
          SELECT o.id FROM tabletop.object o, self
          WHERE o.campaign_id = $1 AND length(o.name) > 3 AND numnode(phraseto_tsquery('simple', o.name)) > 0
            AND self.words @@ phraseto_tsquery('simple', o.name)),
        judged AS (
          SELECT o.id, o.kind, o.name, o.summary, o.tags, coalesce(shared.names, '{}') AS "sharedNames", coalesce(shared.count, 0) AS "sharedCount",
            ARRAY(SELECT unnest(o.tags) INTERSECT SELECT unnest(self.tags) ORDER BY 1) AS "sharedTags",
            mentioned.id IS NOT NULL AS "isMentioned", mentioning.id IS NOT NULL AS "isMentioning"
          FROM tabletop.object o CROSS JOIN self LEFT JOIN shared ON shared.id = o.id LEFT JOIN mentioned ON mentioned.id = o.id
            LEFT JOIN mentioning ON mentioning.id = o.id
          WHERE o.campaign_id = $1 AND o.id <> $5 AND ${SEEN('o')} AND NOT EXISTS (SELECT FROM near WHERE near.id = o.id)
            AND (shared.id IS NOT NULL OR mentioned.id IS NOT NULL OR mentioning.id IS NOT NULL OR o.tags && self.tags))
        SELECT * FROM judged
        ORDER BY 2 * "sharedCount" + 3 * ("isMentioned"::int + "isMentioning"::int) + cardinality("sharedTags") DESC, name, id LIMIT $7`,
      values: [asker.campaignId, asker.userId, asker.role, asker.config, objectId, names, limit],
      isPlannedAnew: true,
    };
  }
}
