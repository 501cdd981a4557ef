import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Pause, Track } from '../../src/running/geo/track.js';

// Real tracks that lie beside the repository on machines of its developers (their licences do not let us ship them). They are read here
// with a few regular expressions, on purpose not with the product's own readers: rules and readers are tested apart.

/** One recorded run as a rule takes it. */
export interface RecordedTrack {
  readonly name: string;
  readonly startedAtMs: number;
  readonly track: Track;
  /** Where the file itself says that the watch was stopped: between its laps and segments. */
  readonly pauses: readonly Pause[];
}

export interface GpxData {
  /** Every file that holds a track, by its path below the folder, sorted: `trackeR/2013-06-08-090442.TCX.gz`. */
  readonly names: readonly string[];
  /** @throws when the file has fewer than two points with place and time */
  read(name: string): RecordedTrack;
}

const FOLDERS = [
  ...(process.env['GUILDHALL_SHARED'] === undefined ? [] : [process.env['GUILDHALL_SHARED']]),
  '../shared',
  '../../shared',
].map((folder) => join(folder, 'data/gpx'));

/** Undefined where there are none: such tests are skipped, with the folder in their names. */
export function gpxData(): GpxData | undefined {
  const folder = FOLDERS.find((path) => existsSync(path));
  if (folder === undefined) return undefined;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(gpx|tcx)(\.gz)?$/i.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
  return { names, read: (name) => readRecording(join(folder, name), name) };
}

function readRecording(path: string, name: string): RecordedTrack {
  const bytes = readFileSync(path);
  const xml = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const parts = /<TrainingCenterDatabase/.test(xml) ? tcxParts(xml) : gpxParts(xml);
  const points = parts.flat().sort((a, b) => a.atMs - b.atMs);
  const kept = points.filter((point, index) => index === 0 || point.atMs > points[index - 1]!.atMs);
  if (kept.length < 2) throw new Error(`${name} holds no track`);
  const startedAtMs = kept[0]!.atMs;
  const pauses: Pause[] = [];
  for (let index = 1; index < parts.length; index += 1) {
    const [before, after] = [parts[index - 1]!.at(-1)!, parts[index]![0]!];
    // A lap or segment that starts within a few seconds of the last one's end is no pause.
    if (after.atMs - before.atMs > 5_000) {
      pauses.push({ fromMs: before.atMs - startedAtMs, toMs: after.atMs - startedAtMs });
    }
  }
  return { name, startedAtMs, track: trackOf(kept, startedAtMs), pauses };
}

interface Point {
  readonly atMs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly altitudeM: number;
  readonly heartRateBpm: number;
  readonly cadenceSpm: number;
  readonly deviceDistanceM: number;
}

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  return found === null ? Number.NaN : Number(found[1]);
}

function tcxParts(xml: string): Point[][] {
  const tracks = [...xml.matchAll(/<Track>([\s\S]*?)<\/Track>/g)].map(([, track]) =>
    [...track!.matchAll(/<Trackpoint>([\s\S]*?)<\/Trackpoint>/g)].flatMap(([, text]): Point[] => {
      const time = /<Time>([^<]+)</.exec(text!);
      if (time === null) return [];
      return [
        {
          atMs: Date.parse(time[1]!),
          latDeg: numberIn(text!, /<LatitudeDegrees>([^<]+)</),
          lonDeg: numberIn(text!, /<LongitudeDegrees>([^<]+)</),
          altitudeM: numberIn(text!, /<AltitudeMeters>([^<]+)</),
          heartRateBpm: numberIn(text!, /<HeartRateBpm[^>]*>\s*<Value>([^<]+)</),
          // One leg in TCX.
          cadenceSpm: 2 * numberIn(text!, /<RunCadence>([^<]+)</),
          deviceDistanceM: numberIn(text!, /<DistanceMeters>([^<]+)</),
        },
      ];
    }),
  );
  return tracks.filter((part) => part.length > 0);
}

function gpxParts(xml: string): Point[][] {
  const segments = [...xml.matchAll(/<trkseg>([\s\S]*?)<\/trkseg>/g)].map(([, segment]) =>
    [...segment!.matchAll(/<trkpt([^>]*)>([\s\S]*?)<\/trkpt>/g)].flatMap(([, head, text]): Point[] => {
      const time = /<time>([^<]+)</.exec(text!);
      if (time === null) return [];
      return [
        {
          atMs: Date.parse(time[1]!),
          latDeg: numberIn(head!, /lat="([^"]+)"/),
          lonDeg: numberIn(head!, /lon="([^"]+)"/),
          altitudeM: numberIn(text!, /<ele>([^<]+)</),
          heartRateBpm: numberIn(text!, /:hr>([^<]+)</),
          cadenceSpm: 2 * numberIn(text!, /:cad>([^<]+)</),
          deviceDistanceM: numberIn(text!, /:distance>([^<]+)</),
        },
      ];
    }),
  );
  return segments.filter((part) => part.length > 0);
}

function trackOf(points: readonly Point[], startedAtMs: number): Track {
  const column = (read: (point: Point) => number): Float64Array => Float64Array.from(points, read);
  const optional = (read: (point: Point) => number): Float64Array | null => {
    const values = column(read);
    return values.some((value) => Number.isFinite(value)) ? values : null;
  };
  return {
    length: points.length,
    tMs: column(({ atMs }) => atMs - startedAtMs),
    latDeg: column(({ latDeg }) => latDeg),
    lonDeg: column(({ lonDeg }) => lonDeg),
    altitudeM: optional(({ altitudeM }) => altitudeM),
    accuracyM: null,
    heartRateBpm: optional(({ heartRateBpm }) => heartRateBpm),
    cadenceSpm: optional(({ cadenceSpm }) => cadenceSpm),
    deviceDistanceM: optional(({ deviceDistanceM }) => deviceDistanceM),
  };
}
