import { randomUUID } from 'node:crypto';
import type { FixColumns } from '../../src/running/recordings/fix-codec.js';
import { encodeFixes } from '../../src/running/recordings/fix-codec.js';
import { encodeShape } from '../../src/running/routes/route-shape-codec.js';
import { encodeTrack } from '../../src/running/runs/track-codec.js';
import type { Canary } from './personal-data.js';

/** One point, with a place that stands nowhere else in the world. */
const POINT = Float64Array.of(0);
const NOT_TOLD = Float64Array.of(Number.NaN);

/** Words of a person in every place of running that holds what persons say. @param run SQL as the owner @returns the run's id */
export async function plantRunningCanaries(
  run: (sql: string, values: unknown[]) => Promise<object[]>,
  userId: string,
  canary: Canary,
): Promise<string> {
  await run(
    `INSERT INTO running.profile (user_id, username, username_fold, display_name, time_zone) VALUES ($1, $2, lower($2), $3, $4)`,
    [userId, canary('runner-name'), canary('runner-display-name'), canary('runner-time-zone')],
  );
  await run(`INSERT INTO running.preference (user_id, sex) VALUES ($1, 'female')`, [userId]);
  const runId = randomUUID();
  const json = (place: string): string => JSON.stringify([{ kind: canary(place) }]);
  await run(
    `INSERT INTO running.run (id, user_id, source, external_id, status, title, description, sport, visibility, started_at, time_zone,
       change_seq)
     VALUES ($1, $2, 'imported', $3, 'finished', $4, $5, $6, 'private', now(), $7, nextval('running.run_change_seq'))`,
    [
      runId,
      userId,
      canary('run-external-id'),
      canary('run-title'),
      canary('run-description'),
      canary('run-sport'),
      canary('run-zone'),
    ],
  );
  const track = {
    altitudeM: null,
    accuracyM: null,
    heartRateBpm: null,
    cadenceSpm: null,
    deviceDistanceM: null,
  };
  await run(
    `INSERT INTO running.track (run_id, user_id, point_count, codec, points, pauses, laps, corrections, version)
     VALUES ($1, $2, 1, 1, $3, $4, $5, $6, 1)`,
    [
      runId,
      userId,
      encodeTrack({ ...track, length: 1, tMs: POINT, latDeg: POINT, lonDeg: POINT }),
      json('track-pause'),
      json('track-lap'),
      json('track-correction'),
    ],
  );
  const fixes: FixColumns = {
    length: 1,
    seq: Float64Array.of(1),
    atMs: POINT,
    latDeg: POINT,
    lonDeg: POINT,
    altitudeM: NOT_TOLD,
    accuracyM: NOT_TOLD,
    speedMps: NOT_TOLD,
    bearingDeg: NOT_TOLD,
    heartRateBpm: NOT_TOLD,
    cadenceSpm: NOT_TOLD,
  };
  await run(
    `INSERT INTO running.folded_fixes (run_id, user_id, fix_count, seqs, codec, fixes) VALUES ($1, $2, 1, '{[1,2)}', 1, $3)`,
    [runId, userId, encodeFixes(fixes)],
  );
  await run(
    'INSERT INTO running.fix (user_id, run_id, seq, at_ms, lat_deg, lon_deg) VALUES ($1, $2, 2, 1000, 0, 0)',
    [userId, runId],
  );
  await run(
    `INSERT INTO running.run_event (run_id, kind, seq, user_id, at_ms) VALUES ($1, 'lap', 1, $2, 1000)`,
    [runId, userId],
  );
  await run(
    `INSERT INTO running.run_tombstone (user_id, run_id, change_seq) VALUES ($1, gen_random_uuid(), nextval('running.run_change_seq'))`,
    [userId],
  );
  await run(
    `INSERT INTO running.run_analysis (run_id, user_id, rules_version, track_version, distance_basis, active_time_s, splits_km, splits_mi)
     VALUES ($1, $2, 1, 1, 'gps', 0, $3, $4)`,
    [runId, userId, json('analysis-split'), json('analysis-mile')],
  );
  await run(
    'INSERT INTO running.best_effort (run_id, user_id, distance_m, elapsed_time_s, start_m, start_s) VALUES ($1, $2, 400, 90, 0, 0)',
    [runId, userId],
  );
  const importId = randomUUID();
  await run(
    `INSERT INTO running.run_import (id, user_id, job_id, kind, size_bytes, refusal_code) VALUES ($1, $2, gen_random_uuid(), 'archive', 1, $3)`,
    [importId, userId, canary('import-refusal')],
  );
  await run(
    `INSERT INTO running.run_import_item (user_id, import_id, entry, activity, name, outcome, code, detail)
     VALUES ($1, $2, 0, 0, $3, 'refused', $4, $5)`,
    [userId, importId, canary('import-file-name'), canary('import-code'), canary('import-detail')],
  );
  await plantRoute(run, userId, runId, canary);
  return runId;
}

/** Two kilometres of the run as a route; its way is where nobody else's is. */
async function plantRoute(
  run: (sql: string, values: unknown[]) => Promise<object[]>,
  userId: string,
  runId: string,
  canary: Canary,
): Promise<void> {
  const routeId = randomUUID();
  const way = { latDeg: [12.3, 12.30009], lonDeg: [45.6, 45.6], altitudeM: null, distanceM: 10 };
  await run(
    `INSERT INTO running.route (id, user_id, name, kind, lap_count, lap_distance_m, retraced, distance_m, forward_level_m,
       backward_level_m, south_deg, west_deg, north_deg, east_deg)
     VALUES ($1, $2, $3, 'point_to_point', 1, 10, 0, 10, 10, 10, 12.3, 45.6, 12.4, 45.6)`,
    [routeId, userId, canary('route-name')],
  );
  await run(
    'INSERT INTO running.route_shape (route_id, version, user_id, run_id, distance_m, places) VALUES ($1, 1, $2, $3, 10, $4)',
    [routeId, userId, runId, encodeShape(way)],
  );
  await run('INSERT INTO running.route_cell (user_id, cell, route_id) VALUES ($1, 1, $2)', [userId, routeId]);
  await run(
    `INSERT INTO running.run_route (run_id, route_id, user_id, relation, direction, is_main, coverage, route_coverage, passage_count,
       track_version, shape_version)
     VALUES ($1, $2, $3, 'same', 'forward', true, 1, 1, 0, 1, 1)`,
    [runId, routeId, userId],
  );
}
