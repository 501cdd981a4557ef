import { ImportRefusal } from './import-refusal.js';

// The frame of FIT (protocol 1 and 2, chained files included): headers, checksums, definitions, records, compressed timestamps. Fields of
// developers are stepped over by their size. Written here and not taken from fit-file-parser, against which the tests compare it: that
// one names the properties of its objects as the file says, and a crafted file changes Array.prototype of the whole process; and a day
// of records as objects takes a gigabyte. Nothing here is kept but what is asked for.

/** Numbers of messages that tell of activities (FIT profile). */
export const FIT_MESSAGE = {
  fileId: 0,
  session: 18,
  lap: 19,
  record: 20,
  event: 21,
  activity: 34,
  workout: 26,
} as const;

/** Field 253 of every message. */
export const TIMESTAMP = 253;

/** A message as it passes; valid until the next one. */
export interface FitMessage {
  readonly number: number;
  /** @returns NaN where the field is absent, invalid or no number */
  value(field: number): number;
  text(field: number): string;
  /** Bytes of a field, whatever its type; null where it is absent or all ones. */
  bytes(field: number): Uint8Array | null;
}

interface FieldPlace {
  readonly number: number;
  readonly size: number;
  readonly baseType: number;
  readonly offset: number;
}

interface Definition {
  readonly number: number;
  readonly isLittle: boolean;
  readonly fields: readonly FieldPlace[];
  readonly byNumber: Int16Array;
  readonly size: number;
  /** Where the timestamp stands, for headers that bring their own. */
  readonly timestampSize: number;
}

/** Type number without the bit for byte order: width, and how to read and recognise nothing. */
const STRING = 7;
const WIDTHS: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 1,
  3: 2,
  4: 2,
  5: 4,
  6: 4,
  7: 1,
  8: 4,
  9: 8,
  10: 1,
  11: 2,
  12: 4,
  13: 1,
};

const CRC = crcTable();
const MOST_CHAINED = 100;
/** Between two turns: a few milliseconds of work. */
const CHECKED_BYTES = 4_194_304;
const READ_BYTES = 262_144;

/**
 * Calls back for every message of the file, in order, in portions. @returns how many files are chained in it
 * @throws ImportRefusal truncated, checksum-wrong, not-readable
 */
export function* readFitMessages(
  bytes: Uint8Array,
  onFile: () => Generator<void, void>,
  onMessage: (message: FitMessage) => void,
): Generator<void, number> {
  let [from, count] = [0, 0];
  while (from < bytes.length) {
    // What some tools write behind the last file is not one.
    if (count > 0 && !isFitHeader(bytes.subarray(from))) break;
    if (count === MOST_CHAINED) throw new ImportRefusal('too-many-activities');
    const end = yield* checkedEnd(bytes, from);
    yield* onFile();
    yield* readRecords(bytes.subarray(from + bytes[from]!, end - 2), onMessage);
    from = end;
    count += 1;
  }
  return count;
}

/** Whether bytes begin like a FIT file; twelve are enough to tell. */
export function isFitHeader(bytes: Uint8Array): boolean {
  const isMarked = bytes[8] === 0x2e && bytes[9] === 0x46 && bytes[10] === 0x49 && bytes[11] === 0x54;
  return isMarked && (bytes[0] === 12 || bytes[0] === 14);
}

/** The end of the file that begins there, once its checksums agree. Zero as the header's checksum means that there is none. */
function* checkedEnd(bytes: Uint8Array, from: number): Generator<void, number> {
  const headerSize = bytes[from]!;
  if (bytes.length - from < headerSize + 2) throw new ImportRefusal('truncated');
  const view = viewOf(bytes);
  const end = from + headerSize + view.getUint32(from + 4, true) + 2;
  if (headerSize === 14) {
    const told = view.getUint16(from + 12, true);
    if (told !== 0 && told !== fitChecksum(bytes.subarray(from, from + 12)))
      throw new ImportRefusal('checksum-wrong');
  }
  if (end > bytes.length) throw new ImportRefusal('truncated');
  let checksum = 0;
  for (let at = from; at < end - 2; at += CHECKED_BYTES) {
    checksum = fitChecksum(bytes.subarray(at, Math.min(at + CHECKED_BYTES, end - 2)), checksum);
    yield;
  }
  if (view.getUint16(end - 2, true) !== checksum) throw new ImportRefusal('checksum-wrong');
  return end;
}

function* readRecords(bytes: Uint8Array, onMessage: (message: FitMessage) => void): Generator<void, void> {
  const definitions: (Definition | undefined)[] = [];
  const cursor = new MessageCursor(bytes);
  let at = 0;
  let clock = Number.NaN;
  let turnAt = READ_BYTES;
  while (at < bytes.length) {
    if (at >= turnAt) {
      turnAt = at + READ_BYTES;
      yield;
    }
    const header = bytes[at]!;
    at += 1;
    if ((header & 0xc0) === 0x40) {
      at = define(bytes, at, header, definitions);
      continue;
    }
    const isCompressed = (header & 0x80) !== 0;
    const definition = definitions[isCompressed ? (header >> 5) & 3 : header & 15];
    if (!definition) throw new ImportRefusal('not-readable', 'a record without a definition');
    const size = definition.size - (isCompressed ? definition.timestampSize : 0);
    if (at + size > bytes.length) throw new ImportRefusal('not-readable', 'a record without an end');
    if (isCompressed) clock = Number.isNaN(clock) ? clock : clock + (((header & 31) - (clock & 31)) & 31);
    cursor.move(definition, at, isCompressed ? clock : undefined);
    const told = cursor.value(TIMESTAMP);
    if (!Number.isNaN(told)) clock = told;
    onMessage(cursor);
    at += size;
  }
}

