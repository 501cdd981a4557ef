import {
  distanceAtMoving,
  elapsedTimeOf,
  type GhostCurve,
  lengthOf,
  movingAtElapsed,
  movingMsAt,
  movingTimeOf,
} from '../ghosts/ghost-curve.js';
import type { Pause, Track } from '../geo/track.js';
import { Course } from './course.js';
import { AT_LINE_M, STROLLING_PACE } from './line-rules.js';
import { distanceResult } from './distance-result.js';
import type { Passing } from './race-lane.js';
import type { RaceSplit } from './race-update.js';
import { type RunTrace, type TracePoint, traceRun } from './run-trace.js';
import { SplitBook } from './split-book.js';

// The race once more, from all fixes of the run and not in the order in which they came: what is told live is a judgement of the moment,
// this is the one that stands. It depends on the fixes alone, so that a run whose fixes were late, doubled or out of order has the same
// result as one without faults.

/** The original's words; `in_progress` is never official. */
export type RaceStatus = 'won' | 'lost' | 'abandoned';

/** One place of the gap curve, for replay. */
export interface GapPoint {
  /** Milliseconds since the run's first point. */
  readonly tMs: number;
  readonly alongM: number;
  /** Above zero = behind. */
  readonly gapS: number;
  readonly gapM: number;
  readonly sdS: number;
}

export interface OfficialResult {
  /** `abandoned` also where the race never began (`startedAtMs` is null then). */
  readonly status: RaceStatus;
  /** Seconds at the finish line by the race's clock, above 0 = slower than the ghost; null when abandoned. */
  readonly timeDifferenceS: number | null;
  /** Standard deviation of that; a win by less than twice this is too close to call. */
  readonly sdS: number | null;
  readonly isTooCloseToCall: boolean;
  /** Of the run, in milliseconds since its first point. */
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly runnerS: number | null;
  readonly ghostS: number;
  readonly distanceCompletedM: number;
  /** 0..1. */
  readonly completionRatio: number;
  /** Over the gap curve, by time. */
  readonly averageGapS: number | null;
  /** Furthest behind. */
  readonly maxGapS: number | null;
  /** Furthest ahead (smallest). */
  readonly minGapS: number | null;
  readonly splits: readonly RaceSplit[];
  readonly gapCurve: readonly GapPoint[];
  /** Stretches of the route that were skipped or left, in metres from the start line. */
  readonly leftRoute: readonly { fromM: number; toM: number }[];
}

export interface OfficialOptions {
  readonly clock: 'elapsed' | 'moving';
  /** Length of a split in metres; 1000 where not given. */
  readonly splitM?: number;
}

const SPLIT_M = 1_000;
/** One point of the gap curve every so many seconds at most. */
const CURVE_EVERY_S = 0.9;
const LEFT_M = 30;
/** A pace over the last metres of a run would be that of stopping. */
const PACE_OVER_S = 20;
const USUAL_PACE = [0.5, 2] as const;

/** @param track all fixes of the run @param pauses where its watch was stopped */
export function officialResult(
  track: Track,
  pauses: readonly Pause[],
  ghost: GhostCurve,
  options: OfficialOptions,
): OfficialResult {
  if (ghost.route === null) return distanceResult(track, pauses, ghost, options);
  const course = Course.of(ghost);
  const trace = traceRun(track, pauses, course);
  if (trace === null || trace.points.length === 0) return notStarted(ghost);
  return new Judge(ghost, course, trace, options).result();
}

/** A moment by both clocks, with its standard deviation. */
interface Moment {
  readonly tS: number;
  readonly movedS: number;
  readonly sdS: number;
}

class Judge {
  private readonly start: Moment;
  private readonly finish: Moment | null;

  constructor(
    private readonly ghost: GhostCurve,
    private readonly course: Course,
    private readonly trace: RunTrace,
    private readonly options: OfficialOptions,
  ) {
    this.start = this.setOff() ?? this.crossing(0) ?? before(trace.points[0]!, 0);
    this.finish = this.crossing(course.durationS) ?? this.stoppedAtLine();
  }

