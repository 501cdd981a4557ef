import type { LapMark, Pause, Track } from '../geo/track.js';
import { ImportRefusal, type RefusalCode } from './import-refusal.js';
import { type DeviceTotals, NO_TOTALS, type ParsedActivity, type Sport } from './parsed-activity.js';
import { type NewPoint, PointColumns } from './point-columns.js';
import { LONGEST_MS } from './read-limits.js';
import { settleTimes } from './settle-times.js';
import { sportBySpeed } from './sport.js';

/** TCX (`RunCadence`) and FIT count the steps of one leg; what GPX writers count is seen from the values. */
export type CadenceUnit = 'one-leg' | 'unknown';

/** As readers find it; the end is known when the next one begins. */
export interface DraftLap {
  /** Unix milliseconds; NaN = until the next lap, or the end. */
  endMs: number;
  distanceM: number | null;
  trigger: LapMark['trigger'];
}

const LONGEST_NAME = 200;
const LONGEST_NOTES = 5_000;
/** Tabs and line ends stay. */
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;
/** Nobody takes that many steps of one leg. */
const BOTH_LEGS_SPM = 125;
/** Before GPS there were no such files; the year 2200 fits into every column. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(1980, 0, 6), Date.UTC(2200, 0, 1)];
/** So few moments for so many points are made up. */
const [LEAST_TIMES, LEAST_TIMES_SHARE] = [10, 0.1];
/** The shortest stop; new segments a second later are how some devices write laps. */
const LEAST_PAUSE_MS = 2_000;
/** A smaller step back is a filter's doing. */
const RESET_SHARE = 0.5;

/** One activity while it is read: what every format has in the end. */
export class ActivityDraft {
  readonly points = new PointColumns();
  readonly laps: DraftLap[] = [];
  /** In Unix milliseconds. */
  readonly pauses: Pause[] = [];
  sport: Sport | null = null;
  name = '';
  notes = '';
  totals: DeviceTotals = NO_TOTALS;
  cadenceUnit: CadenceUnit = 'unknown';
  private readonly segmentStarts: number[] = [];

  add(point: NewPoint): void {
    this.points.push(point);
  }

  /** The watch was stopped between the point before and the next one. */
  beginSegment(): void {
    const { length } = this.points;
    if (length > (this.segmentStarts.at(-1) ?? 0)) this.segmentStarts.push(length);
  }

  /** Ends the draft: its columns become the track's. @throws ImportRefusal where it is no run with times */
  finish(): ParsedActivity {
    const { points } = this;
    const toldCount = points.length;
    const corrections = settleTimes(points, this.segmentStarts);
    if (points.length < 2) throw new ImportRefusal(refusalOf(points.length, toldCount > 0));
    if (points.length < Math.min(LEAST_TIMES, toldCount * LEAST_TIMES_SHARE))
      throw new ImportRefusal('times-repeated');
    const startedAtMs = points.atMs[0]!;
    const endMs = points.atMs[points.length - 1]!;
    if (startedAtMs < EARLIEST_MS || startedAtMs > LATEST_MS) throw new ImportRefusal('wrong-date');
    if (endMs - startedAtMs > LONGEST_MS) throw new ImportRefusal('too-long');
    const pauses = joinPauses([...this.pauses, ...this.segmentPauses()], startedAtMs, endMs);
    const laps = this.allLaps(startedAtMs, endMs);
    const track = this.track(startedAtMs);
    assertDistance(track);
    const sport = this.sport ?? sportBySpeed(track);
    return {
      startedAtMs,
      sport,
      track: { ...track, cadenceSpm: this.cadence(track.cadenceSpm, sport) },
      pauses,
      laps,
      deviceTotals: this.totals,
      name: cleanText(this.name.replaceAll(/\s+/g, ' '), LONGEST_NAME),
      notes: cleanText(this.notes, LONGEST_NOTES),
      corrections,
    };
  }

  private track(startedAtMs: number): Track {
    const { points } = this;
    const optional = (name: Parameters<PointColumns['column']>[0]): Float64Array | null => {
      const column = points.column(name);
      const trimmed = column && points.trimmed(column);
      return trimmed?.some((value) => !Number.isNaN(value)) ? trimmed : null;
    };
    const tMs = points.trimmed(points.atMs);
    for (let at = 0; at < tMs.length; at += 1) tMs[at]! -= startedAtMs;
    const deviceDistanceM = optional('deviceDistanceM');
    if (deviceDistanceM) makeAscend(deviceDistanceM);
    return {
      length: points.length,
      tMs,
      latDeg: points.trimmed(points.latDeg),
      lonDeg: points.trimmed(points.lonDeg),
      altitudeM: optional('altitudeM'),
      accuracyM: optional('accuracyM'),
      heartRateBpm: optional('heartRateBpm'),
      cadenceSpm: optional('cadence'),
      deviceDistanceM,
    };
  }

