import { positionOf, type WayShape, SHAPE_STEP_M } from './route-shape.js';

// A shape as bytes for a row: differences between neighbouring places as variable-length integers, millionths of a degree (11 cm) and
// decimetres of altitude. Ten metres of way take five bytes. The first byte says which form this is; a form is never changed, others follow.

const FORM = 1;
const HAS_ALTITUDE = 1;
const PER_DEG = 1e6;
const PER_M = 10;

export function encodeShape(shape: WayShape): Buffer {
  const { latDeg, lonDeg, altitudeM } = shape;
  const bytes = [FORM, altitudeM === null ? 0 : HAS_ALTITUDE];
  pushInteger(bytes, latDeg.length);
  pushInteger(bytes, Math.round((shape.distanceM - positionOf(shape, latDeg.length - 2)) * 1_000));
  pushColumn(bytes, latDeg, PER_DEG);
  pushColumn(bytes, lonDeg, PER_DEG);
  if (altitudeM !== null) pushColumn(bytes, altitudeM, PER_M);
  return Buffer.from(bytes);
}

/** @throws RangeError for bytes that are no shape */
export function decodeShape(bytes: Uint8Array): WayShape {
  const reader = new Reader(bytes);
  const [form, flags] = [reader.byte(), reader.byte()];
  if (form !== FORM || flags > HAS_ALTITUDE) throw new RangeError('Not a shape of a known form');
  const count = reader.integer();
  if (count < 2 || count > bytes.length) throw new RangeError('A shape of no places');
  const lastM = reader.integer() / 1_000;
  return {
    latDeg: reader.column(count, PER_DEG),
    lonDeg: reader.column(count, PER_DEG),
    altitudeM: flags === HAS_ALTITUDE ? reader.column(count, PER_M) : null,
    distanceM: (count - 2) * SHAPE_STEP_M + lastM,
  };
}

function pushColumn(bytes: number[], values: readonly number[], perUnit: number): void {
  let last = 0;
  for (const value of values) {
    const now = Math.round(value * perUnit);
    const step = now - last;
    pushInteger(bytes, step < 0 ? -2 * step - 1 : 2 * step);
    last = now;
  }
}

/** Seven bits a byte, the lowest first; by division, since a difference across the date line passes 32 bits not, but its double may. */
function pushInteger(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new RangeError('The shape ends early');
    this.at += 1;
    return byte;
  }

  integer(): number {
    let value = 0;
    for (let weight = 1; weight < 2 ** 42; weight *= 0x80) {
      const byte = this.byte();
      value += (byte % 0x80) * weight;
      if (byte < 0x80) return value;
    }
    throw new RangeError('An integer of a shape is too long');
  }

  column(count: number, perUnit: number): number[] {
    let last = 0;
    return Array.from({ length: count }, () => {
      const folded = this.integer();
      last += folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      return last / perUnit;
    });
  }
}
