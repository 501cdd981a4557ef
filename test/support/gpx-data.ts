import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Pause, Track } from '../../src/running/geo/track.js';

/** Real tracks that lie beside the repository on machines of its developers; some are under licences that do not let them in. */
export interface GpxData {
  /** Every GPX and TCX file below the folder, sorted, by the names that the other two take. */
  readonly names: readonly string[];
  /** The same of FIT files, of which there are only bytes here. */
  readonly fitNames: readonly string[];
  /** The file's bytes, unpacked when it ends in .gz. @param name below the folder: `trackeR/2013-06-15-090638.TCX.gz` */
  bytes(name: string): Buffer;
  /** Read by a few regular expressions, so that tests of rules do not depend on the readers; points with a time only. */
  track(name: string): Track;
  /** Where the file itself says that the watch was stopped: between its laps and segments. */
  pauses(name: string): Pause[];
}

const FOLDERS = [process.env.GUILDHALL_SHARED, '../shared', '../../shared']
  .filter((path) => path !== undefined)
  .map((path) => join(path, 'data/gpx'));

/** Undefined where there are none: such tests are skipped, with the folder in their names. */
export function gpxData(): GpxData | undefined {
  const folder = FOLDERS.find((path) => existsSync(path));
  if (folder === undefined) return undefined;
  const bytes = (name: string): Buffer => {
    const raw = readFileSync(join(folder, name));
    return name.endsWith('.gz') ? gunzipSync(raw) : raw;
  };
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
  const names = all.filter((name) => /\.(gpx|tcx)(\.gz)?$/i.test(name));
  const fitNames = all.filter((name) => /\.fit(\.gz)?$/i.test(name));
  const text = (name: string): string => bytes(name).toString();
  return {
    names,
    fitNames,
    bytes,
    track: (name) => trackOf(text(name)),
    pauses: (name) => pausesOf(text(name)),
  };
}

/** A lap or segment that starts within a few seconds of the last one's end is no pause. */
const SHORTEST_PAUSE_MS = 5_000;

function pausesOf(xml: string): Pause[] {
  const parts = (xml.match(/<Track>.*?<\/Track>|<trkseg>.*?<\/trkseg>/gs) ?? [])
    .map((part) => (part.match(/<(?:Time|time)>.*?</g) ?? []).map((time) => Date.parse(time.slice(6, -1))))
    .filter((times) => times.length > 0);
  const startMs = Math.min(...parts.map(([first]) => first!));
  return parts.slice(1).flatMap((times, index): Pause[] => {
    const [fromMs, toMs] = [parts[index]!.at(-1)! - startMs, times[0]! - startMs];
    return toMs - fromMs > SHORTEST_PAUSE_MS ? [{ fromMs, toMs }] : [];
  });
}

interface Point {
  readonly atMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly altitude: number;
  readonly heartRate: number;
  readonly cadence: number;
  readonly distance: number;
}

/** Both formats tell cadence of one leg. */
function trackOf(xml: string): Track {
  const isTcx = xml.includes('<TrainingCenterDatabase');
  const blocks = xml.match(isTcx ? /<Trackpoint>.*?<\/Trackpoint>/gs : /<trkpt .*?(?:<\/trkpt>|\/>)/gs) ?? [];
  const points = blocks
    .map((block) => (isTcx ? tcxPoint(block) : gpxPoint(block)))
    .filter(({ atMs }) => !Number.isNaN(atMs))
    .sort((a, b) => a.atMs - b.atMs)
    .filter((point, index, all) => index === 0 || point.atMs > all[index - 1]!.atMs);
  const startMs = points[0]?.atMs ?? 0;
  return {
    length: points.length,
    tMs: Float64Array.from(points, ({ atMs }) => atMs - startMs),
    latDeg: Float64Array.from(points, ({ lat }) => lat),
    lonDeg: Float64Array.from(points, ({ lon }) => lon),
    altitudeM: column(points, 'altitude'),
    accuracyM: null,
    heartRateBpm: column(points, 'heartRate'),
    cadenceSpm: column(points, 'cadence'),
    deviceDistanceM: column(points, 'distance'),
  };
}

function column(points: readonly Point[], key: keyof Point): Float64Array | null {
  const values = Float64Array.from(points, (point) => point[key]);
  return values.every(Number.isNaN) ? null : values;
}

function tcxPoint(block: string): Point {
  return {
    atMs: Date.parse(text(block, 'Time')),
    lat: number(text(block, 'LatitudeDegrees')),
    lon: number(text(block, 'LongitudeDegrees')),
    altitude: number(text(block, 'AltitudeMeters')),
    heartRate: number(/<HeartRateBpm[^>]*>\s*<Value>(.*?)</s.exec(block)?.[1] ?? ''),
    cadence: 2 * number(text(block, 'RunCadence') || text(block, 'Cadence')),
    distance: number(text(block, 'DistanceMeters')),
  };
}

function gpxPoint(block: string): Point {
  return {
    atMs: Date.parse(text(block, 'time')),
    lat: number(/ lat="(.*?)"/.exec(block)?.[1] ?? ''),
    lon: number(/ lon="(.*?)"/.exec(block)?.[1] ?? ''),
    altitude: number(text(block, 'ele')),
    heartRate: number(text(block, 'hr')),
    cadence: 2 * number(text(block, 'cad')),
    distance: Number.NaN,
  };
}

function text(block: string, tag: string): string {
  return new RegExp(`<(?:\\w+:)?${tag}>\\s*(.*?)\\s*<`, 's').exec(block)?.[1] ?? '';
}

function number(value: string): number {
  return value === '' ? Number.NaN : Number(value);
}
