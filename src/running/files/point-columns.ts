/** A point while it is read; NaN = not told. */
export interface NewPoint {
  /** Unix milliseconds. */
  atMs: number;
  latDeg: number;
  lonDeg: number;
  altitudeM: number;
  accuracyM: number;
  heartRateBpm: number;
  /** As the file counts it; see {@link CadenceUnit}. */
  cadence: number;
  deviceDistanceM: number;
}

type OptionalColumn = 'altitudeM' | 'accuracyM' | 'heartRateBpm' | 'cadence' | 'deviceDistanceM';
const OPTIONAL: readonly OptionalColumn[] = [
  'altitudeM',
  'accuracyM',
  'heartRateBpm',
  'cadence',
  'deviceDistanceM',
];
const FIRST_CAPACITY = 1_024;

export function emptyPoint(): NewPoint {
  return {
    atMs: Number.NaN,
    latDeg: Number.NaN,
    lonDeg: Number.NaN,
    altitudeM: Number.NaN,
    accuracyM: Number.NaN,
    heartRateBpm: Number.NaN,
    cadence: Number.NaN,
    deviceDistanceM: Number.NaN,
  };
}

/**
 * Points in the order of the file, in columns that grow: a million points are 60 MB so, and ten times that as objects. A column of which no
 * point has a value takes no room. What is no value (a latitude of 91, a heart rate of 0) becomes NaN here, for all formats alike.
 */
export class PointColumns {
  length = 0;
  private capacity = FIRST_CAPACITY;
  atMs = new Float64Array(FIRST_CAPACITY);
  latDeg = new Float64Array(FIRST_CAPACITY);
  lonDeg = new Float64Array(FIRST_CAPACITY);
  private readonly optional: Record<OptionalColumn, Float64Array | null> = {
    altitudeM: null,
    accuracyM: null,
    heartRateBpm: null,
    cadence: null,
    deviceDistanceM: null,
  };

  push(point: NewPoint): void {
    if (this.length === this.capacity) this.grow();
    const at = this.length;
    const isPlace = Math.abs(point.latDeg) <= 90 && Math.abs(point.lonDeg) <= 180;
    this.atMs[at] = point.atMs;
    this.latDeg[at] = isPlace ? point.latDeg : Number.NaN;
    this.lonDeg[at] = isPlace ? point.lonDeg : Number.NaN;
    this.set('altitudeM', at, within(point.altitudeM, -1_000, 20_000));
    this.set('accuracyM', at, within(point.accuracyM, 0, 100_000));
    this.set('heartRateBpm', at, within(point.heartRateBpm, 20, 260));
    this.set('cadence', at, within(point.cadence, 0, 500));
    this.set('deviceDistanceM', at, within(point.deviceDistanceM, 0, 10_000_000));
    this.length = at + 1;
  }

  column(name: OptionalColumn): Float64Array | null {
    return this.optional[name];
  }

  /** Of a point that has none, the values of another of the same moment. */
  fill(at: number, from: number): void {
    if (Number.isNaN(this.latDeg[at]!)) {
      this.latDeg[at] = this.latDeg[from]!;
      this.lonDeg[at] = this.lonDeg[from]!;
    }
    for (const name of OPTIONAL) {
      const column = this.optional[name];
      if (column && Number.isNaN(column[at]!)) column[at] = column[from]!;
    }
  }

  /** Leaves out the points that are marked, in place. @param isOut not 0 = goes */
  compact(isOut: Uint8Array): void {
    const columns = [this.atMs, this.latDeg, this.lonDeg, ...OPTIONAL.map((name) => this.optional[name])];
    for (const column of columns) {
      if (!column) continue;
      let to = 0;
      for (let from = 0; from < this.length; from += 1) if (!isOut[from]) column[to++] = column[from]!;
    }
    let kept = 0;
    for (let at = 0; at < this.length; at += 1) if (!isOut[at]) kept += 1;
    this.length = kept;
  }

  /** Views without copies where little is unused, else copies of the right size. */
  trimmed(column: Float64Array): Float64Array {
    return this.length * 2 >= this.capacity ? column.subarray(0, this.length) : column.slice(0, this.length);
  }

  private set(name: OptionalColumn, at: number, value: number): void {
    let column = this.optional[name];
    if (!column) {
      if (Number.isNaN(value)) return;
      column = new Float64Array(this.capacity).fill(Number.NaN, 0, at);
      this.optional[name] = column;
    }
    column[at] = value;
  }

  private grow(): void {
    this.capacity *= 2;
    this.atMs = this.longer(this.atMs);
    this.latDeg = this.longer(this.latDeg);
    this.lonDeg = this.longer(this.lonDeg);
    for (const name of OPTIONAL) {
      const column = this.optional[name];
      if (column) this.optional[name] = this.longer(column);
    }
  }

  private longer(column: Float64Array): Float64Array<ArrayBuffer> {
    const longer = new Float64Array(this.capacity);
    longer.set(column);
    return longer;
  }
}

function within(value: number, least: number, most: number): number {
  return value >= least && value <= most ? value : Number.NaN;
}
