import {
  array,
  bool,
  date,
  type Decode,
  double,
  int,
  object,
  oneOf,
  only,
  optional,
  string,
  uuid,
} from './swift-decoder.js';

// What the original's app and documents expect of answers, as decoders (specs/running.md 1.4 and 1.5), and nothing besides but what is named
// here. Where documents and app spell one thing differently, each has a decoder of its own, and all of them read the same answer.

export const envelopeOf = <T>(data: Decode<T>) => only({ data, timestamp: date, request_id: string });

/** `Run` of the app. */
const appRun = {
  id: uuid,
  user_id: uuid,
  external_id: optional(string),
  data_source: optional(oneOf('app', 'strava', 'imported')),
  title: optional(string),
  description: optional(string),
  distance: double,
  moving_time: int,
  elapsed_time: int,
  average_pace: optional(double),
  average_speed: optional(double),
  average_cadence: optional(double),
  average_heart_rate: optional(double),
  max_heart_rate: optional(double),
  calories_burned: optional(double),
  start_latitude: optional(double),
  start_longitude: optional(double),
  end_latitude: optional(double),
  end_longitude: optional(double),
  elevation_gain: optional(double),
  started_at: date,
  timezone: optional(string),
  pace_splits: optional(array(double)),
  heart_rate_data: optional(array(int)),
  weather_temperature: optional(double),
  weather_description: optional(string),
  created_at: optional(date),
  updated_at: optional(date),
};
/** What tables and documents have besides. */
const documentedRun = {
  elevation_loss: optional(double),
  max_elevation: optional(double),
  min_elevation: optional(double),
  finished_at: date,
  has_route: bool,
  has_weather: bool,
  has_ghost_race: bool,
};
const runShape = { ...appRun, ...documentedRun };
export const run = only(runShape);

/** `CoordinatePoint` of the app; the documents spell it `lng`, the server that was built `latitude` and `longitude`. */
const appPlace = object({ lat: double, lon: double });
const documentedPlace = object({ lat: double, lng: double, altitude: optional(double), timestamp: int });
const builtPlace = object({
  latitude: double,
  longitude: double,
  altitude: optional(double),
  timestamp: optional(date),
  accuracy: optional(double),
});
/** All keys of a place, whoever reads them. */
const servedPlace = only({
  lat: double,
  lon: double,
  lng: double,
  latitude: double,
  longitude: double,
  altitude: optional(double),
  timestamp: (value, path) => (typeof value === 'number' ? int(value, path) : date(value, path)),
  accuracy: optional(double),
});

/** Reads places twice: as one of the readers, and whole. */
const both =
  <T>(place: Decode<T>): Decode<T> =>
  (value, path) => {
    servedPlace(value, path);
    return place(value, path);
  };
const routeOf = <T>(place: Decode<T>) =>
  only({
    id: uuid,
    run_id: uuid,
    coordinates: array(both(place)),
    encoded_polyline: string,
    total_points: int,
    bounds: only({ north: double, south: double, east: double, west: double }),
    created_at: date,
  });

/** `RunRoute` of the app. */
export const appRoute = routeOf(appPlace);
export const documentedRoute = routeOf(documentedPlace);
export const builtRoute = routeOf(builtPlace);
export const builtPolyline = only({
  coordinates: array(both(builtPlace)),
  encoded_polyline: string,
  total_points: int,
});
export const feature = only({
  type: oneOf('Feature'),
  geometry: only({ type: oneOf('LineString'), coordinates: array(array(double)) }),
  properties: only({ run_id: uuid }),
});

export const pagination = only({ page: int, limit: int, total: int, has_next: bool, has_previous: bool });

const ghostType = oneOf('personal_record', 'strava_friend', 'custom_goal', 'past_run');
const resultStatus = oneOf('won', 'lost', 'abandoned', 'in_progress');

export const preferences = only({
  units_distance: oneOf('metric', 'imperial'),
  units_temperature: oneOf('celsius', 'fahrenheit'),
  privacy_profile: oneOf('public', 'friends', 'private'),
  privacy_runs: oneOf('public', 'friends', 'private'),
  notifications_enabled: bool,
  auto_pause_enabled: bool,
  gps_accuracy: oneOf('high', 'medium', 'low'),
});
const runnerHead = {
  id: uuid,
  username: string,
  display_name: optional(string),
  profile_picture_url: optional(string),
  created_at: date,
};
export const profile = only({ ...runnerHead, updated_at: date, timezone: string, preferences });
export const runner = only({
  ...runnerHead,
  is_following: bool,
  run_stats: only({ total_runs: int, total_distance: double, average_pace: optional(double) }),
});

const period = { runs: int, distance: double, moving_time: int };
export const summary = only({
  total_runs: int,
  total_distance: double,
  total_moving_time: int,
  average_pace: optional(double),
  best_pace: optional(double),
  total_elevation_gain: double,
  total_calories: int,
  this_week: only(period),
  this_month: only(period),
});
export const months = only({
  monthly_stats: array(
    only({ year: int, month: int, ...period, average_pace: optional(double), elevation_gain: double }),
  ),
});
export const records = only({
  personal_records: array(
    only({ distance: double, best_time: int, best_pace: double, run_id: uuid, achieved_at: date }),
  ),
});
export const builtSummary = only({
  period: oneOf('this_week', 'this_month', 'this_year', 'all_time'),
  total_runs: int,
  total_distance: double,
  total_time: double,
  total_calories: double,
  total_elevation_gain: double,
  average_distance: double,
  average_pace: double,
});

