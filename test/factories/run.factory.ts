import { randomUUID } from 'node:crypto';
import { summariseTrack } from '../../src/running/analysis/track-summary.js';
import type { Pause, Track } from '../../src/running/geo/track.js';
import { RUN_COLUMN, RUN_FIGURES } from '../../src/running/runs/run-columns.js';
import { type DeviceTotals, figuresOf } from '../../src/running/runs/run-figures.js';
import type { RunSource, Visibility } from '../../src/running/runs/run-terms.js';
import { encodeTrack, TRACK_CODEC } from '../../src/running/runs/track-codec.js';
import { queryRows } from '../support/table-counts.js';

export interface MadeRun {
  readonly userId: string;
  readonly source?: RunSource;
  readonly visibility?: Visibility;
  readonly title?: string | null;
  readonly startedAt?: Date;
  readonly timeZone?: string | null;
  readonly pauses?: readonly Pause[];
  readonly device?: DeviceTotals;
  /** Null for one that has none. */
  readonly track?: Track | null;
}

/** A finished run with its track, as they lie in the tables. @returns its id */
export async function makeRunRow(databaseUrl: string, made: MadeRun): Promise<string> {
  const { userId, track = aLoop(), pauses = [] } = made;
  const id = randomUUID();
  const startedAt = made.startedAt ?? new Date('2026-05-02T06:30:00Z');
  const figures = figuresOf(summariseTrack(track ?? NO_TRACK, pauses), made.device);
  const columns = RUN_FIGURES.map((name) => RUN_COLUMN[name]);
  const places = columns.map((_column, index) => `$${index + 10}`);
  await queryRows(
    databaseUrl,
    `INSERT INTO running.run (id, user_id, source, status, title, visibility, started_at, time_zone, has_track, track_version,
       finished_at, change_seq, ${columns.join(', ')})
     VALUES ($1, $2, $3, 'finished', $4, $5, $6, $7, $8, $8::boolean::int, $9, nextval('running.run_change_seq'), ${places.join(', ')})`,
    [
      id,
      userId,
      made.source ?? 'app',
      made.title === undefined ? 'Morning run' : made.title,
      made.visibility ?? 'private',
      startedAt,
      made.timeZone === undefined ? 'Europe/Berlin' : made.timeZone,
      track !== null,
      new Date(startedAt.getTime() + (figures.elapsedTimeS ?? 0) * 1_000),
      ...RUN_FIGURES.map((name) => figures[name]),
    ],
  );
  if (track !== null)
    await queryRows(
      databaseUrl,
      `INSERT INTO running.track (run_id, user_id, point_count, codec, points, pauses, laps, corrections, version)
       VALUES ($1, $2, $3, $4, $5, $6, '[]', '[]', 1)`,
      [id, userId, track.length, TRACK_CODEC, encodeTrack(track), JSON.stringify(pauses)],
    );
  return id;
}

/**
 * Once around a hill: a circle, a second per point.
 * @param lengthM around @param speedMps even
 */
export function aLoop({
  lengthM = 2_400,
  speedMps = 3,
  latDeg = 52.5,
  lonDeg = 13.4,
  heightM = 30,
} = {}): Track {
  const length = Math.round(lengthM / speedMps) + 1;
  const radiusDeg = lengthM / (2 * Math.PI) / 111_195;
  const column = (of: (share: number, index: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, index) => of(index / (length - 1), index));
  return {
    length,
    tMs: column((_share, index) => index * 1_000),
    latDeg: column((share) => latDeg + radiusDeg * Math.sin(2 * Math.PI * share)),
    lonDeg: column(
      (share) =>
        lonDeg + (radiusDeg * (1 - Math.cos(2 * Math.PI * share))) / Math.cos((latDeg * Math.PI) / 180),
    ),
    altitudeM: column((share) => 40 + heightM * Math.sin(Math.PI * share)),
    accuracyM: null,
    heartRateBpm: column((share) => Math.round(130 + 30 * share)),
    cadenceSpm: column(() => 172),
    deviceDistanceM: null,
  };
}

const NOTHING = new Float64Array(0);
const NO_TRACK: Track = {
  length: 0,
  tMs: NOTHING,
  latDeg: NOTHING,
  lonDeg: NOTHING,
  altitudeM: null,
  accuracyM: null,
  heartRateBpm: null,
  cadenceSpm: null,
  deviceDistanceM: null,
};
