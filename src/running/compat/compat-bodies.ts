import { z } from 'zod';
import { isStorable } from '../../platform/http/storable.js';
import { DISTANCE_UNITS, GPS_ACCURACIES, TEMPERATURE_UNITS } from '../profiles/preferences.js';
import { isTimeZone, MOST_TIME_ZONE } from '../profiles/time-zone.js';
import { LEAST_USERNAME, MOST_USERNAME, USERNAME } from '../profiles/username.js';
import { RUN_SOURCES, VISIBILITIES } from '../runs/run-terms.js';

// Bodies and queries of the original's clients. Unknown keys are passed over, as there.

const storable = (most: number) =>
  z.string().min(1).max(most).refine(isStorable, 'must be text that can be seen and stored');

/** A picture is uploaded, and not named: `profile_picture_url` may repeat what is there, or be null. */
export const profileBody = z.object({
  username: z.string().min(LEAST_USERNAME).max(MOST_USERNAME).regex(USERNAME).optional(),
  display_name: storable(100).nullish(),
  timezone: z
    .string()
    .max(MOST_TIME_ZONE)
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .optional(),
  profile_picture_url: z.string().max(2_000).nullish(),
});

export const preferencesBody = z.object({
  units_distance: z.enum(DISTANCE_UNITS).optional(),
  units_temperature: z.enum(TEMPERATURE_UNITS).optional(),
  privacy_profile: z.enum(VISIBILITIES).optional(),
  privacy_runs: z.enum(VISIBILITIES).optional(),
  notifications_enabled: z.boolean().optional(),
  auto_pause_enabled: z.boolean().optional(),
  gps_accuracy: z.enum(GPS_ACCURACIES).optional(),
});

/** An integer of a query string: digits and nothing else. */
const digits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
const whole = (least: number, most: number) => z.preprocess(digits, z.number().int().min(least).max(most));
const count = (least: number, most: number, usual: number) =>
  z.preprocess(digits, z.number().int().min(least).max(most).default(usual));

export const RUN_SORTS = ['date_desc', 'date_asc', 'distance_desc', 'distance_asc'] as const;
export type RunSort = (typeof RUN_SORTS)[number];

export const pageQuery = z.object({ page: count(1, 100_000, 1), limit: count(1, 100, 20) });
export const runsQuery = pageQuery.extend({
  sort: z.enum(RUN_SORTS).default('date_desc'),
  data_source: z.enum(RUN_SOURCES).optional(),
});

export const BUILT_SORTS = ['started_at', 'created_at', 'distance', 'moving_time', 'elapsed_time'] as const;
export type BuiltSort = (typeof BUILT_SORTS)[number];

export const builtRunsQuery = z.object({
  limit: count(1, 100, 20),
  offset: count(0, 10_000_000, 0),
  sort_by: z.enum(BUILT_SORTS).default('started_at'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
  data_source: z.enum(RUN_SOURCES).optional(),
  date_from: z.iso.datetime({ offset: true, local: true }).optional(),
  date_to: z.iso.datetime({ offset: true, local: true }).optional(),
  search: z
    .string()
    .max(200)
    .refine((text) => text.isWellFormed() && !text.includes('\0'))
    .optional(),
});
export type BuiltRunsQuery = z.output<typeof builtRunsQuery>;

export const builtPeriodQuery = z.object({
  period: z.enum(['this_week', 'this_month', 'this_year', 'all_time']).default('all_time'),
});
export const polylineQuery = z.object({ format: z.enum(['geojson', 'coordinates']).default('geojson') });
export const monthlyQuery = z.object({
  year: whole(1_900, 2_199).optional(),
  months: count(1, 60, 12),
});