  result(): OfficialResult {
    const { ghost, start, finish, course } = this;
    const { clock } = this.options;
    const ghostS = (clock === 'elapsed' ? elapsedTimeOf(ghost) : movingTimeOf(ghost)) / 1000;
    const runnerS = finish === null ? null : this.clockS(finish);
    const differenceS = runnerS === null ? null : runnerS - ghostS;
    const sdS = finish === null ? null : Math.hypot(start.sdS, finish.sdS);
    const gapCurve = this.gapCurve();
    const gaps = gapCurve.map(({ gapS }) => gapS);
    const distanceCompletedM = finish === null ? this.furthestM() : course.lengthM;
    return {
      status: differenceS === null ? 'abandoned' : differenceS <= 0 ? 'won' : 'lost',
      timeDifferenceS: differenceS,
      sdS,
      isTooCloseToCall: differenceS !== null && Math.abs(differenceS) < 2 * sdS!,
      startedAtMs: start.tS * 1000,
      finishedAtMs: finish === null ? null : finish.tS * 1000,
      runnerS,
      ghostS,
      distanceCompletedM,
      completionRatio: Math.min(1, distanceCompletedM / course.lengthM),
      averageGapS: average(gapCurve),
      maxGapS: extreme(gaps, Math.max),
      minGapS: extreme(gaps, Math.min),
      splits: this.splits(),
      gapCurve,
      leftRoute: this.leftRoute(),
    };
  }

  private clockS({ tS, movedS }: Moment): number {
    return this.options.clock === 'elapsed' ? tS - this.start.tS : movedS - this.start.movedS;
  }

  /** Whoever stood or strolled about the start line crossed it when they set off; null when they came up to it running. */
  private setOff(): Moment | null {
    const { course, trace } = this;
    let last: TracePoint | null = null;
    for (const point of trace.points) {
      if (course.alongAtTime(point.ghostS) >= AT_LINE_M) break;
      if (point.pace < STROLLING_PACE) last = point;
    }
    return last === null ? null : before({ ...last, pace: 1 }, 0);
  }

  /** When a moment of the line's time was passed; null where it was not. */
  private crossing(ghostS: number): Moment | null {
    const { points, breaks } = this.trace;
    for (let index = 1; index < points.length; index += 1) {
      const [from, to] = [points[index - 1]!, points[index]!];
      if (from.ghostS >= ghostS || to.ghostS < ghostS) continue;
      // Whoever comes back to the line behind a place has passed it somewhere between, nobody knows when.
      const share = breaks.has(index) ? 1 : (ghostS - from.ghostS) / (to.ghostS - from.ghostS);
      return {
        tS: from.tS + share * (to.tS - from.tS),
        movedS: from.movedS + share * (to.movedS - from.movedS),
        sdS: to.sdS / usual(to.pace),
      };
    }
    return null;
  }

  /** The run ended, or its runner stood, so near to the finish that they were at it. */
  private stoppedAtLine(): Moment | null {
    const { course, trace } = this;
    const speed = course.speedAtTime(course.durationS);
    const near = trace.points.findIndex(
      ({ ghostS, sdS }) => (course.durationS - ghostS - sdS) * speed <= AT_LINE_M,
    );
    if (near < 0) return null;
    // Level with the line when they would have been, had they gone on from the last place at which they were under way.
    let last = near;
    while (last + 1 < trace.points.length && trace.points[last + 1]!.pace > USUAL_PACE[0]) last += 1;
    const to = trace.points[last]!;
    const from = trace.points.findLast(({ movedS }) => movedS <= to.movedS - PACE_OVER_S);
    const pace = from === undefined ? to.pace : (to.ghostS - from.ghostS) / (to.movedS - from.movedS);
    return before({ ...to, pace }, course.durationS);
  }

