import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { SummedRun } from './run-sums.js';

/** When a run began by which clock. */
export interface RunMoment {
  readonly runId: string;
  readonly startedAt: Date;
  readonly timeZone: string | null;
}

export interface FigureRow extends SummedRun, RunMoment {
  readonly title: string | null;
}

export interface EffortRow extends RunMoment {
  readonly distanceM: number;
  readonly elapsedTimeS: number;
  readonly startM: number;
  readonly title: string | null;
}

export interface EffortOfRunRow extends RunMoment {
  readonly activeTimeS: number;
  readonly normalisedSpeedMps: number | null;
  readonly steadySpeedMps: number | null;
  readonly steadyHeartRateBpm: number | null;
  readonly heartRateFromBpm: number | null;
  readonly heartRateSeconds: number[] | null;
}

export interface InstantSpan {
  readonly from: Date;
  readonly to: Date;
}

const ALL_TIME: InstantSpan = {
  from: new Date('0001-01-01T00:00:00Z'),
  to: new Date('9999-01-01T00:00:00Z'),
};

/** Rides and walks that came with files are no runs; a run that is being recorded has no figures yet. */
const IS_RUN = `r.sport = 'run' AND r.status = 'finished'`;
const MOMENT = `r.id AS "runId", r.started_at AS "startedAt", r.time_zone AS "timeZone"`;

/**
 * Figures of a runner over runs, in that runner's own scope. They are the owner's alone, so runs that came from another provider count,
 * too. Rows are one per run, never per fix.
 */
@Injectable()
export class RunnerFiguresRepository {
  /** Oldest first. @param span null = all of them */
  listRuns(tx: Tx, userId: string, span: InstantSpan | null): Promise<FigureRow[]> {
    const { from, to } = span ?? ALL_TIME;
    return tx.query<FigureRow>({
      name: 'running.figures.list-runs',
      text: `SELECT ${MOMENT}, r.title, r.distance_m AS "distanceM", r.moving_time_s AS "movingTimeS", r.elapsed_time_s AS "elapsedTimeS",
               r.elevation_gain_m AS "elevationGainM", r.calories_kcal AS "caloriesKcal", r.average_heart_rate_bpm AS "averageHeartRateBpm"
             FROM running.run r WHERE r.user_id = $1 AND r.started_at >= $2 AND r.started_at < $3 AND ${IS_RUN}
             ORDER BY r.started_at, r.id`,
      values: [userId, from, to],
    });
  }

  /** The clock of the first run ever; null where there is none. */
  async findFirstRun(tx: Tx, userId: string): Promise<RunMoment | null> {
    const [row] = await tx.query<RunMoment>({
      name: 'running.figures.find-first-run',
      text: `SELECT ${MOMENT} FROM running.run r WHERE r.user_id = $1 AND ${IS_RUN} ORDER BY r.started_at LIMIT 1`,
      values: [userId],
    });
    return row ?? null;
  }

  /** Oldest first; runs without an analysis are none of them. */
  listEffortsOfRuns(tx: Tx, userId: string, { from, to }: InstantSpan): Promise<EffortOfRunRow[]> {
    return tx.query<EffortOfRunRow>({
      name: 'running.figures.list-efforts-of-runs',
      text: `SELECT ${MOMENT}, a.active_time_s AS "activeTimeS", a.normalised_speed_mps AS "normalisedSpeedMps",
               a.steady_speed_mps AS "steadySpeedMps", a.steady_heart_rate_bpm AS "steadyHeartRateBpm",
               a.heart_rate_from_bpm AS "heartRateFromBpm", a.heart_rate_seconds AS "heartRateSeconds"
             FROM running.run r JOIN running.run_analysis a ON a.user_id = r.user_id AND a.run_id = r.id
             WHERE r.user_id = $1 AND r.started_at >= $2 AND r.started_at < $3 AND ${IS_RUN}
             ORDER BY r.started_at, r.id`,
      values: [userId, from, to],
    });
  }

  /** Of one run, of whatever sport; null where there is none such, or no analysis. */
  async findEffortOfRun(tx: Tx, userId: string, runId: string): Promise<EffortOfRunRow | null> {
    const [row] = await tx.query<EffortOfRunRow>({
      name: 'running.figures.find-effort-of-run',
      text: `SELECT ${MOMENT}, coalesce(a.active_time_s, 0) AS "activeTimeS", a.normalised_speed_mps AS "normalisedSpeedMps",
               a.steady_speed_mps AS "steadySpeedMps", a.steady_heart_rate_bpm AS "steadyHeartRateBpm",
               a.heart_rate_from_bpm AS "heartRateFromBpm", a.heart_rate_seconds AS "heartRateSeconds"
             FROM running.run r LEFT JOIN running.run_analysis a ON a.user_id = r.user_id AND a.run_id = r.id
             WHERE r.user_id = $1 AND r.id = $2`,
      values: [userId, runId],
    });
    return row ?? null;
  }

  /** The highest heart rate that any run since then held for ten seconds. */
  async findObservedMax(tx: Tx, userId: string, since: Date): Promise<number | null> {
    const [row] = await tx.query<{ maxBpm: number | null }>({
      name: 'running.figures.find-observed-max',
      text: `SELECT max(a.sustained_heart_rate_bpm) AS "maxBpm"
             FROM running.run r JOIN running.run_analysis a ON a.user_id = r.user_id AND a.run_id = r.id
             WHERE r.user_id = $1 AND r.started_at >= $2 AND ${IS_RUN}`,
      values: [userId, since],
    });
    return row?.maxBpm ?? null;
  }

  /**
   * The fastest efforts over each length, fastest first, `most` of each.
   * @param span null = of all time
   */
  listFastest(
    tx: Tx,
    userId: string,
    lengthsM: readonly number[],
    span: InstantSpan | null,
    most: number,
  ): Promise<EffortRow[]> {
    const { from, to } = span ?? ALL_TIME;
    return tx.query<EffortRow>({
      name: 'running.figures.list-fastest',
      text: `SELECT f.* FROM unnest($2::float8[]) length
             CROSS JOIN LATERAL (
               SELECT ${MOMENT}, r.title, e.distance_m AS "distanceM", e.elapsed_time_s AS "elapsedTimeS", e.start_m AS "startM"
               FROM running.best_effort e JOIN running.run r ON r.user_id = e.user_id AND r.id = e.run_id
               WHERE e.user_id = $1 AND e.distance_m = length AND r.started_at >= $3 AND r.started_at < $4 AND ${IS_RUN}
               ORDER BY e.elapsed_time_s, r.started_at LIMIT $5) f
             ORDER BY f."distanceM", f."elapsedTimeS", f."startedAt"`,
      values: [userId, lengthsM, from, to, most],
    });
  }
}
