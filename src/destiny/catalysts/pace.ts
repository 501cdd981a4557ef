// How fast a player makes progress on one objective. Progress is known only where it changed (advance-status.ts), in bursts: a few
// looks within an evening, then days of nothing. So the points are first drawn together into strides, each from the end of one evening
// with progress to the end of the next, which holds the idle time before it as well; rates are sums over strides, and one wild evening
// counts for no more than a few ordinary ones.
//
// Times played are sums over characters (minutesPlayedTotal): all play, not only that with the weapon. `perActiveHour` is the rate
// while the weapon was in use, for plans; `perHourPlayed` and `perDay` hold idleness too, for forecasts.

export interface PacePoint {
  /** When Bungie minted it. */
  readonly atMs: number;
  readonly progress: number;
  /** Of all characters together; null where it was not known. */
  readonly minutesPlayed: number | null;
}

/** The newest snapshot, whether or not anything changed in it. */
export interface LastLook {
  readonly atMs: number;
  readonly minutesPlayed: number | null;
}

/** From the end of one evening with progress to the end of the next. */
export interface Stride {
  readonly days: number;
  readonly hoursPlayed: number | null;
  /** Above zero; an outlier is drawn in to `OUTLIER_FACTOR` times the median. */
  readonly gain: number;
}

export interface Pace {
  /** Oldest first, at most `MOST_STRIDES`. */
  readonly strides: readonly Stride[];
  readonly daysSinceGain: number;
  readonly hoursPlayedSinceGain: number | null;
  /** Units a day of the calendar, an hour played, an hour with the weapon in use; null where it cannot be told. */
  readonly perDay: number | null;
  readonly perHourPlayed: number | null;
  readonly perActiveHour: number | null;
  /** When progress was made last, if that is two weeks ago or more and the player played since; else null. */
  readonly stalledSinceMs: number | null;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Without progress for so long while playing is a stall. */
export const STALL_MS = 14 * DAY_MS;
/** Less play than this since the last progress is no play: a look at the vault. */
const STALL_MINUTES_PLAYED = 60;
/** Two changes less than this apart belong to one evening. */
export const EVENING_GAP_MS = 4 * HOUR_MS;
/** What is longer ago says little of the player of today. */
const MOST_STRIDES = 60;
/** A stride with more than so many times the median gain is an outlier. */
const OUTLIER_FACTOR = 4;
/** From so many strides on a median tells what is ordinary. */
const FEWEST_FOR_OUTLIERS = 4;
/** Play within evenings that is needed before a rate in use is told. */
const FEWEST_ACTIVE_HOURS = 0.5;

/**
 * @param points of one objective, ascending in time; the first is where the player stood when first seen
 * @param look not older than the last point
 */
export function paceOf(points: readonly PacePoint[], look: LastLook): Pace {
  const ends = eveningEnds(points);
  const strides = drawOutliersIn(stridesOf(ends)).slice(-MOST_STRIDES);
  const last = lastGain(points);
  const sinceMs = last === undefined ? 0 : Math.max(0, look.atMs - last.atMs);
  const minutesSince = last === undefined ? null : difference(look.minutesPlayed, last.minutesPlayed);
  const hoursSince = minutesSince === null ? null : minutesSince / 60;
  const gain = sum(strides.map((each) => each.gain));
  const days = sum(strides.map((each) => each.days)) + sinceMs / DAY_MS;
  const timed = strides.filter((each) => each.hoursPlayed !== null);
  const hours = sum(timed.map((each) => each.hoursPlayed!)) + (hoursSince ?? 0);
  return {
    strides,
    daysSinceGain: sinceMs / DAY_MS,
    hoursPlayedSinceGain: hoursSince,
    perDay: rate(gain, days),
    perHourPlayed: rate(sum(timed.map((each) => each.gain)), hours),
    perActiveHour: activeRate(points),
    stalledSinceMs: last === undefined ? null : stalledSince(last, look),
  };
}

/** @param last when progress was made last @returns the same moment where that makes a stall, else null */
export function stalledSince(last: Omit<PacePoint, 'progress'>, look: LastLook): number | null {
  const minutes = difference(look.minutesPlayed, last.minutesPlayed) ?? 0;
  return look.atMs - last.atMs >= STALL_MS && minutes >= STALL_MINUTES_PLAYED ? last.atMs : null;
}

/** The first point, then the last of each evening with progress. */
function eveningEnds(points: readonly PacePoint[]): PacePoint[] {
  const [first, ...changes] = points;
  if (first === undefined) return [];
  const ends = [first];
  changes.forEach((point, index) => {
    const next = changes[index + 1];
    if (next === undefined || next.atMs - point.atMs >= EVENING_GAP_MS) ends.push(point);
  });
  return ends;
}

/** What Bungie took back is no progress: the level starts anew there. */
function stridesOf(ends: readonly PacePoint[]): Stride[] {
  const strides: Stride[] = [];
  let from = ends[0];
  for (const to of ends.slice(1)) {
    const gain = to.progress - from!.progress;
    if (gain > 0) {
      const minutes = difference(to.minutesPlayed, from!.minutesPlayed);
      const hoursPlayed = minutes === null ? null : minutes / 60;
      strides.push({ days: Math.max(0, to.atMs - from!.atMs) / DAY_MS, hoursPlayed, gain });
    }
    from = to;
  }
  return strides;
}

function drawOutliersIn(strides: readonly Stride[]): Stride[] {
  if (strides.length < FEWEST_FOR_OUTLIERS) return [...strides];
  const sorted = strides.map(({ gain }) => gain).sort((a, b) => a - b);
  const most = sorted[Math.floor((sorted.length - 1) / 2)]! * OUTLIER_FACTOR;
  return strides.map((stride) => (stride.gain > most ? { ...stride, gain: most } : stride));
}

/** Within evenings alone: from one change to the next the weapon was in use. */
function activeRate(points: readonly PacePoint[]): number | null {
  let [gain, minutes] = [0, 0];
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1]!, points[index]!];
    const played = difference(to.minutesPlayed, from.minutesPlayed);
    if (to.atMs - from.atMs >= EVENING_GAP_MS || to.progress <= from.progress || played === null) continue;
    gain += to.progress - from.progress;
    minutes += played;
  }
  return minutes / 60 >= FEWEST_ACTIVE_HOURS ? rate(gain, minutes / 60) : null;
}

function lastGain(points: readonly PacePoint[]): PacePoint | undefined {
  for (let index = points.length - 1; index > 0; index -= 1)
    if (points[index]!.progress > points[index - 1]!.progress) return points[index];
  return points[0];
}

/** Null where one is not known; a character that was deleted takes its minutes along, so never below zero. */
function difference(to: number | null, from: number | null): number | null {
  return to === null || from === null ? null : Math.max(0, to - from);
}

function rate(gain: number, time: number): number | null {
  return gain > 0 && time > 0 ? gain / time : null;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
