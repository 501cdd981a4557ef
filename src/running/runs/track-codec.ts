import type { Track } from '../geo/track.js';
import { ColumnReader, ColumnWriter, toStep } from './packed-columns.js';

// A track as it lies in the database. Exact to 1e-7 degree (a centimetre), a millisecond, a decimetre of altitude, accuracy and distance, and
// one beat or step per minute, which is less than any receiver tells apart; everything that is worked out from a stored run is worked
// out from these values.

/** Stands beside the bytes; another form gets another number. */
export const TRACK_CODEC = 1;

const PER_DEG = 1e7;
const PER_M = 10;
/** Columns that a track may lack, in the order of their bits. */
const OPTIONAL = [
  ['altitudeM', PER_M],
  ['accuracyM', PER_M],
  ['heartRateBpm', 1],
  ['cadenceSpm', 1],
  ['deviceDistanceM', PER_M],
] as const satisfies readonly (readonly [keyof Track, number])[];

/** @throws RangeError for a figure that is infinite or absurd, or times that are not whole milliseconds in ascending order */
export function encodeTrack(track: Track): Buffer {
  for (let index = 0; index < track.length; index += 1) {
    const isInOrder = index === 0 || track.tMs[index]! > track.tMs[index - 1]!;
    if (!Number.isSafeInteger(track.tMs[index]) || !isInOrder) throw new RangeError('Times do not ascend');
  }
  const writer = new ColumnWriter(track.length * 12);
  writer.plain(track.length);
  writer.plain(OPTIONAL.reduce((bits, [name], bit) => bits | (track[name] === null ? 0 : 1 << bit), 0));
  writer.column(track.tMs, 1);
  writer.column(track.latDeg, PER_DEG);
  writer.column(track.lonDeg, PER_DEG);
  for (const [name, perUnit] of OPTIONAL) if (track[name] !== null) writer.column(track[name], perUnit);
  return writer.end();
}

/** @throws RangeError for bytes that are no track of this codec */
export function decodeTrack(bytes: Uint8Array): Track {
  const reader = new ColumnReader(bytes);
  const length = reader.plain();
  const bits = reader.plain();
  const track = {
    length,
    tMs: reader.column(length, 1),
    latDeg: reader.column(length, PER_DEG),
    lonDeg: reader.column(length, PER_DEG),
    altitudeM: null as Float64Array | null,
    accuracyM: null as Float64Array | null,
    heartRateBpm: null as Float64Array | null,
    cadenceSpm: null as Float64Array | null,
    deviceDistanceM: null as Float64Array | null,
  };
  OPTIONAL.forEach(([name, perUnit], bit) => {
    if (bits & (1 << bit)) track[name] = reader.column(length, perUnit);
  });
  reader.end();
  return track;
}

/**
 * The track as it will be read back: rules that run before it is stored use this, so that they come to the same as whoever reads it.
 * @param track its times are whole milliseconds
 */
export function asStored(track: Track): Track {
  const stepped = (values: Float64Array, perUnit: number): Float64Array =>
    values.map((value) => toStep(value, perUnit));
  const optional = (values: Float64Array | null, perUnit: number): Float64Array | null =>
    values && stepped(values, perUnit);
  return {
    length: track.length,
    tMs: track.tMs,
    latDeg: stepped(track.latDeg, PER_DEG),
    lonDeg: stepped(track.lonDeg, PER_DEG),
    altitudeM: optional(track.altitudeM, PER_M),
    accuracyM: optional(track.accuracyM, PER_M),
    heartRateBpm: optional(track.heartRateBpm, 1),
    cadenceSpm: optional(track.cadenceSpm, 1),
    deviceDistanceM: optional(track.deviceDistanceM, PER_M),
  };
}

/** Of a run that has none. */
export function emptyTrack(): Track {
  return decodeTrack(Uint8Array.of(0, 0));
}
