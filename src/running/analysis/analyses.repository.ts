import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { BestEffort } from './best-efforts.js';
import type { RunAnalysisEntity } from './run-analysis.entity.js';

export type AnalysisRow = RunAnalysisEntity;
/** What an analysis is about: null where the run has none. */
export type RunWithAnalysis = { readonly hasTrack: boolean; readonly runTrackVersion: number } & {
  readonly [Key in keyof AnalysisRow]: AnalysisRow[Key] | null;
};

const COLUMN = {
  runId: 'run_id',
  userId: 'user_id',
  rulesVersion: 'rules_version',
  trackVersion: 'track_version',
  distanceBasis: 'distance_basis',
  activeTimeS: 'active_time_s',
  gradeAdjustedPaceSPerKm: 'grade_adjusted_pace_s_per_km',
  energyAdjustedPaceSPerKm: 'energy_adjusted_pace_s_per_km',
  normalisedSpeedMps: 'normalised_speed_mps',
  steadySpeedMps: 'steady_speed_mps',
  steadyHeartRateBpm: 'steady_heart_rate_bpm',
  decouplingPct: 'decoupling_pct',
  strideLengthM: 'stride_length_m',
  sustainedHeartRateBpm: 'sustained_heart_rate_bpm',
  heartRateFromBpm: 'heart_rate_from_bpm',
  heartRateSeconds: 'heart_rate_seconds',
  splitsKm: 'splits_km',
  splitsMi: 'splits_mi',
  analysedAt: 'analysed_at',
} as const satisfies Record<keyof AnalysisRow, string>;
const NAMES = Object.keys(COLUMN) as (keyof AnalysisRow)[];
const FIELDS = NAMES.map((name) => `a.${COLUMN[name]} AS "${name}"`).join(', ');
const JSON_NAMES: readonly (keyof AnalysisRow)[] = ['splitsKm', 'splitsMi'];

/** Analyses and best efforts: read in the scope of their owner, written in the platform's. */
@Injectable()
export class AnalysesRepository {
  /**
   * In place of the one before, if the run still has that version of its track and nobody stored a newer analysis meanwhile: however jobs
   * of one run overlap, the newest stays.
   * @returns whether it was stored
   */
  async upsertAnalysis(tx: Tx, row: AnalysisRow): Promise<boolean> {
    const values = NAMES.map((name) => (JSON_NAMES.includes(name) ? JSON.stringify(row[name]) : row[name]));
    const places = NAMES.map((name, index) => `$${index + 1}${JSON_NAMES.includes(name) ? '::jsonb' : ''}`);
    const stored = await tx.query({
      name: 'running.analyses.upsert-analysis',
      text: `WITH subject AS (SELECT FROM running.run WHERE id = $1 AND user_id = $2 AND track_version = $4 FOR KEY SHARE)
             INSERT INTO running.run_analysis AS a (${NAMES.map((name) => COLUMN[name]).join(', ')})
             SELECT ${places.join(', ')} FROM subject
             ON CONFLICT (run_id) DO UPDATE
               SET ${NAMES.slice(2)
                 .map((name) => `${COLUMN[name]} = excluded.${COLUMN[name]}`)
                 .join(', ')}
               WHERE (a.track_version, a.rules_version) <= (excluded.track_version, excluded.rules_version)
             RETURNING 1`,
      values,
    });
    return stored.length === 1;
  }

  /** In place of those before. */
  async replaceEfforts(tx: Tx, runId: string, userId: string, efforts: readonly BestEffort[]): Promise<void> {
    await tx.query({
      name: 'running.analyses.delete-efforts',
      text: 'DELETE FROM running.best_effort WHERE run_id = $1 AND NOT (distance_m = ANY ($2))',
      values: [runId, efforts.map(({ distanceM }) => distanceM)],
    });
    await tx.query({
      name: 'running.analyses.upsert-efforts',
      text: `INSERT INTO running.best_effort (run_id, user_id, distance_m, elapsed_time_s, start_m, start_s)
             SELECT $1, $2, * FROM unnest($3::float8[], $4::float8[], $5::float8[], $6::float8[])
             ON CONFLICT (run_id, distance_m) DO UPDATE
               SET elapsed_time_s = excluded.elapsed_time_s, start_m = excluded.start_m, start_s = excluded.start_s`,
      values: [
        runId,
        userId,
        efforts.map(({ distanceM }) => distanceM),
        efforts.map(({ elapsedTimeS }) => elapsedTimeS),
        efforts.map(({ startM }) => startM),
        efforts.map(({ startS }) => startS),
      ],
    });
  }

  /** No row where there is no such run in this scope. */
  findAnalysis(runId: string): Statement {
    return {
      name: 'running.analyses.find-analysis',
      text: `SELECT r.has_track AS "hasTrack", r.track_version AS "runTrackVersion", ${FIELDS}
             FROM running.run r LEFT JOIN running.run_analysis a ON a.run_id = r.id WHERE r.id = $1`,
      values: [runId],
    };
  }

  /** Shortest first. */
  listEfforts(runId: string): Statement {
    return {
      name: 'running.analyses.list-efforts',
      text: `SELECT distance_m AS "distanceM", elapsed_time_s AS "elapsedTimeS", start_m AS "startM", start_s AS "startS"
             FROM running.best_effort WHERE run_id = $1 ORDER BY distance_m`,
      values: [runId],
    };
  }

  /**
   * Runs whose analysis is missing, of older rules or of another track, by id: a page of them from the one after `afterRunId` on.
   * For the platform's role.
   */
  async listStale(tx: Tx, rulesVersion: number, afterRunId: string | null, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: 'running.analyses.list-stale',
      text: `SELECT r.id FROM running.run r LEFT JOIN running.run_analysis a ON a.run_id = r.id
             WHERE r.has_track AND ($2::uuid IS NULL OR r.id > $2)
               AND (a.run_id IS NULL OR a.rules_version < $1 OR a.track_version <> r.track_version)
             ORDER BY r.id LIMIT $3`,
      values: [rulesVersion, afterRunId, limit],
      isPlannedAnew: true,
    });
    return rows.map(({ id }) => id);
  }
}
