import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { storedInt } from '../timeline/stored-days.js';

export interface DependencyRow {
  /** Of the link. */
  readonly id: string;
  readonly plotId: string;
  readonly name: string;
  readonly details: object;
}

export interface ThreadRow {
  readonly id: string;
  readonly name: string;
  readonly details: object;
  readonly lastSessionNumber: number | null;
  /** Null = it waits for nothing. */
  readonly openPrerequisites: number | null;
}

export interface StoryBeatRow {
  readonly id: string;
  readonly plotId: string;
  readonly kind: 'milestone' | 'hook';
  readonly title: string;
  readonly plantedSessionNumber: number | null;
  readonly dueSession: number | null;
  readonly dueDay: number | null;
  readonly isDiscovered: boolean;
  readonly isDone: boolean;
}

export interface StoryEventRow {
  readonly id: string;
  readonly name: string;
  readonly day: number;
  readonly isOver: boolean;
}

export interface StoryNowRow {
  readonly sessionNumber: number;
  readonly day: number | null;
}

const NUMBER = `(${storedInt(`s.details->'number'`)})`;
const LAST_DAY = `coalesce(${storedInt(`s.details->'endDay'`)}, ${storedInt(`s.details->'day'`)})`;
const EVENT_DAY = `(${storedInt(`e.details->'day'`)})`;
const CLOSED = `coalesce(d.details->>'status', '') IN ('resolved', 'abandoned')`;

/** Threads, what they wait for and what there is to think of, in the scope of whoever asks. */
@Injectable()
export class PlotsRepository {
  /** Until the end of the transaction no other thread of the campaign begins to wait for one. */
  async lockDependencies(tx: Tx, campaignId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.plots.lock-dependencies',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.tabletopTree}, hashtext($1))`,
      values: [campaignId],
    });
  }

  /** Those of deleted threads too, which may be restored into a circle. */
  allDependencies(campaignId: string): Statement {
    return {
      name: 'tabletop.plots.all-dependencies',
      text: `SELECT l.from_id AS "fromId", l.to_id AS "toId" FROM tabletop.link l WHERE l.campaign_id = $1 AND l.kind = 'dependency'`,
      values: [campaignId],
    };
  }

  dependenciesOf(campaignId: string, plotId: string, limit: number): Statement {
    return {
      name: 'tabletop.plots.dependencies-of',
      text: `SELECT l.id, d.id AS "plotId", d.name, d.details FROM tabletop.link l
             JOIN tabletop.object d ON d.id = l.to_id AND d.deleted_at IS NULL AND d.kind = 'plot'
             WHERE l.campaign_id = $1 AND l.from_id = $2 AND l.kind = 'dependency' ORDER BY d.name, d.id LIMIT $3`,
      values: [campaignId, plotId, limit],
    };
  }

  /** Those that are under way or could begin. */
  threads(campaignId: string): Statement {
    return {
      name: 'tabletop.plots.threads',
      text: `SELECT p.id, p.name, p.details, a.last AS "lastSessionNumber", w.open AS "openPrerequisites"
             FROM tabletop.object p
             LEFT JOIN (SELECT l.to_id, max(${NUMBER}) AS last FROM tabletop.link l
                        JOIN tabletop.object s ON s.id = l.from_id AND s.kind = 'session' AND s.deleted_at IS NULL
                        WHERE l.campaign_id = $1 AND l.kind = 'appearance' GROUP BY l.to_id) a ON a.to_id = p.id
             LEFT JOIN (SELECT l.from_id, count(*) FILTER (WHERE NOT ${CLOSED})::int AS open FROM tabletop.link l
                        JOIN tabletop.object d ON d.id = l.to_id AND d.deleted_at IS NULL
                        WHERE l.campaign_id = $1 AND l.kind = 'dependency' GROUP BY l.from_id) w ON w.from_id = p.id
             WHERE p.campaign_id = $1 AND p.kind = 'plot' AND p.deleted_at IS NULL
               AND coalesce(p.details->>'status', '') NOT IN ('dormant', 'resolved', 'abandoned')`,
      values: [campaignId],
    };
  }

  /** Those that have not come yet, of threads that are there. */
  beats(campaignId: string): Statement {
    return {
      name: 'tabletop.plots.beats',
      text: `SELECT b.id, b.plot_id AS "plotId", b.kind, b.title, ${NUMBER} AS "plantedSessionNumber",
               b.due_session AS "dueSession", b.due_day AS "dueDay", cardinality(b.discovered_by) > 0 AS "isDiscovered", b.is_done AS "isDone"
             FROM tabletop.plot_beat b
             JOIN tabletop.object p ON p.id = b.plot_id AND p.deleted_at IS NULL
             LEFT JOIN tabletop.object s ON s.id = b.planted_in AND s.deleted_at IS NULL
             WHERE b.campaign_id = $1 AND NOT b.is_done`,
      values: [campaignId],
    };
  }

  /** Those that are not over and have a day. */
  events(campaignId: string): Statement {
    return {
      name: 'tabletop.plots.events',
      text: `SELECT e.id, e.name, ${EVENT_DAY} AS day, false AS "isOver"
             FROM tabletop.object e
             WHERE e.campaign_id = $1 AND e.kind = 'event' AND e.deleted_at IS NULL AND ${EVENT_DAY} IS NOT NULL
               AND coalesce(e.details->>'isOver', '') <> 'true'`,
      values: [campaignId],
    };
  }

  /** By the last session that has a number; its day is the last one that any up to it has. */
  now(campaignId: string): Statement {
    return {
      name: 'tabletop.plots.now',
      text: `SELECT coalesce(max(${NUMBER}), 0) AS "sessionNumber",
               (array_agg(${LAST_DAY} ORDER BY ${NUMBER} DESC NULLS LAST) FILTER (WHERE ${LAST_DAY} IS NOT NULL))[1] AS day
             FROM tabletop.object s
             WHERE s.campaign_id = $1 AND s.kind = 'session' AND s.deleted_at IS NULL`,
      values: [campaignId],
    };
  }
}
