import type { Bucket, Span } from './time-buckets.js';

// Where the buckets of a zone begin: whenever its clocks come to a full hour, or jump over one; and with the first instant of each of its
// days and of its Mondays. Clocks that are set back show an hour twice, which makes two buckets of an hour and one longer day; a day that
// a zone leaves out has no bucket. Worked out here rather than by `date_trunc`, which puts the first of two midnights behind the second,
// and gives a day that never was the instant of the next.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Offsets change a few times a year, and never twice within so long. */
const SAMPLE_MS = 3 * DAY_MS;
/** 1970 began on a Thursday. */
const THURSDAY = 3;
const WIDEST_MS: Readonly<Record<Bucket, number>> = { hour: 2 * HOUR_MS, day: 3 * DAY_MS, week: 9 * DAY_MS };

/** A stretch of time with one distance between the zone's clocks and UTC. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

/**
 * The starts of all buckets that have a part in the span, Unix milliseconds, ascending.
 * @param tz a name that `isZone` takes
 */
export function bucketStarts(bucket: Bucket, { from, to }: Span, tz: string): number[] {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  const starts: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { fromMs: since, toMs: until, offsetMs } of stretchesOf(fromMs - WIDEST_MS[bucket], toMs, tz)) {
    const first = labelOf(bucket, since + offsetMs);
    // What the clocks show now has not been shown before, but its beginning was jumped over.
    const isJump = last > Number.NEGATIVE_INFINITY && first > last;
    if (isJump) starts.push(since);
    for (let label = first; ; label += 1) {
      const atMs = startOf(bucket, label) - offsetMs;
      if (atMs >= until) break;
      // Days and weeks that are shown again go on; hours are hours of their own.
      if (atMs < since || (isJump && atMs === since) || (bucket !== 'hour' && label <= last)) continue;
      starts.push(atMs);
    }
    last = Math.max(last, labelOf(bucket, until - 1 + offsetMs));
  }
  const before = starts.findLastIndex((atMs) => atMs <= fromMs);
  return starts.slice(Math.max(0, before));
}

/** Days of the zone since 1970, of its clocks at an instant. */
export function localDayOf(atMs: number, tz: string): number {
  return Math.floor((atMs + offsetOf(zoneClock(tz), atMs)) / DAY_MS);
}

/** Weeks of the zone, from Monday, likewise. */
export function localWeekOf(atMs: number, tz: string): number {
  return Math.floor((localDayOf(atMs, tz) + THURSDAY) / 7);
}

/** @param localMs what the clocks show, as if it were UTC */
function labelOf(bucket: Bucket, localMs: number): number {
  if (bucket === 'hour') return Math.floor(localMs / HOUR_MS);
  const day = Math.floor(localMs / DAY_MS);
  return bucket === 'day' ? day : Math.floor((day + THURSDAY) / 7);
}

function startOf(bucket: Bucket, label: number): number {
  if (bucket === 'hour') return label * HOUR_MS;
  return (bucket === 'day' ? label : label * 7 - THURSDAY) * DAY_MS;
}

function stretchesOf(fromMs: number, toMs: number, tz: string): Stretch[] {
  const clock = zoneClock(tz);
  const stretches: Stretch[] = [];
  let [since, offsetMs] = [fromMs, offsetOf(clock, fromMs)];
  for (let atMs = fromMs; atMs < toMs;) {
    const nextMs = Math.min(atMs + SAMPLE_MS, toMs);
    const next = offsetOf(clock, nextMs);
    if (next !== offsetMs) {
      const changeMs = changeWithin(clock, atMs, nextMs, offsetMs);
      stretches.push({ fromMs: since, toMs: changeMs, offsetMs });
      [since, offsetMs] = [changeMs, next];
    }
    atMs = nextMs;
  }
  return [...stretches, { fromMs: since, toMs, offsetMs }];
}

/** Offsets change at full minutes. */
function changeWithin(clock: Intl.DateTimeFormat, fromMs: number, toMs: number, before: number): number {
  let [low, high] = [Math.floor(fromMs / MINUTE_MS), Math.ceil(toMs / MINUTE_MS)];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsetOf(clock, middle * MINUTE_MS) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}

function zoneClock(tz: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone: tz,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  });
}

function offsetOf(clock: Intl.DateTimeFormat, atMs: number): number {
  const parts = new Map(clock.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() - Math.floor(atMs / 1_000) * 1_000;
}
