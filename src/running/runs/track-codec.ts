import { finished } from '../geo/portions.js';
import type { Track } from '../geo/track.js';
import { ColumnReader, ColumnWriter, toStep } from './packed-columns.js';

// A track as it lies in the database. Exact to 1e-7 degree (a centimetre), a millisecond, a decimetre of altitude, accuracy and distance, and
// one beat or step per minute, which is less than any receiver tells apart; everything that is worked out from a stored run is worked
// out from these values.

/** Stands beside the bytes; another form gets another number. */
export const TRACK_CODEC = 1;

const PER_DEG = 1e7;
const PER_M = 10;
const ALWAYS = [
  ['tMs', 1],
  ['latDeg', PER_DEG],
  ['lonDeg', PER_DEG],
] as const satisfies readonly (readonly [keyof Track, number])[];
/** Columns that a track may lack, in the order of their bits. */
const OPTIONAL = [
  ['altitudeM', PER_M],
  ['accuracyM', PER_M],
  ['heartRateBpm', 1],
  ['cadenceSpm', 1],
  ['deviceDistanceM', PER_M],
] as const satisfies readonly (readonly [keyof Track, number])[];
/** In the order of their bytes. */
const COLUMNS = [...ALWAYS, ...OPTIONAL] as const;

/** @throws RangeError for a figure that is infinite or absurd, or times that are not whole milliseconds in ascending order */
export function encodeTrack(track: Track): Buffer {
  return finished(encodeTrackInPortions(track));
}

export function* encodeTrackInPortions(track: Track): Generator<void, Buffer> {
  for (let index = 0; index < track.length; index += 1) {
    const isInOrder = index === 0 || track.tMs[index]! > track.tMs[index - 1]!;
    if (!Number.isSafeInteger(track.tMs[index]) || !isInOrder) throw new RangeError('Times do not ascend');
  }
  const writer = new ColumnWriter(track.length * 12);
  writer.plain(track.length);
  writer.plain(OPTIONAL.reduce((bits, [name], bit) => bits | (track[name] === null ? 0 : 1 << bit), 0));
  yield;
  for (const [name, perUnit] of COLUMNS) {
    if (track[name] === null) continue;
    writer.column(track[name], perUnit);
    yield;
  }
  return writer.end();
}

/** @throws RangeError for bytes that are no track of this codec */
export function decodeTrack(bytes: Uint8Array): Track {
  return finished(decodeTrackInPortions(bytes));
}

export function* decodeTrackInPortions(bytes: Uint8Array): Generator<void, Track> {
  const reader = new ColumnReader(bytes);
  const length = reader.plain();
  const bits = reader.plain();
  const track = withoutColumns(length);
  for (const [name, perUnit] of ALWAYS) {
    track[name] = reader.column(length, perUnit);
    yield;
  }
  for (const [bit, [name, perUnit]] of OPTIONAL.entries()) {
    if (!(bits & (1 << bit))) continue;
    track[name] = reader.column(length, perUnit);
    yield;
  }
  reader.end();
  return track;
}

/**
 * The track as it will be read back: rules that run before it is stored use this, so that they come to the same as whoever reads it.
 * @param track its times are whole milliseconds
 */
export function asStored(track: Track): Track {
  return finished(asStoredInPortions(track));
}

export function* asStoredInPortions(track: Track): Generator<void, Track> {
  const stored = withoutColumns(track.length);
  stored.fastestMps = track.fastestMps;
  for (const [name, perUnit] of COLUMNS) {
    const values = track[name];
    if (values === null) continue;
    stored[name] = values.map((value) => toStep(value, perUnit));
    yield;
  }
  return stored;
}

function withoutColumns(length: number): { -readonly [Name in keyof Track]: Track[Name] } {
  const nothing = new Float64Array(0);
  return {
    length,
    tMs: nothing,
    latDeg: nothing,
    lonDeg: nothing,
    altitudeM: null,
    accuracyM: null,
    heartRateBpm: null,
    cadenceSpm: null,
    deviceDistanceM: null,
  };
}

/** Of a run that has none. */
export function emptyTrack(): Track {
  return decodeTrack(Uint8Array.of(0, 0));
}
