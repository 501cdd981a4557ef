// Observations of one item put together by hour, day or ISO week (Monday to Sunday), all in UTC. Buckets are always whole:
// the ones that contain `from` and `to` belong to the answer with all that was observed in them.
//
// Days come from the rollups and weeks from the days. The median of a week is then the weighted median of its daily
// medians, each counting as often as its day was observed: exact for one day, and never outside of the daily medians.

export const BUCKETS = ['raw', 'hour', 'day', 'week'] as const;
export type Bucket = Exclude<(typeof BUCKETS)[number], 'raw'>;

/** Hours are read from raw rows, so a request may ask for this many days of them. */
export const MAX_HOUR_SPAN_DAYS = 31;

export interface BucketFigures {
  /** Unix milliseconds at which the bucket begins. */
  startMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Sum of the observed prices. */
  sum: number;
  median: number;
  n: number;
}

/** What a bucket shows besides its beginning. */
export const BUCKET_FIELDS = ['open', 'high', 'low', 'close', 'mean', 'median', 'p5', 'p95', 'n'] as const;
export type BucketField = (typeof BUCKET_FIELDS)[number];

/** Of raw rows, which cost a read of their own: shown to those who name them. */
export const QUANTILE_FIELDS: readonly BucketField[] = ['p5', 'p95'];
export const DEFAULT_FIELDS = BUCKET_FIELDS.filter((field) => !QUANTILE_FIELDS.includes(field));

/** Quantiles of the raw rows of a bucket: of those that are not flagged, or of all where all are. */
export interface BucketQuantiles {
  startMs: number;
  p5: number;
  p95: number;
  /** Raw rows that there are. */
  n: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTH_MS: Record<Bucket, number> = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS };
/** 1970-01-05 was a Monday. */
const ORIGIN_MS: Record<Bucket, number> = { hour: 0, day: 0, week: 4 * DAY_MS };

/** Beginning of the bucket that an instant lies in. */
export function bucketStart(bucket: Bucket, ms: number): number {
  const [length, origin] = [LENGTH_MS[bucket], ORIGIN_MS[bucket]];
  return Math.floor((ms - origin) / length) * length + origin;
}

/** Beginning of the bucket after the one that an instant lies in. */
export function nextBucketStart(bucket: Bucket, ms: number): number {
  return bucketStart(bucket, ms) + LENGTH_MS[bucket];
}

/** @returns null where raw rows of the bucket have been taken away since it was made of them */
export function quantilesOf({ startMs, n }: BucketFigures, found: ReadonlyMap<number, BucketQuantiles>) {
  const quantiles = found.get(startMs);
  return quantiles === undefined || quantiles.n < n ? null : quantiles;
}

/** @param days ascending @returns weeks, ascending; a week without an observation is left out */
export function foldWeeks(days: readonly BucketFigures[]): BucketFigures[] {
  const weeks: BucketFigures[][] = [];
  let startMs = Number.NaN;
  for (const day of days) {
    const start = bucketStart('week', day.startMs);
    if (start === startMs) weeks.at(-1)!.push(day);
    else weeks.push([day]);
    startMs = start;
  }
  return weeks.map(foldWeek);
}

function foldWeek(days: readonly BucketFigures[]): BucketFigures {
  return {
    startMs: bucketStart('week', days[0]!.startMs),
    open: days[0]!.open,
    high: Math.max(...days.map((day) => day.high)),
    low: Math.min(...days.map((day) => day.low)),
    close: days.at(-1)!.close,
    sum: days.reduce((sum, day) => sum + day.sum, 0),
    median: weightedMedian(days),
    n: days.reduce((n, day) => n + day.n, 0),
  };
}

/** The least median up to which half of the observations lie; the middle of two where they part exactly there. */
function weightedMedian(days: readonly BucketFigures[]): number {
  const ordered = [...days].sort((a, b) => a.median - b.median);
  const half = ordered.reduce((n, day) => n + day.n, 0) / 2;
  let seen = 0;
  for (const [index, day] of ordered.entries()) {
    seen += day.n;
    if (seen > half) return day.median;
    if (seen === half) return (day.median + ordered[index + 1]!.median) / 2;
  }
  return ordered.at(-1)!.median;
}
