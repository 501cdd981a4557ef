import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { SHOWN_RUN_FIELDS } from './run-columns.js';
import { NATIVE_SOURCES, type RunSource } from './run-terms.js';
import type { RunRow } from './runs.repository.js';

/** A run with when the newest of its fixes came; null where it is not being recorded. */
export type ShownRun = RunRow & { lastFixAt: Date | null };
/** A change of a run; of one that was deleted the rest is null. */
export type ChangedRow = ShownRun & { changedId: string; isGone: boolean; changedSeq: number };

/** The place of a run in a list: the value it is sorted by as text, and its id. */
export type RunPlace = readonly [key: string, id: string];

export interface RunFilter {
  readonly sources: readonly RunSource[] | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export const RUN_SORTS = {
  date: { key: 'started_at', cast: 'timestamptz' },
  distance: { key: 'coalesce(distance_m, 0)', cast: 'float8' },
} as const;

const NATIVE = NATIVE_SOURCES.map((source) => `'${source}'`).join(', ');
/** Whom everybody may see: for the platform's role, whose policies let it see all. Where a run came from stands here and nowhere else. */
const FOR_EVERYBODY = `run.visibility = 'public' AND run.source IN (${NATIVE}) AND run.status = 'finished'`;

/** Runs as they are read. */
@Injectable()
export class ShownRunsRepository {
  /** In its owner's scope. */
  findOwn(id: string): Statement {
    return {
      name: 'running.shown-runs.find-own',
      text: `SELECT ${SHOWN_RUN_FIELDS} FROM running.run WHERE id = $1`,
      values: [id],
    };
  }

  /** @param after only those behind this place in the list */
  listOwn(
    userId: string,
    filter: RunFilter,
    { sort, order }: { sort: keyof typeof RUN_SORTS; order: 'asc' | 'desc' },
    after: RunPlace | null,
    limit: number,
  ): Statement {
    const { key, cast } = RUN_SORTS[sort];
    const beyond = order === 'asc' ? '>' : '<';
    return {
      name: `running.shown-runs.list-own-${sort}-${order}`,
      text: `SELECT ${SHOWN_RUN_FIELDS} FROM running.run
             WHERE user_id = $1 AND ($2::text[] IS NULL OR source = ANY ($2)) AND ($3::timestamptz IS NULL OR started_at >= $3)
               AND ($4::timestamptz IS NULL OR started_at < $4)
               AND ($5::text IS NULL OR (${key}, id) ${beyond} ($5::${cast}, $6::uuid))
             ORDER BY ${key} ${order}, id ${order} LIMIT $7`,
      values: [userId, filter.sources, filter.from, filter.to, after?.[0] ?? null, after?.[1] ?? null, limit],
      isPlannedAnew: true,
    };
  }

  /** What everybody may see of one runner, newest first: for the platform's role. */
  listPublic(userId: string, after: RunPlace | null, limit: number): Statement {
    return {
      name: 'running.shown-runs.list-public',
      text: `SELECT ${SHOWN_RUN_FIELDS} FROM running.run
             WHERE user_id = $1 AND ${FOR_EVERYBODY}
               AND ($2::text IS NULL OR (started_at, id) < ($2::timestamptz, $3::uuid))
             ORDER BY started_at DESC, id DESC LIMIT $4`,
      values: [userId, after?.[0] ?? null, after?.[1] ?? null, limit],
      isPlannedAnew: true,
    };
  }

  /** Changes behind a number, oldest first; each run with its last one. */
  listChanges(userId: string, sinceSeq: number, limit: number): Statement {
    return {
      name: 'running.shown-runs.list-changes',
      text: `SELECT c.id AS "changedId", c.seq AS "changedSeq", c.is_gone AS "isGone", ${SHOWN_RUN_FIELDS}
             FROM ((SELECT id, change_seq AS seq, false AS is_gone FROM running.run WHERE user_id = $1 AND change_seq > $2
                    ORDER BY change_seq LIMIT $3)
                   UNION ALL
                   (SELECT run_id, change_seq, true FROM running.run_tombstone WHERE user_id = $1 AND change_seq > $2
                    ORDER BY change_seq LIMIT $3)
                   ORDER BY seq LIMIT $3) AS c (id, seq, is_gone)
             LEFT JOIN running.run ON run.id = c.id AND NOT c.is_gone ORDER BY c.seq`,
      values: [userId, sinceSeq, limit],
    };
  }
}
