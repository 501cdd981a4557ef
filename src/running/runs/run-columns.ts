import type { RunEntity } from './run.entity.js';

/** The column of each property of a row, so that no statement of runs lists thirty names by hand. */
export const RUN_COLUMN = {
  id: 'id',
  userId: 'user_id',
  source: 'source',
  externalId: 'external_id',
  status: 'status',
  title: 'title',
  description: 'description',
  sport: 'sport',
  privacy: 'privacy',
  visibility: 'visibility',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  timeZone: 'time_zone',
  lastSeq: 'last_seq',
  distanceM: 'distance_m',
  movingTimeS: 'moving_time_s',
  elapsedTimeS: 'elapsed_time_s',
  averageHeartRateBpm: 'average_heart_rate_bpm',
  maxHeartRateBpm: 'max_heart_rate_bpm',
  averageCadenceSpm: 'average_cadence_spm',
  caloriesKcal: 'calories_kcal',
  elevationGainM: 'elevation_gain_m',
  elevationLossM: 'elevation_loss_m',
  maxElevationM: 'max_elevation_m',
  minElevationM: 'min_elevation_m',
  startLatDeg: 'start_lat_deg',
  startLonDeg: 'start_lon_deg',
  endLatDeg: 'end_lat_deg',
  endLonDeg: 'end_lon_deg',
  hasTrack: 'has_track',
  trackVersion: 'track_version',
  version: 'version',
  changeSeq: 'change_seq',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies Record<keyof RunEntity, string>;

/** What a SELECT or RETURNING lists to get whole rows of a table that is called `run` there. */
export const RUN_FIELDS = Object.entries(RUN_COLUMN)
  .map(([property, column]) => `run.${column} AS "${property}"`)
  .join(', ');

/** Likewise, with when the newest of its fixes came while it is being recorded. */
export const SHOWN_RUN_FIELDS = `${RUN_FIELDS}, CASE WHEN run.status = 'recording' THEN (
    SELECT f.received_at FROM running.fix f WHERE f.user_id = run.user_id AND f.run_id = run.id ORDER BY f.seq DESC LIMIT 1)
  END AS "lastFixAt"`;

/** Figures that are worked out from a track. */
export const RUN_FIGURES = [
  'distanceM',
  'movingTimeS',
  'elapsedTimeS',
  'averageHeartRateBpm',
  'maxHeartRateBpm',
  'averageCadenceSpm',
  'caloriesKcal',
  'elevationGainM',
  'elevationLossM',
  'maxElevationM',
  'minElevationM',
  'startLatDeg',
  'startLonDeg',
  'endLatDeg',
  'endLonDeg',
] as const satisfies readonly (keyof RunEntity)[];

export type RunFigures = Pick<RunEntity, (typeof RUN_FIGURES)[number]>;
