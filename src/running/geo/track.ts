// Where somebody was, and when: the one form in which rules of this domain take a run, whether it was recorded fix by fix, read from a
// file or stored years ago. Columns, since a day of running is ten thousand points and rules read one column at a time.

/** The points of one run in order of time. Every column has `length` entries. */
export interface Track {
  readonly length: number;
  /** Milliseconds since the run's start by the device's clock, ascending; two points never share one. */
  readonly tMs: Float64Array;
  /** NaN where the point has no place (a treadmill, a tunnel). Latitudes -90..90, longitudes -180..180. */
  readonly latDeg: Float64Array;
  readonly lonDeg: Float64Array;
  /** Metres above sea level; NaN = not told. Null where no point has one. */
  readonly altitudeM: Float64Array | null;
  /** Radius within which the place lies by the device's own judgement; NaN = not told. */
  readonly accuracyM: Float64Array | null;
  readonly heartRateBpm: Float64Array | null;
  /** Steps per minute of both feet. */
  readonly cadenceSpm: Float64Array | null;
  /** Metres since the start by the device (foot pod, wheel, its own filter); NaN = not told. */
  readonly deviceDistanceM: Float64Array | null;
  /** What nobody exceeds in the sport of the run, m/s: what takes more is a jump of the receiver. Undefined = on foot. */
  readonly fastestMps?: number | undefined;
}

/** A stretch in which the watch was stopped, in milliseconds since the run's start; the end may be that of the run. */
export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A lap of the device: where it ended, in milliseconds since the run's start. */
export interface LapMark {
  readonly endMs: number;
  /** As the device told them; null = it did not. */
  readonly distanceM: number | null;
  readonly trigger: 'manual' | 'distance' | 'time' | 'other';
}
