import { encodePolyline } from '../geo/polyline.js';
import { wrapDeg } from '../geo/geodesy.js';
import type { Track } from '../geo/track.js';
import type { ResultHead } from '../races/race-results.repository.js';
import type { StoredTrack } from '../runs/run-tracks.service.js';
import { PLAUSIBLE_HEART_RATE_BPM } from '../analysis/track-summary.js';
import { rounded, roundedOrNull, swiftInstant } from './compat-answer.js';
import { ghostKindOf, resultKindOf } from './compat-kinds.js';
import type { CompatRunRow } from './compat-runs.repository.js';
import type {
  CompatWispBoundsDto,
  CompatWispPlaceDto,
  CompatWispRouteDto,
  CompatWispRunDto,
  CompatWispRunRaceDto,
} from './compat-runs.dto.js';

const MINUTE_MS = 60_000;
const DEGREES = 7;

/** @param heartRates null where they are not shown */
export function toCompatRun(row: CompatRunRow, heartRates: number[] | null = null): CompatWispRunDto {
  const movingTime = Math.max(1, Math.round(row.movingTimeS));
  return {
    id: row.id,
    user_id: row.userId,
    external_id: row.externalId,
    data_source: row.source,
    title: row.title,
    description: row.description,
    distance: rounded(row.distanceM),
    moving_time: movingTime,
    elapsed_time: Math.max(movingTime, Math.round(row.elapsedTimeS)),
    average_pace: rounded((row.movingTimeS * 1_000) / row.distanceM),
    average_speed: rounded(row.distanceM / row.movingTimeS),
    average_cadence: roundedOrNull(row.averageCadenceSpm, 0),
    average_heart_rate: roundedOrNull(row.averageHeartRateBpm, 0),
    max_heart_rate: roundedOrNull(row.maxHeartRateBpm, 0),
    calories_burned: roundedOrNull(row.caloriesKcal, 0),
    start_latitude: row.startLatDeg,
    start_longitude: row.startLonDeg,
    end_latitude: row.endLatDeg,
    end_longitude: row.endLonDeg,
    elevation_gain: roundedOrNull(row.elevationGainM),
    elevation_loss: roundedOrNull(row.elevationLossM),
    max_elevation: roundedOrNull(row.maxElevationM),
    min_elevation: roundedOrNull(row.minElevationM),
    started_at: swiftInstant(row.startedAt),
    finished_at: row.finishedAt && swiftInstant(row.finishedAt),
    timezone: row.timeZone,
    pace_splits:
      row.splits &&
      row.splits.flatMap(({ paceSPerKm }) => (paceSPerKm === null ? [] : [rounded(paceSPerKm)])),
    heart_rate_data: heartRates,
    weather_temperature: null,
    weather_description: null,
    has_route: row.hasTrack && row.startLatDeg !== null,
    has_weather: false,
    has_ghost_race: row.hasGhostRace,
    created_at: swiftInstant(row.createdAt),
    updated_at: swiftInstant(row.updatedAt),
  };
}

/** The mean of each minute with a heart rate, whole; null where the track tells none. */
export function heartRatesOf({ heartRateBpm, tMs }: Track): number[] | null {
  if (heartRateBpm === null) return null;
  const minutes = new Map<number, { sum: number; count: number }>();
  heartRateBpm.forEach((bpm, index) => {
    if (!(bpm > PLAUSIBLE_HEART_RATE_BPM.above && bpm <= PLAUSIBLE_HEART_RATE_BPM.upTo)) return;
    const minute = Math.floor(tMs[index]! / MINUTE_MS);
    const { sum, count } = minutes.get(minute) ?? { sum: 0, count: 0 };
    minutes.set(minute, { sum: sum + bpm, count: count + 1 });
  });
  return minutes.size === 0 ? null : [...minutes.values()].map(({ sum, count }) => Math.round(sum / count));
}

export type PlaceInstants = 'seconds' | 'instants';

/** @returns null where the track has no place */
export function toCompatRoute(
  stored: StoredTrack,
  createdAt: Date,
  instants: PlaceInstants,
): CompatWispRouteDto | null {
  const coordinates = placesOf(stored, instants);
  if (coordinates.length === 0) return null;
  return {
    id: stored.runId,
    run_id: stored.runId,
    coordinates,
    encoded_polyline: encodePolyline(coordinates.map(({ lat, lon }) => [lat, lon] as const)),
    total_points: coordinates.length,
    bounds: boundsOf(coordinates),
    created_at: swiftInstant(createdAt),
  };
}

function placesOf({ track, startedAtMs }: StoredTrack, instants: PlaceInstants): CompatWispPlaceDto[] {
  const places: CompatWispPlaceDto[] = [];
  const told = (column: Float64Array | null, index: number): number | null =>
    column === null || Number.isNaN(column[index]!) ? null : rounded(column[index]!);
  for (let index = 0; index < track.length; index += 1) {
    if (Number.isNaN(track.latDeg[index]!) || Number.isNaN(track.lonDeg[index]!)) continue;
    const [lat, lon] = [rounded(track.latDeg[index]!, DEGREES), rounded(track.lonDeg[index]!, DEGREES)];
    const atMs = startedAtMs + track.tMs[index]!;
    places.push({
      lat,
      lon,
      lng: lon,
      latitude: lat,
      longitude: lon,
      altitude: told(track.altitudeM, index),
      timestamp: instants === 'seconds' ? Math.round(atMs / 1_000) : swiftInstant(new Date(atMs)),
      accuracy: told(track.accuracyM, index),
    });
  }
  return places;
}

/** Over the date line `west` is more than `east`. */
function boundsOf(places: readonly CompatWispPlaceDto[]): CompatWispBoundsDto {
  const first = places[0]!;
  let [north, south, west, east, along, last] = [first.lat, first.lat, 0, 0, 0, first.lon];
  for (const { lat, lon } of places) {
    [north, south] = [Math.max(north, lat), Math.min(south, lat)];
    along += wrapDeg(lon - last);
    last = lon;
    [west, east] = [Math.min(west, along), Math.max(east, along)];
  }
  return {
    north,
    south,
    east: rounded(wrapDeg(first.lon + east), DEGREES),
    west: rounded(wrapDeg(first.lon + west), DEGREES),
  };
}

export function toCompatRunRace(row: ResultHead): CompatWispRunRaceDto {
  return {
    ghost_id: row.ghostId,
    ghost_name: row.ghostName,
    ghost_type: ghostKindOf(row.ghostType),
    result_status: resultKindOf(row.status),
    time_difference: roundedOrNull(row.timeDifferenceS, 0),
    completion_percentage: rounded(row.completionRatio, 4),
  };
}
