import {
  array,
  bool,
  date,
  type Decode,
  double,
  int,
  object,
  oneOf,
  optional,
  string,
  uuid,
} from './swift-decoder.js';

// What the original's app and documents expect of answers, as decoders (specs/running.md 1.4 and 1.5).

export const envelopeOf = <T>(data: Decode<T>) => object({ data, timestamp: date, request_id: string });

/** `Run` of the app. */
export const run = object({
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
});

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

const routeOf = <T>(place: Decode<T>) =>
  object({
    id: uuid,
    run_id: uuid,
    coordinates: array(place),
    encoded_polyline: optional(string),
    total_points: int,
    created_at: optional(date),
  });

/** `RunRoute` of the app. */
export const appRoute = routeOf(appPlace);
export const documentedRoute = object({
  coordinates: array(documentedPlace),
  encoded_polyline: string,
  total_points: int,
  bounds: object({ north: double, south: double, east: double, west: double }),
});
export const builtRoute = routeOf(builtPlace);

export const pagination = object({ page: int, limit: int, total: int, has_next: bool, has_previous: bool });
export const listedRun = object({
  has_route: bool,
  has_weather: bool,
  has_ghost_race: bool,
  finished_at: date,
});

const ghostType = oneOf('personal_record', 'strava_friend', 'custom_goal', 'past_run');
const resultStatus = oneOf('won', 'lost', 'abandoned', 'in_progress');
const split = object({ distance: double, target_pace: double });

export const preferences = object({
  units_distance: oneOf('metric', 'imperial'),
  units_temperature: oneOf('celsius', 'fahrenheit'),
  privacy_profile: oneOf('public', 'friends', 'private'),
  privacy_runs: oneOf('public', 'friends', 'private'),
  notifications_enabled: bool,
  auto_pause_enabled: bool,
  gps_accuracy: oneOf('high', 'medium', 'low'),
});
export const profile = object({
  id: uuid,
  username: string,
  display_name: optional(string),
  profile_picture_url: optional(string),
  created_at: date,
  updated_at: date,
  timezone: string,
  preferences,
});
export const runner = object({
  id: uuid,
  username: string,
  display_name: optional(string),
  profile_picture_url: optional(string),
  created_at: date,
  is_following: bool,
  run_stats: object({ total_runs: int, total_distance: double, average_pace: optional(double) }),
});

const period = object({ runs: int, distance: double, moving_time: int });
export const summary = object({
  total_runs: int,
  total_distance: double,
  total_moving_time: int,
  average_pace: optional(double),
  best_pace: optional(double),
  total_elevation_gain: double,
  total_calories: int,
  this_week: period,
  this_month: period,
});
export const months = object({
  monthly_stats: array(
    object({
      year: int,
      month: int,
      runs: int,
      distance: double,
      moving_time: int,
      average_pace: optional(double),
      elevation_gain: double,
    }),
  ),
});
export const records = object({
  personal_records: array(
    object({ distance: double, best_time: int, best_pace: double, run_id: uuid, achieved_at: date }),
  ),
});
export const builtSummary = object({
  period: oneOf('this_week', 'this_month', 'this_year', 'all_time'),
  total_runs: int,
  total_distance: double,
  total_time: double,
  total_calories: double,
  total_elevation_gain: double,
  average_distance: double,
  average_pace: double,
});

export const runRace = object({
  ghost_name: string,
  result_status: resultStatus,
  time_difference: optional(int),
  completion_percentage: double,
});
export const runDetails = object({
  id: uuid,
  pace_splits: optional(array(double)),
  route: optional(object({ encoded_polyline: string, total_points: int })),
  ghost_race_results: array(runRace),
});

export const ghost = object({
  id: uuid,
  ghost_type: ghostType,
  name: string,
  description: optional(string),
  target_distance: double,
  target_duration: int,
  target_pace: double,
  based_on_run_id: optional(uuid),
  based_on_run_title: optional(string),
  custom_splits: optional(array(split)),
  difficulty_level: optional(int),
  is_active: bool,
  is_public: bool,
  created_at: date,
});
export const raceStatus = resultStatus;
export const kindOfGhost = ghostType;
export const problem = object({
  error: object({ code: string, message: string }),
  timestamp: date,
  request_id: string,
});
export const builtProblem = object({ error: bool, message: string, status_code: int, timestamp: date });