/** @returns where the definition ends */
function define(
  bytes: Uint8Array,
  from: number,
  header: number,
  definitions: (Definition | undefined)[],
): number {
  const hasDeveloperFields = (header & 0x20) !== 0;
  const count = bytes[from + 4] ?? 0;
  const fieldsEnd = from + 5 + count * 3;
  const developerCount = hasDeveloperFields ? (bytes[fieldsEnd] ?? 0) : 0;
  const end = fieldsEnd + (hasDeveloperFields ? 1 + developerCount * 3 : 0);
  if (end > bytes.length) throw new ImportRefusal('not-readable', 'a definition without an end');
  const isLittle = bytes[from + 1] === 0;
  const fields: FieldPlace[] = [];
  const byNumber = new Int16Array(256).fill(-1);
  let offset = 0;
  for (let at = from + 5; at < fieldsEnd; at += 3) {
    const field = { number: bytes[at]!, size: bytes[at + 1]!, baseType: bytes[at + 2]! & 0x1f, offset };
    byNumber[field.number] = fields.push(field) - 1;
    offset += field.size;
  }
  for (let at = fieldsEnd + 1; at < end; at += 3) offset += bytes[at + 1]!;
  const timestamp = fields[byNumber[TIMESTAMP]!];
  definitions[header & 15] = {
    number: viewOf(bytes).getUint16(from + 2, isLittle),
    isLittle,
    fields,
    byNumber,
    size: offset,
    // A header with a time of its own stands for the field, which the records then lack; writers put it first.
    timestampSize: timestamp?.offset === 0 ? timestamp.size : 0,
  };
  return end;
}

class MessageCursor implements FitMessage {
  number = 0;
  private definition!: Definition;
  private from = 0;
  private clock: number | undefined;
  private readonly view: DataView;

  constructor(private readonly all: Uint8Array) {
    this.view = viewOf(all);
  }

  /** @param clock of a compressed header, which brings the time in place of the field */
  move(definition: Definition, from: number, clock: number | undefined): void {
    this.definition = definition;
    this.number = definition.number;
    this.clock = clock;
    this.from = clock === undefined ? from : from - definition.timestampSize;
  }

  value(field: number): number {
    if (field === TIMESTAMP && this.clock !== undefined) return this.clock;
    const place = this.placeOf(field);
    if (place?.size !== WIDTHS[place?.baseType ?? STRING] || place?.baseType === STRING) return Number.NaN;
    return this.scalar(place!);
  }

  text(field: number): string {
    const place = this.placeOf(field);
    if (place?.baseType !== STRING) return '';
    const bytes = this.bytesOf(place);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  bytes(field: number): Uint8Array | null {
    const place = this.placeOf(field);
    if (!place) return null;
    const bytes = this.bytesOf(place);
    return bytes.every((byte) => byte === 0xff) ? null : bytes;
  }

  private placeOf(field: number): FieldPlace | undefined {
    return this.definition.fields[this.definition.byNumber[field]!];
  }

  private bytesOf({ offset, size }: FieldPlace): Uint8Array {
    return this.all.subarray(this.from + offset, this.from + offset + size);
  }

  private scalar({ baseType, offset }: FieldPlace): number {
    const [at, isLittle] = [this.from + offset, this.definition.isLittle];
    switch (baseType) {
      case 0:
      case 2:
      case 13:
        return unless(this.view.getUint8(at), 0xff);
      case 1:
        return unless(this.view.getInt8(at), 0x7f);
      case 3:
        return unless(this.view.getInt16(at, isLittle), 0x7fff);
      case 4:
        return unless(this.view.getUint16(at, isLittle), 0xffff);
      case 5:
        return unless(this.view.getInt32(at, isLittle), 0x7fffffff);
      case 6:
        return unless(this.view.getUint32(at, isLittle), 0xffffffff);
      case 8:
        return finite(this.view.getFloat32(at, isLittle));
      case 9:
        return finite(this.view.getFloat64(at, isLittle));
      case 10:
        return unless(this.view.getUint8(at), 0);
      case 11:
        return unless(this.view.getUint16(at, isLittle), 0);
      case 12:
        return unless(this.view.getUint32(at, isLittle), 0);
      default:
        return Number.NaN;
    }
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

function unless(value: number, nothing: number): number {
  return value === nothing ? Number.NaN : value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** CRC-16 of polynomial 0xA001, as FIT takes it over header and records. */
export function fitChecksum(bytes: Uint8Array, before = 0): number {
  let crc = before;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC[(crc ^ byte) & 0xff]!;
  return crc;
}

function crcTable(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
    return value;
  });
}
