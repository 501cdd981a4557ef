import { z } from 'zod';
import { isStorable } from '../../platform/http/storable.js';
import { isTimeZone, MOST_TIME_ZONE } from '../profiles/time-zone.js';

// Bodies in which the original's clients send runs. Unknown keys are passed over, as there, and so is what follows from other fields.

const MOST_HEART_RATES = 100_000;
/** A body of the largest size holds fewer. */
const MOST_PLACES = 50_000;

/** Empty is none. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => value === '' || isStorable(value), 'must be text that can be seen and stored')
    .nullish();
const figure = (least: number, most: number) => z.number().min(least).max(most);
const heartRate = figure(20, 260);

const described = { title: text(200), description: text(10_000) };

export const newRunBody = z.object({
  ...described,
  /** The app's own insert names them; a run of another provider comes by its connection, one of a file by an import. */
  user_id: z.string().nullish(),
  data_source: z.literal('app', 'runs of other sources come by a connection or an import').optional(),
  external_id: z.null('is for runs of other sources').optional(),
  distance: figure(1, 2_000_000),
  moving_time: figure(1, 2_000_000),
  elapsed_time: figure(1, 2_000_000),
  average_heart_rate: heartRate.nullish(),
  max_heart_rate: heartRate.nullish(),
  average_cadence: figure(0, 400).nullish(),
  calories_burned: figure(0, 100_000).nullish(),
  elevation_gain: figure(0, 50_000).nullish(),
  elevation_loss: figure(0, 50_000).nullish(),
  started_at: z.iso
    .datetime({ offset: true })
    .refine((instant) => /^(?:19[7-9]\d|20\d\d)-/.test(instant), 'must be an instant of 1970 to 2099'),
  timezone: z
    .string()
    .max(MOST_TIME_ZONE)
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .nullish(),
  /** Seconds since the start with beats per minute, as documented; or beats per minute of each minute, as the app has them. */
  heart_rate_data: z
    .union([
      z.array(z.int().min(0).max(260)).max(MOST_HEART_RATES),
      z.array(z.object({ timestamp: figure(0, 200_000), heart_rate: figure(0, 260) })).max(MOST_HEART_RATES),
    ])
    .nullish(),
});
export type NewRunBody = z.output<typeof newRunBody>;

export const runChangeBody = z.object(described);

const latitude = figure(-90, 90);
const longitude = figure(-180, 180);
const place = z
  .object(
    {
      lat: latitude.optional(),
      lon: longitude.optional(),
      lng: longitude.optional(),
      latitude: latitude.optional(),
      longitude: longitude.optional(),
      /** Seconds since 1970, or an instant. */
      timestamp: z.union(
        [z.number(), z.iso.datetime({ offset: true })],
        'is missing: when the runner was there',
      ),
      altitude: z.number().nullish(),
      accuracy: z.number().nullish(),
    },
    'must be a place with a time: lat, lon and timestamp',
  )
  .refine((at) => latOf(at) !== undefined && lonOf(at) !== undefined, 'has no lat and lon');
export type RoutePlace = z.output<typeof place>;

/** In any of the three spellings that the original has. The polyline follows from the places. */
export const routeBody = z.object({ coordinates: z.array(place).min(1).max(MOST_PLACES) });

interface Spellings {
  readonly lat?: number | undefined;
  readonly lon?: number | undefined;
  readonly lng?: number | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
}

export function latOf({ lat, latitude: long }: Spellings): number | undefined {
  return lat ?? long;
}

export function lonOf({ lon, lng, longitude: long }: Spellings): number | undefined {
  return lon ?? lng ?? long;
}
