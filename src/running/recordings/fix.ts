import { z } from 'zod';
import { toStep } from '../runs/packed-columns.js';

// A fix as a device sends it: an array of numbers, since a second of running is sent by thousands of phones at once. Reading one by
// hand costs a tenth of what zod takes; the schema says the same and is what documents show (a test holds them against each other).

/** Fixes of one run have numbers up to this: eleven days at one a second. */
export const MOST_SEQ = 1_000_000;
/** Of one call or message. */
export const MOST_FIXES = 5_000;

/** 2000-01-01 to 2100-01-01: a device whose clock was never set says 1970. */
const EARLIEST_MS = 946_684_800_000;
const LATEST_MS = 4_102_444_800_000;

/** What a receiver said at one moment. NaN = not told; the place is told as a whole or not at all. */
export interface Fix {
  readonly seq: number;
  /** By the device's clock, since 1970. */
  readonly atMs: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly accuracyM: number;
  readonly altitudeM: number;
  readonly speedMps: number;
  readonly bearingDeg: number;
  readonly heartRateBpm: number;
  /** Steps per minute of both feet. */
  readonly cadenceSpm: number;
}

const optional = z.number().nullish();

/** What is accepted, element by element; sensors behind the place may be left out from any one on. */
export const FIX_ELEMENT = z
  .tuple([
    z.int().min(1).max(MOST_SEQ).describe('seq: the device counts its fixes from 1 on'),
    z.number().min(EARLIEST_MS).max(LATEST_MS).describe('tMs: milliseconds since 1970 by the device'),
    z.number().min(-90).max(90).nullable().describe('lat: degrees; null with lon: no place was found'),
    z.number().min(-180).max(180).nullable().describe('lon: degrees'),
    optional.describe('acc: radius in metres; what is out of range is not told, here and from here on'),
    optional.describe('alt: metres above sea level'),
    optional.describe('spd: metres per second'),
    optional.describe('brg: degrees from north'),
    optional.describe('hr: beats per minute'),
    optional.describe('cad: steps per minute of both feet'),
  ])
  .refine(([, , lat, lon]) => (lat === null) === (lon === null));

/** What a sensor may say; anything else is a sensor's way to say nothing (-1 of iOS, 0 or 255 of a strap without contact). */
const ACCURACY_M = { least: 0, most: 100_000 };
const ALTITUDE_M = { least: -1_000, most: 20_000 };
const SPEED_MPS = { least: 0, most: 200 };
const BEARING_DEG = { least: 0, most: 360 };
const HEART_RATE_BPM = { least: 1, most: 254 };
const CADENCE_SPM = { least: 0, most: 400 };

const FIELDS = 10;
const TENTHS = 10;
const PLACE_STEPS = 1e7;

/** @returns the fix in the steps in which it is kept; a word on what is wrong with it otherwise */
export function readFix(value: unknown): Fix | string {
  if (!Array.isArray(value) || value.length < 4 || value.length > FIELDS)
    return 'is no array of 4 to 10 numbers';
  const array = value as unknown[];
  const [seq, tMs, lat, lon] = array;
  if (!Number.isInteger(seq) || (seq as number) < 1 || (seq as number) > MOST_SEQ)
    return `seq is no whole number of 1 to ${MOST_SEQ}`;
  if (!isWithin(tMs, EARLIEST_MS, LATEST_MS))
    return 'tMs is no time of 2000 to 2100 in milliseconds since 1970';
  const hasPlace = lat !== null;
  if (hasPlace !== (lon !== null)) return 'has one half of a place';
  if (hasPlace && !(isWithin(lat, -90, 90) && isWithin(lon, -180, 180)))
    return 'has a place that is not on Earth';
  for (let index = 4; index < array.length; index += 1) {
    const told = array[index];
    if (told !== null && told !== undefined && !Number.isFinite(told))
      return 'has a figure that is no number';
  }
  return {
    seq: seq as number,
    atMs: Math.round(tMs as number),
    latDeg: hasPlace ? toStep(lat as number, PLACE_STEPS) : Number.NaN,
    lonDeg: hasPlace ? toStep(lon as number, PLACE_STEPS) : Number.NaN,
    accuracyM: sensor(array[4], ACCURACY_M, TENTHS),
    altitudeM: sensor(array[5], ALTITUDE_M, TENTHS),
    speedMps: sensor(array[6], SPEED_MPS, TENTHS),
    bearingDeg: sensor(array[7], BEARING_DEG, TENTHS),
    heartRateBpm: sensor(array[8], HEART_RATE_BPM, 1),
    cadenceSpm: sensor(array[9], CADENCE_SPM, 1),
  };
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function sensor(value: unknown, { least, most }: { least: number; most: number }, perUnit: number): number {
  return isWithin(value, least, most) ? toStep(value as number, perUnit) : Number.NaN;
}

/** Whether two fixes of one number say the same, in the steps in which they are kept. */
export function isSameFix(a: Fix, b: Fix): boolean {
  return (
    a.atMs === b.atMs &&
    isSame(a.latDeg, b.latDeg) &&
    isSame(a.lonDeg, b.lonDeg) &&
    isSame(a.accuracyM, b.accuracyM) &&
    isSame(a.altitudeM, b.altitudeM) &&
    isSame(a.speedMps, b.speedMps) &&
    isSame(a.bearingDeg, b.bearingDeg) &&
    isSame(a.heartRateBpm, b.heartRateBpm) &&
    isSame(a.cadenceSpm, b.cadenceSpm)
  );
}

/** Not told is the same as not told. */
function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
