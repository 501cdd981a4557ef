import type { GhostCurve, GhostStop, RouteShape } from './ghost-curve.js';

// A curve as bytes for the database: places to a centimetre, times to a millisecond, each as the change of its change (people run evenly), as
// varints. A ten kilometre run is about ten kilobytes.
//
//   byte 0     'G', byte 1 version 1, byte 2 flags (1 = has a route)
//   varints    points, stops, start offset (ms); zigzag where it can be below zero
//   doubles    latDeg, lonDeg, step or nothing (little endian)
//   varints    x and y (cm, route) or distance (cm); moving time (ms); stops: place (cm), arrival (ms), duration (ms)

const MARK = 0x47;
const VERSION = 1;
const HAS_ROUTE = 1;
const CM = 100;

/** @throws RangeError for a curve without two points */
export function encodeCurve(curve: GhostCurve): Uint8Array {
  const { route, distanceM, movingMs, stops } = curve;
  if (distanceM.length < 2) throw new RangeError('A curve has two points');
  const out = new ByteWriter();
  out.byte(MARK);
  out.byte(VERSION);
  out.byte(route === null ? 0 : HAS_ROUTE);
  out.unsigned(distanceM.length);
  out.unsigned(stops.length);
  out.signed(Math.round(curve.startOffsetMs));
  if (route === null) {
    out.column(distanceM, CM);
  } else {
    for (const value of [route.latDeg, route.lonDeg, route.stepM]) out.double(value);
    out.column(route.xM, CM);
    out.column(route.yM, CM);
  }
  out.column(movingMs, 1);
  for (const { atM, arrivalMs, durationMs } of stops) {
    out.signed(Math.round(atM * CM));
    out.signed(Math.round(arrivalMs));
    out.unsigned(Math.round(durationMs));
  }
  return out.bytes();
}

/** @throws RangeError for bytes that are no curve of this version */
export function decodeCurve(bytes: Uint8Array): GhostCurve {
  const from = new ByteReader(bytes);
  if (from.byte() !== MARK || from.byte() !== VERSION) throw new RangeError('Not a curve');
  const hasRoute = from.byte() === HAS_ROUTE;
  const length = from.unsigned();
  const stopCount = from.unsigned();
  if (length < 2 || length > bytes.length || stopCount > bytes.length) throw new RangeError('Not a curve');
  const startOffsetMs = from.signed();
  let route: RouteShape | null = null;
  let distanceM: Float64Array;
  if (hasRoute) {
    const [latDeg, lonDeg, stepM] = [from.double(), from.double(), from.double()];
    route = { latDeg, lonDeg, stepM, xM: from.column(length, CM), yM: from.column(length, CM) };
    distanceM = Float64Array.from({ length }, (_, index) => index * stepM);
  } else {
    distanceM = from.column(length, CM);
  }
  const movingMs = from.column(length, 1);
  const stops: GhostStop[] = [];
  for (let index = 0; index < stopCount; index += 1) {
    stops.push({ atM: from.signed() / CM, arrivalMs: from.signed(), durationMs: from.unsigned() });
  }
  from.assertEnd();
  return { basis: hasRoute ? 'route' : 'distance', route, distanceM, movingMs, stops, startOffsetMs };
}

class ByteWriter {
  private target = new Uint8Array(1024);
  private length = 0;

  byte(value: number): void {
    if (this.length === this.target.length) {
      const grown = new Uint8Array(2 * this.length);
      grown.set(this.target);
      this.target = grown;
    }
    this.target[this.length++] = value;
  }

  unsigned(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    const eight = new Uint8Array(8);
    new DataView(eight.buffer).setFloat64(0, value, true);
    for (const byte of eight) this.byte(byte);
  }

  column(values: Float64Array, perUnit: number): void {
    let before = 0;
    let stepBefore = 0;
    for (const value of values) {
      const whole = Math.round(value * perUnit);
      this.signed(whole - before - stepBefore);
      stepBefore = whole - before;
      before = whole;
    }
  }

  bytes(): Uint8Array {
    return this.target.slice(0, this.length);
  }
}

class ByteReader {
  private at = 0;

  constructor(private readonly source: Uint8Array) {}

  byte(): number {
    const value = this.source[this.at];
    if (value === undefined) throw new RangeError('The curve ends early');
    this.at += 1;
    return value;
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (scale > 2 ** 49) throw new RangeError('A number of the curve is too long');
      const group = this.byte();
      value += (group & 127) * scale;
      if (group < 128) return value;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  double(): number {
    const eight = Uint8Array.from({ length: 8 }, () => this.byte());
    return new DataView(eight.buffer).getFloat64(0, true);
  }

  column(length: number, perUnit: number): Float64Array {
    const values = new Float64Array(length);
    let before = 0;
    let step = 0;
    for (let index = 0; index < length; index += 1) {
      step += this.signed();
      before += step;
      values[index] = before / perUnit;
    }
    return values;
  }

  assertEnd(): void {
    if (this.at !== this.source.length) throw new RangeError('The curve has more bytes than it says');
  }
}
