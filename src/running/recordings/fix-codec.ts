import { ColumnReader, ColumnWriter } from '../runs/packed-columns.js';

// Fixes of a run that was folded, packed. Unlike the track they are what the device sent, number by number: what could not be used
// stays, too, since another late fix may make sense of it.

/** Stands beside the bytes; another form gets another number. */
export const FIX_CODEC = 1;

/** Fixes in the order of their numbers. Every column has `length` entries; NaN = not told. */
export interface FixColumns {
  readonly length: number;
  /** By the device, from 1 on, ascending. */
  readonly seq: Float64Array;
  /** By the device's clock, since 1970. */
  readonly atMs: Float64Array;
  readonly latDeg: Float64Array;
  readonly lonDeg: Float64Array;
  readonly altitudeM: Float64Array;
  readonly accuracyM: Float64Array;
  readonly speedMps: Float64Array;
  readonly bearingDeg: Float64Array;
  readonly heartRateBpm: Float64Array;
  readonly cadenceSpm: Float64Array;
}

/** What a fix says besides its number, and in steps of what it is kept. */
export const FIX_STEPS = [
  ['atMs', 1],
  ['latDeg', 1e7],
  ['lonDeg', 1e7],
  ['altitudeM', 10],
  ['accuracyM', 10],
  ['speedMps', 10],
  ['bearingDeg', 10],
  ['heartRateBpm', 1],
  ['cadenceSpm', 1],
] as const satisfies readonly (readonly [keyof FixColumns, number])[];

/** @throws RangeError for a figure that is infinite or absurd */
export function encodeFixes(fixes: FixColumns): Buffer {
  const isTold = FIX_STEPS.map(([name]) => fixes[name].some((value) => !Number.isNaN(value)));
  const writer = new ColumnWriter(fixes.length * 16);
  writer.plain(fixes.length);
  writer.plain(isTold.reduce((bits, told, bit) => bits | (told ? 1 << bit : 0), 0));
  writer.column(fixes.seq, 1);
  FIX_STEPS.forEach(([name, perUnit], index) => {
    if (isTold[index]) writer.column(fixes[name], perUnit);
  });
  return writer.end();
}

/** @throws RangeError for bytes that are no fixes of this codec */
export function decodeFixes(bytes: Uint8Array): FixColumns {
  const reader = new ColumnReader(bytes);
  const length = reader.plain();
  const bits = reader.plain();
  const seq = reader.column(length, 1);
  const columns = FIX_STEPS.map(([, perUnit], index) =>
    bits & (1 << index) ? reader.column(length, perUnit) : new Float64Array(length).fill(Number.NaN),
  );
  reader.end();
  const column = (name: (typeof FIX_STEPS)[number][0]): Float64Array =>
    columns[FIX_STEPS.findIndex(([known]) => known === name)]!;
  return {
    length,
    seq,
    atMs: column('atMs'),
    latDeg: column('latDeg'),
    lonDeg: column('lonDeg'),
    altitudeM: column('altitudeM'),
    accuracyM: column('accuracyM'),
    speedMps: column('speedMps'),
    bearingDeg: column('bearingDeg'),
    heartRateBpm: column('heartRateBpm'),
    cadenceSpm: column('cadenceSpm'),
  };
}
