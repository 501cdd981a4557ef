import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { storedDate, storedInt } from './stored-days.js';
import type { TimelineKind, TimelineOrder } from './timeline-kinds.js';

export interface TimelineRow {
  readonly kind: TimelineKind;
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly day: number | null;
  readonly endDay: number | null;
  readonly onDate: string | null;
  readonly objectId: string;
}

export interface TimelineFilter {
  readonly by: TimelineOrder;
  readonly kinds: readonly TimelineKind[] | null;
  readonly fromDay: number | null;
  readonly toDay: number | null;
  readonly fromDate: string | null;
  readonly toDate: string | null;
  /** Objects, all seen by the caller, that an entry has to be about or to have in it. */
  readonly about: readonly string[];
}

/** The last entry of the page before. */
export interface TimelinePlace {
  readonly key: number | string;
  readonly kind: string;
  readonly id: string;
}

const [DAY, END_DAY, HELD, ON] = [
  storedInt(`o.details->'day'`),
  storedInt(`o.details->'endDay'`),
  storedDate(`o.details->'heldOn'`),
  storedDate(`o.details->'onDate'`),
];
const [SESSION_DAY, SESSION_HELD] = [storedInt(`s.details->'day'`), storedDate(`s.details->'heldOn'`)];

/** `other_id`: where it is, or who else is in it; never told, and compared with what the caller sees alone. */
const ENTRIES = `
  SELECT 'session' AS kind, o.id, o.name AS title, o.summary AS text, ${DAY} AS day, ${END_DAY} AS "endDay", ${HELD} AS "onDate",
    o.id AS "objectId", NULL::uuid AS other_id, '{}'::uuid[] AS who
  FROM tabletop.object o WHERE o.campaign_id = $1 AND o.kind = 'session' AND o.deleted_at IS NULL
  UNION ALL
  SELECT 'event', o.id, o.name, o.summary, ${DAY}, ${END_DAY}, ${ON}, o.id, o.parent_id, '{}'
  FROM tabletop.object o WHERE o.campaign_id = $1 AND o.kind = 'event' AND o.deleted_at IS NULL
  UNION ALL
  SELECT CASE b.kind WHEN 'milestone' THEN 'milestone' ELSE 'pay-off' END, b.id, b.title, b.note, coalesce(b.done_day, ${SESSION_DAY}), NULL,
    ${SESSION_HELD}, b.plot_id, s.id, b.discovered_by
  FROM tabletop.plot_beat b
  JOIN tabletop.object p ON p.id = b.plot_id AND p.deleted_at IS NULL
  LEFT JOIN tabletop.object s ON s.id = b.done_in AND s.deleted_at IS NULL
  WHERE b.campaign_id = $1 AND b.is_done
  UNION ALL
  SELECT 'planted', b.id, b.title, b.note, coalesce(b.planted_day, ${SESSION_DAY}), NULL, ${SESSION_HELD}, b.plot_id, s.id, b.discovered_by
  FROM tabletop.plot_beat b
  JOIN tabletop.object p ON p.id = b.plot_id AND p.deleted_at IS NULL
  LEFT JOIN tabletop.object s ON s.id = b.planted_in AND s.deleted_at IS NULL
  WHERE b.campaign_id = $1 AND b.kind = 'hook' AND (b.planted_day IS NOT NULL OR s.id IS NOT NULL)
  UNION ALL
  SELECT 'visit', l.id, s.name || ' · ' || t.name, coalesce(l.details->>'note', ''),
    coalesce(${storedInt(`l.details->'day'`)}, CASE WHEN s.kind = 'session' THEN ${SESSION_DAY} END), NULL,
    CASE WHEN s.kind = 'session' THEN ${SESSION_HELD} END, s.id, t.id, '{}'
  FROM tabletop.link l
  JOIN tabletop.object s ON s.id = l.from_id AND s.deleted_at IS NULL
  JOIN tabletop.object t ON t.id = l.to_id AND t.deleted_at IS NULL
  WHERE l.campaign_id = $1 AND l.kind = 'visit'`;

const KEYS: Readonly<Record<TimelineOrder, { key: string; type: string }>> = {
  world: { key: 'e.day', type: 'bigint' },
  real: { key: 'e."onDate"', type: 'text' },
};

/** All that has a day, in the scope of whoever asks: what they do not see is not in it, nor is anything told or counted by it. */
@Injectable()
export class TimelineRepository {
  /** Oldest first. @param after the last entry of the page before */
  listPage(
    campaignId: string,
    filter: TimelineFilter,
    after: TimelinePlace | null,
    limit: number,
  ): Statement {
    const { key, type } = KEYS[filter.by];
    return {
      name: `tabletop.timeline.list-page-${filter.by}`,
      text: `SELECT e.kind, e.id, e.title, e.text, e.day, e."endDay", e."onDate", e."objectId" FROM (${ENTRIES}) e
             WHERE ${key} IS NOT NULL AND ($2::text[] IS NULL OR e.kind = ANY ($2)) AND ($3::bigint IS NULL OR coalesce(e."endDay", e.day) >= $3)
               AND ($4::bigint IS NULL OR e.day <= $4) AND ($5::text IS NULL OR e."onDate" >= $5) AND ($6::text IS NULL OR e."onDate" <= $6)
               AND NOT EXISTS (SELECT FROM unnest($7::uuid[]) x (id) WHERE (
                 x.id = e."objectId" OR x.id = e.other_id OR x.id = ANY (e.who) OR EXISTS (
                   SELECT FROM tabletop.link l WHERE l.campaign_id = $1 AND l.from_id = e."objectId" AND l.to_id = x.id
                     AND l.kind IN ('appearance', 'mention'))) IS NOT TRUE)
               AND ($8::${type} IS NULL OR (${key}, e.kind, e.id) > ($8::${type}, $9::text, $10::uuid))
             ORDER BY ${key}, e.kind, e.id LIMIT $11`,
      values: [
        campaignId,
        filter.kinds,
        filter.fromDay,
        filter.toDay,
        filter.fromDate,
        filter.toDate,
        filter.about,
        after?.key ?? null,
        after?.kind ?? null,
        after?.id ?? null,
        limit,
      ],
      isPlannedAnew: true,
    };
  }
}