export const runDetails = only({
  ...runShape,
  route: optional(only({ encoded_polyline: string, total_points: int })),
  ghost_race_results: array(
    only({
      ghost_id: uuid,
      ghost_name: string,
      ghost_type: ghostType,
      result_status: resultStatus,
      time_difference: optional(int),
      completion_percentage: double,
    }),
  ),
});
export const gone = only({ id: uuid });

/** The app's `Ghost` is a view of these. */
const ghostHead = {
  id: uuid,
  ghost_type: ghostType,
  name: string,
  description: optional(string),
  target_distance: double,
  target_duration: int,
  target_pace: double,
  difficulty_level: optional(int),
};
const ownGhost = {
  ...ghostHead,
  based_on_run_id: optional(uuid),
  based_on_run_title: optional(string),
  custom_splits: optional(array(only({ distance: double, target_pace: double }))),
  is_active: bool,
  is_public: bool,
  created_at: date,
  updated_at: date,
};
export const ghost = only(ownGhost);
export const ghosts = only({ ghosts: array(ghost) });
export const ghostDetails = only({
  ...ownGhost,
  based_on_run: optional(
    only({
      id: uuid,
      title: optional(string),
      started_at: date,
      pace_splits: optional(array(only({ distance: double, pace: double, time: double }))),
    }),
  ),
  race_history: only({
    total_races: int,
    wins: int,
    losses: int,
    best_improvement: optional(int),
    last_race_at: optional(date),
  }),
});
export const publicGhosts = only({
  ghosts: array(
    only({
      ...ghostHead,
      created_by: optional(only({ username: string, display_name: optional(string) })),
      usage_count: int,
      average_success_rate: optional(double),
    }),
  ),
  next_cursor: optional(string),
});
export const recommendedGhosts = only({
  recommended: array(
    only({
      ...ghostHead,
      reason: string,
      target_improvement: optional(string),
      success_probability: optional(double),
    }),
  ),
});
const zone = only({ min: int, max: int });
export const raceData = only({
  ghost_id: uuid,
  target_distance: double,
  target_duration: int,
  target_pace: double,
  pacing_strategy: array(
    only({ distance: double, target_time: double, target_pace: double, cumulative_time: double }),
  ),
  heart_rate_zones: optional(only({ zone_1: zone, zone_2: zone, zone_3: zone, zone_4: zone, zone_5: zone })),
});

const racedGhost = only({ id: uuid, name: string, ghost_type: ghostType });
/** The app's `GhostRaceResult` is a view of these. */
export const raceResult = only({
  id: uuid,
  run_id: uuid,
  ghost: racedGhost,
  result_status: resultStatus,
  time_difference: optional(int),
  distance_completed: optional(double),
  completion_percentage: optional(double),
  final_position: optional(oneOf('ahead', 'behind', 'level')),
  max_lead: optional(int),
  average_gap: optional(int),
  max_gap: optional(int),
  min_gap: optional(int),
  split_comparisons: array(
    only({
      distance: double,
      user_time: int,
      ghost_time: int,
      difference: int,
      cumulative_difference: int,
    }),
  ),
  heart_rate_comparison: array(only({ timestamp: int, user_hr: int, ghost_hr: int, difference: int })),
  created_at: date,
});
export const raceResults = only({ race_results: array(raceResult) });
export const raceHistory = only({
  race_history: array(
    only({
      id: uuid,
      run: only({ id: uuid, title: optional(string), started_at: date, distance: double }),
      ghost: racedGhost,
      result_status: resultStatus,
      time_difference: optional(int),
      improvement_trend: optional(oneOf('improving', 'declining', 'stable')),
    }),
  ),
  summary: only({
    total_races: int,
    wins: int,
    losses: int,
    abandoned: int,
    win_rate: optional(double),
    average_improvement: optional(double),
  }),
  pagination,
});

const words: Decode<Record<string, string>> = (value, path) => {
  if (typeof value !== 'object' || value === null) return string(value, path) as never;
  for (const [key, one] of Object.entries(value)) string(one, `${path}.${key}`);
  return value as Record<string, string>;
};
export const problem: Decode<{
  error: { code: string; message: string; details?: Record<string, string> };
}> = (value, path) => {
  const { error } = only({
    error: object({ code: string, message: string, details: optional(words) }),
    timestamp: date,
    request_id: string,
  })(value, path);
  const surplus = Object.keys((value as { error: object }).error).filter(
    (key) => !['code', 'message', 'details'].includes(key),
  );
  if (surplus.length > 0) return string(undefined, `${path}.error.${surplus[0]}`) as never;
  const { code, message, details } = error;
  return { error: { code, message, ...(details && { details }) } };
};
export const builtProblem = only({ error: bool, message: string, status_code: int, timestamp: date });
