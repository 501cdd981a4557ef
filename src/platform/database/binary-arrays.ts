// One-dimensional arrays in PostgreSQL's binary format. A Buffer parameter is sent as binary, which spares both sides the
// text of thousands of numbers. Layout: int32 dimensions, int32 has-nulls, int32 element oid, int32 length, int32 lower
// bound, then per element int32 size and the value, all big-endian (src/backend/utils/adt/arrayfuncs.c, array_recv).

const HEADER_BYTES = 20;
const OID = { int4: 23, text: 25, float8: 701, date: 1082, timestamptz: 1184 } as const;
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_MS = 946_684_800_000;
const EPOCH_2000_DAYS = 10_957;

function frame(oid: number, count: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

export function int4Array(values: Int32Array): Buffer {
  return wordArray(OID.int4, values, 0);
}

/** @param days counted from 1970-01-01 */
export function dateArray(days: Int32Array): Buffer {
  return wordArray(OID.date, days, -EPOCH_2000_DAYS);
}

function wordArray(oid: number, values: Int32Array, shift: number): Buffer {
  const buffer = frame(oid, values.length, HEADER_BYTES + values.length * 8);
  let offset = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(4, offset);
    buffer.writeInt32BE(value + shift, offset + 4);
    offset += 8;
  }
  return buffer;
}

export function float8Array(values: Float64Array): Buffer {
  const buffer = frame(OID.float8, values.length, HEADER_BYTES + values.length * 12);
  let offset = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(8, offset);
    buffer.writeDoubleBE(value, offset + 4);
    offset += 12;
  }
  return buffer;
}

/** @param unixMs Unix times in milliseconds */
export function timestamptzArray(unixMs: Float64Array): Buffer {
  const buffer = frame(OID.timestamptz, unixMs.length, HEADER_BYTES + unixMs.length * 12);
  let offset = HEADER_BYTES;
  for (const value of unixMs) {
    buffer.writeInt32BE(8, offset);
    const microseconds = Math.round((value - EPOCH_2000_MS) * 1_000);
    const high = Math.floor(microseconds / 2 ** 32);
    buffer.writeInt32BE(high, offset + 4);
    buffer.writeUInt32BE(microseconds - high * 2 ** 32, offset + 8);
    offset += 12;
  }
  return buffer;
}

/** The only ones of which some may be missing: null and undefined become SQL's NULL. */
export function textArray(values: readonly (string | null | undefined)[]): Buffer {
  let bytes = HEADER_BYTES;
  let hasNulls = 0;
  for (const value of values) {
    bytes += 4;
    if (value == null) hasNulls = 1;
    else bytes += Buffer.byteLength(value);
  }
  const buffer = frame(OID.text, values.length, bytes);
  buffer.writeInt32BE(hasNulls, 4);
  let offset = HEADER_BYTES;
  for (const value of values) {
    const written = value == null ? -1 : buffer.write(value, offset + 4);
    buffer.writeInt32BE(written, offset);
    offset += 4 + Math.max(written, 0);
  }
  return buffer;
}

// The other way round: what array_send() makes of an array, as bytea. A column of thousands of values is read at once instead of
// in as many fields of as many rows. An array without elements has no dimension.

/** @param array of a float8[] @returns NaN for NULL */
export function readFloat8Array(array: Buffer): Float64Array {
  const view = viewOf(array);
  const values = new Float64Array(lengthOf(view));
  let offset = HEADER_BYTES;
  for (let place = 0; place < values.length; place += 1) {
    const isNull = view.getInt32(offset) < 0;
    values[place] = isNull ? Number.NaN : view.getFloat64(offset + 4);
    offset += isNull ? 4 : 12;
  }
  return values;
}

/** @param array of an int4[] without NULLs */
export function readInt4Array(array: Buffer): Int32Array {
  const view = viewOf(array);
  const values = new Int32Array(lengthOf(view));
  for (let place = 0; place < values.length; place += 1)
    values[place] = view.getInt32(HEADER_BYTES + place * 8 + 4);
  return values;
}

/** @param array of an int8[] without NULLs, whose values are exact as doubles */
export function readInt8Array(array: Buffer): Float64Array {
  const view = viewOf(array);
  const values = new Float64Array(lengthOf(view));
  for (let place = 0; place < values.length; place += 1) values[place] = readInt8(view, place);
  return values;
}

/** @param array of a timestamptz[] without NULLs @returns Unix times in milliseconds, microseconds as their fraction */
export function readTimestamptzArray(array: Buffer): Float64Array {
  const view = viewOf(array);
  const values = new Float64Array(lengthOf(view));
  for (let place = 0; place < values.length; place += 1)
    values[place] = (EPOCH_2000_MS * 1_000 + readInt8(view, place)) / 1_000; // rounded once, as whoever parses the instant's text rounds
  return values;
}

function readInt8(array: DataView, place: number): number {
  const offset = HEADER_BYTES + place * 12 + 4;
  return array.getInt32(offset) * 2 ** 32 + array.getUint32(offset + 4);
}

function viewOf(array: Buffer): DataView {
  return new DataView(array.buffer, array.byteOffset, array.byteLength);
}

function lengthOf(array: DataView): number {
  return array.getInt32(0) === 0 ? 0 : array.getInt32(12);
}