  private gapCurve(): GapPoint[] {
    const { course, ghost, start, finish } = this;
    const curve: GapPoint[] = [];
    let lastS = -Infinity;
    for (const { tS, movedS, ghostS, sdS } of this.trace.points) {
      if (tS < start.tS || (finish !== null && tS > finish.tS) || tS - lastS < CURVE_EVERY_S) continue;
      lastS = tS;
      const alongM = Math.min(course.lengthM, Math.max(0, course.alongAtTime(ghostS)));
      const clockMs = this.clockS({ tS, movedS, sdS }) * 1000;
      const ghostMs = this.options.clock === 'elapsed' ? movingAtElapsed(ghost, clockMs) : clockMs;
      curve.push({
        tMs: tS * 1000,
        alongM,
        gapS: (ghostMs - movingMsAt(ghost, alongM)) / 1000,
        gapM: Math.min(lengthOf(ghost), distanceAtMoving(ghost, ghostMs)) - alongM,
        sdS: Math.hypot(start.sdS, sdS),
      });
    }
    return curve;
  }

  private splits(): RaceSplit[] {
    const { course, options, finish } = this;
    const everyM = options.splitM ?? SPLIT_M;
    const book = new SplitBook('ghost', this.ghost, options.clock);
    const splits: RaceSplit[] = [];
    const pass = (alongM: number, moment: Moment | null): void => {
      if (moment === null) return;
      const passing: Passing = {
        alongM,
        elapsedS: moment.tS - this.start.tS,
        movingS: moment.movedS - this.start.movedS,
      };
      const split = book.pass(passing);
      if (split !== null) splits.push(split);
    };
    for (let alongM = everyM; alongM < course.lengthM - 1; alongM += everyM) {
      pass(alongM, this.crossing(course.timeAtAlong(alongM)));
    }
    pass(course.lengthM, finish);
    return splits;
  }

  private furthestM(): number {
    const furthestS = this.trace.points.reduce((most, { ghostS }) => Math.max(most, ghostS), 0);
    return Math.min(this.course.lengthM, Math.max(0, this.course.alongAtTime(furthestS)));
  }

  private leftRoute(): { fromM: number; toM: number }[] {
    const { points, breaks } = this.trace;
    return [...breaks].flatMap((index) => {
      const fromM = this.course.alongAtTime(points[index - 1]!.ghostS);
      const toM = this.course.alongAtTime(points[index]!.ghostS);
      return toM - fromM > LEFT_M ? [{ fromM, toM }] : [];
    });
  }
}

/** When somebody at a point is, or was, at a moment of the line's time, at the pace that they have there. */
function before({ tS, movedS, ghostS, sdS, pace }: TracePoint, atGhostS: number): Moment {
  const awayS = (atGhostS - ghostS) / usual(pace);
  return { tS: tS + awayS, movedS: movedS + awayS, sdS: sdS / usual(pace) };
}

function usual(pace: number): number {
  return Math.min(USUAL_PACE[1], Math.max(USUAL_PACE[0], pace));
}

/** Over time: a stretch without fixes counts for as long as it took. */
function average(curve: readonly GapPoint[]): number | null {
  if (curve.length === 0) return null;
  let [sum, lasts] = [0, 0];
  for (let index = 1; index < curve.length; index += 1) {
    const ms = curve[index]!.tMs - curve[index - 1]!.tMs;
    sum += (ms * (curve[index]!.gapS + curve[index - 1]!.gapS)) / 2;
    lasts += ms;
  }
  return lasts > 0 ? sum / lasts : curve[0]!.gapS;
}

function extreme(values: readonly number[], of: (a: number, b: number) => number): number | null {
  return values.length === 0 ? null : values.reduce((found, value) => of(found, value));
}

function notStarted(ghost: GhostCurve): OfficialResult {
  return {
    status: 'abandoned',
    timeDifferenceS: null,
    sdS: null,
    isTooCloseToCall: false,
    startedAtMs: null,
    finishedAtMs: null,
    runnerS: null,
    ghostS: elapsedTimeOf(ghost) / 1000,
    distanceCompletedM: 0,
    completionRatio: 0,
    averageGapS: null,
    maxGapS: null,
    minGapS: null,
    splits: [],
    gapCurve: [],
    leftRoute: [],
  };
}
