import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RaceResultEntity } from './race-result.entity.js';

export type ResultRow = RaceResultEntity;
/** Without what only replays read. */
export type ResultHead = Omit<ResultRow, 'gapCurve'>;
/** What a result is, whenever it was settled and for the how manieth time. */
export type SettledResult = Omit<ResultRow, 'version' | 'settledAt'>;

export interface HistorySummary {
  readonly wins: number;
  readonly losses: number;
  readonly abandoned: number;
  /** Null where nothing was finished. */
  readonly averageDifferenceS: number | null;
}

const COLUMN = {
  id: 'id',
  runId: 'run_id',
  ghostId: 'ghost_id',
  userId: 'user_id',
  raceId: 'race_id',
  originGhostId: 'origin_ghost_id',
  ghostName: 'ghost_name',
  ghostType: 'ghost_type',
  status: 'status',
  startedAt: 'started_at',
  userTimeS: 'user_time_s',
  ghostTimeS: 'ghost_time_s',
  timeDifferenceS: 'time_difference_s',
  errorBarS: 'error_bar_s',
  isTooClose: 'is_too_close',
  averageGapS: 'average_gap_s',
  maxGapS: 'max_gap_s',
  minGapS: 'min_gap_s',
  distanceCompletedM: 'distance_completed_m',
  completionRatio: 'completion_ratio',
  splits: 'splits',
  heartRates: 'heart_rates',
  plausibility: 'plausibility',
  gapCurve: 'gap_curve',
  curveVersion: 'curve_version',
  trackVersion: 'track_version',
  rulesVersion: 'rules_version',
} as const satisfies Record<keyof SettledResult, string>;

const NAMES = Object.keys(COLUMN) as (keyof SettledResult)[];
const LISTS: readonly (keyof SettledResult)[] = ['splits', 'heartRates', 'plausibility'];
const HEAD = [
  ...NAMES.filter((name) => name !== 'gapCurve').map((name) => `${COLUMN[name]} AS "${name}"`),
  'version',
  'settled_at AS "settledAt"',
].join(', ');
/** Who it is of, which neither changes nor makes another result. */
const KEYS: readonly (keyof SettledResult)[] = ['id', 'runId', 'ghostId', 'userId'];
/** What it was computed of: a result that comes out the same stays the version that it is. */
const MADE_OF: readonly (keyof SettledResult)[] = ['curveVersion', 'trackVersion', 'rulesVersion'];
const CHANGING = NAMES.filter((name) => !KEYS.includes(name));
const TOLD = CHANGING.filter((name) => !MADE_OF.includes(name));

/** Official results, in the scope of their runner or of the platform. */
@Injectable()
export class RaceResultsRepository {
  /** In place of the one before; its version grows where something else came out. */
  async upsertResult(tx: Tx, result: SettledResult): Promise<void> {
    const columns = NAMES.map((name) => COLUMN[name]).join(', ');
    const places = NAMES.map((name, index) => `$${index + 1}${LISTS.includes(name) ? '::jsonb' : ''}`).join(
      ', ',
    );
    const sets = CHANGING.map((name) => `${COLUMN[name]} = excluded.${COLUMN[name]}`).join(', ');
    const [before, after] = ['r', 'excluded'].map((row) =>
      TOLD.map((name) => `${row}.${COLUMN[name]}`).join(', '),
    );
    const isNew = `(${before}) IS DISTINCT FROM (${after})`;
    await tx.query({
      name: 'running.race-results.upsert-result',
      text: `INSERT INTO running.race_result AS r (${columns}) VALUES (${places})
             ON CONFLICT (run_id, ghost_id) DO UPDATE SET ${sets}, version = r.version + CASE WHEN ${isNew} THEN 1 ELSE 0 END,
               settled_at = CASE WHEN ${isNew} THEN clock_timestamp() ELSE r.settled_at END`,
      values: NAMES.map((name) => (LISTS.includes(name) ? JSON.stringify(result[name]) : result[name])),
    });
  }

  /** Runs with a result that was judged by older rules, and can be judged again: its ghost's curve and its track are still there. */
  listRunsByOlderRules(tx: Tx, rulesVersion: number, limit: number): Promise<{ runId: string }[]> {
    return tx.query<{ runId: string }>({
      name: 'running.race-results.list-runs-by-older-rules',
      text: `SELECT DISTINCT x.run_id AS "runId" FROM running.race_result x
             JOIN running.race_participant p ON p.race_id = x.race_id AND p.run_id = x.run_id
             JOIN running.race_ghost g ON g.race_id = x.race_id AND g.ghost_id = x.ghost_id
             JOIN running.ghost_curve c ON c.ghost_id = g.origin_ghost_id AND c.version = g.curve_version
             JOIN running.run r ON r.id = x.run_id AND r.has_track AND r.status = 'finished'
             WHERE x.rules_version < $1 ORDER BY 1 LIMIT $2`,
      values: [rulesVersion, limit],
    });
  }

  listByRun(tx: Tx, runId: string): Promise<ResultHead[]> {
    return tx.query<ResultHead>({
      name: 'running.race-results.list-by-run',
      text: `SELECT ${HEAD} FROM running.race_result WHERE run_id = $1 ORDER BY id`,
      values: [runId],
    });
  }

  listByRace(tx: Tx, userId: string, raceId: string): Promise<ResultHead[]> {
    return tx.query<ResultHead>({
      name: 'running.race-results.list-by-race',
      text: `SELECT ${HEAD} FROM running.race_result WHERE race_id = $2 AND user_id = $1 ORDER BY id`,
      values: [userId, raceId],
    });
  }

  /** The same with the gap along the way. */
  listCurves(
    tx: Tx,
    userId: string,
    raceId: string,
  ): Promise<Pick<ResultRow, 'ghostId' | 'ghostName' | 'gapCurve'>[]> {
    return tx.query<Pick<ResultRow, 'ghostId' | 'ghostName' | 'gapCurve'>>({
      name: 'running.race-results.list-curves',
      text: `SELECT ghost_id AS "ghostId", ghost_name AS "ghostName", gap_curve AS "gapCurve"
             FROM running.race_result WHERE race_id = $2 AND user_id = $1 ORDER BY id`,
      values: [userId, raceId],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listPage(tx: Tx, userId: string, before: string | null, limit: number): Promise<ResultHead[]> {
    return tx.query<ResultHead>({
      name: 'running.race-results.list-page',
      text: `SELECT ${HEAD} FROM running.race_result WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      values: [userId, before, limit],
      isPlannedAnew: true,
    });
  }

  async summarize(tx: Tx, userId: string): Promise<HistorySummary> {
    const [row] = await tx.query<HistorySummary>({
      name: 'running.race-results.summarize',
      text: `SELECT count(*) FILTER (WHERE status = 'won')::int AS wins, count(*) FILTER (WHERE status = 'lost')::int AS losses,
               count(*) FILTER (WHERE status IN ('abandoned', 'not_started'))::int AS abandoned,
               avg(time_difference_s) FILTER (WHERE status IN ('won', 'lost')) AS "averageDifferenceS"
             FROM running.race_result WHERE user_id = $1`,
      values: [userId],
    });
    return row!;
  }
}