  /** Steps of both feet, or nothing where the legs do not step. */
  private cadence(column: Float64Array | null, sport: Sport): Float64Array | null {
    if (!column || sport === 'ride' || sport === 'other') return null;
    const isOneLeg = this.cadenceUnit === 'one-leg' || isMostlyOneLeg(column);
    if (isOneLeg) for (let at = 0; at < column.length; at += 1) column[at]! *= 2;
    return column;
  }

  private segmentPauses(): Pause[] {
    const { atMs } = this.points;
    return this.segmentStarts
      .filter((at) => at > 0 && at < this.points.length)
      .map((at) => ({ fromMs: atMs[at - 1]!, toMs: atMs[at]! }));
  }

  private allLaps(startedAtMs: number, endMs: number): LapMark[] {
    const marks: LapMark[] = [];
    for (const lap of this.laps) {
      const ends = Number.isNaN(lap.endMs) ? endMs : Math.min(lap.endMs, endMs);
      const { distanceM, trigger } = lap;
      // One that ended before the first point is none of this run; ends must ascend.
      if (ends - startedAtMs > (marks.at(-1)?.endMs ?? 0))
        marks.push({ endMs: ends - startedAtMs, distanceM, trigger });
    }
    return marks;
  }
}

function refusalOf(pointCount: number, hadPoints: boolean): RefusalCode {
  if (pointCount === 1) return 'too-few-points';
  return hadPoints ? 'no-times' : 'no-track';
}

/** In milliseconds since the start, in order, without overlaps; shorter ones are rounding. */
function joinPauses(pauses: readonly Pause[], startedAtMs: number, endMs: number): Pause[] {
  const joined: Pause[] = [];
  for (const { fromMs, toMs } of [...pauses].sort((a, b) => a.fromMs - b.fromMs)) {
    const [from, to] = [Math.max(fromMs, startedAtMs) - startedAtMs, Math.min(toMs, endMs) - startedAtMs];
    const last = joined.at(-1);
    if (last && from <= last.toMs)
      joined[joined.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, to) };
    else if (to - from >= LEAST_PAUSE_MS) joined.push({ fromMs: from, toMs: to });
  }
  return joined;
}

/** A device's distance never falls: a filter's step back is no value, and a meter that begins anew goes on from where it was. */
function makeAscend(distancesM: Float64Array): void {
  let [baseM, mostM] = [0, 0];
  for (let at = 0; at < distancesM.length; at += 1) {
    const toldM = distancesM[at]!;
    if (Number.isNaN(toldM)) continue;
    if (toldM + baseM < mostM && toldM < (mostM - baseM) * RESET_SHARE) baseM = mostM;
    const meantM = toldM + baseM;
    distancesM[at] = meantM < mostM ? Number.NaN : meantM;
    mostM = Math.max(mostM, meantM);
  }
}

function assertDistance({ length, latDeg, deviceDistanceM }: Track): void {
  let placeCount = 0;
  for (let at = 0; at < length && placeCount < 2; at += 1) if (!Number.isNaN(latDeg[at]!)) placeCount += 1;
  if (placeCount < 2 && !deviceDistanceM?.some((value) => value > 0)) throw new ImportRefusal('no-distance');
}

function isMostlyOneLeg(cadence: Float64Array): boolean {
  let [moving, oneLeg] = [0, 0];
  for (const value of cadence) {
    if (value > 0) moving += 1;
    if (value > 0 && value < BOTH_LEGS_SPM) oneLeg += 1;
  }
  return oneLeg * 2 > moving;
}

/** What may be stored and shown; null where nothing is left. */
function cleanText(text: string, longest: number): string | null {
  const shown = text.replaceAll(CONTROLS, '').toWellFormed().trim();
  const cut =
    shown.length > longest
      ? shown
          .slice(0, longest)
          .replace(/[\ud800-\udbff]$/, '')
          .trim()
      : shown;
  return cut === '' ? null : cut;
}
