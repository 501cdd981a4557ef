import type { GhostCurve } from '../ghosts/ghost-curve.js';
import { Course } from './course.js';
import { LaneClock, type LaneClockSnapshot } from './lane-clock.js';
import { type MapFix, MotionWindow, type MotionSnapshot } from './motion.js';
import type { LaneChange, LaneView, Passing, RaceLane } from './race-lane.js';
import type { RaceFix, RaceState } from './race-update.js';
import { AT_LINE_M, BEGAN_HERE_M } from './line-rules.js';
import { RouteTracker, type TrackerSnapshot } from './route-tracker.js';
import { StartGate, type StartFound, type StartGateSnapshot } from './start-gate.js';

// One runner on one route: from waiting before the line to the finish, with what may happen in between. Where they are is the tracker's
// matter; this says what that means.

/** Beside the route for so long is off it; on it again for so long is racing again. */
const OFF_S = 5;
const REJOINED_S = 10;
/** Against the direction of the route for so far is the wrong way, until half of it is undone. */
const WRONG_WAY_M = 50;
/** A fix that says of itself that it is worse is none for progress. */
const WORST_ACCURACY_M = 35;

const STOOD_AT_LINE_S = 8;
const STANDING_PACE = 0.5;
/** Fifteen metres do not tell a pace: it is the ghost's until more is known. */
const FIRST_PACE_SD = 0.15;

export interface RouteLaneSnapshot {
  readonly kind: 'route';
  readonly state: RaceState;
  readonly nowS: number;
  readonly rejoinedAtS: number;
  readonly startS: number | null;
  readonly joinedAtM: number | null;
  readonly furthestM: number;
  readonly lineS: number | null;
  readonly finish: { elapsedS: number; movingS: number } | null;
  readonly clock: LaneClockSnapshot;
  readonly motion: MotionSnapshot;
  readonly gate: StartGateSnapshot | null;
  readonly tracker: TrackerSnapshot | null;
}

export class RouteLane implements RaceLane<RouteLaneSnapshot> {
  private readonly course: Course;
  private readonly gate: StartGate;
  private readonly tracker: RouteTracker;
  private readonly motion = new MotionWindow();
  private readonly clock = new LaneClock();
  private current: RaceState = 'waiting';
  private nowS = 0;
  private rejoinedAtS = 0;
  /** Fixed once the race is over; before, the tracker goes on judging when the line was crossed. */
  private startS: number | null = null;
  private joinedAtM: number | null = null;
  private furthestM = 0;
  /** When somebody who has come up to the finish line was expected at it. */
  private lineS: number | null = null;
  private finish: { elapsedS: number; movingS: number } | null = null;
  private changes: LaneChange[] = [];
  private passed: Passing[] = [];

  /** @param gunS the moment from which the clock counts for everybody; null = each from their own crossing */
  constructor(
    curve: GhostCurve,
    private readonly gunS: number | null,
  ) {
    this.course = Course.of(curve);
    this.gate = new StartGate(this.course);
    this.tracker = new RouteTracker(this.course);
  }

  get state(): RaceState {
    return this.current;
  }

  get lengthM(): number {
    return this.course.lengthM;
  }

  take(fix: RaceFix, tS: number, everyM: number): boolean {
    this.nowS = tS;
    if (this.clock.isPaused || this.current === 'finished') return true;
    if (fix.accuracyM !== null && fix.accuracyM > WORST_ACCURACY_M) return false;
    const { plane } = this.course;
    const here: MapFix = {
      tS,
      xM: plane.x(fix.lonDeg),
      yM: plane.y(fix.latDeg),
      accuracyM: fix.accuracyM,
      speedMps: fix.speedMps,
    };
    const motion = this.motion.observe(tS, here.xM, here.yM);
    if (this.current !== 'waiting' && this.current !== 'missed_start') {
      this.track(here, motion, everyM);
      return true;
    }
    const found = this.gate.observe(here, motion);
    if (found !== null) this.begin(found, everyM);
    else if (this.gate.missedAtM !== null) {
      this.become('missed_start', 'On the route, but its start line was not crossed');
    } else this.become('waiting', 'Off the route again, before its start');
    return true;
  }

  pause(tS: number): void {
    this.nowS = tS;
    if (this.clock.isPaused || this.current === 'finished') return;
    this.clock.pause(tS);
    if (this.hasStarted) this.become('paused', 'The watch was stopped');
  }

  resume(tS: number): void {
    this.nowS = tS;
    if (!this.clock.isPaused) return;
    this.clock.resume(tS);
    if (!this.hasStarted) return;
    this.tracker.skipTo(tS);
    this.become('racing', 'The watch goes on');
  }

  join(tS: number, ghostElapsedS: (alongM: number) => number): boolean {
    const missed = this.gate.missedAt;
    if (this.current !== 'missed_start' || missed === null) return false;
    const { fix: last, alongM } = missed;
    this.nowS = tS;
    this.clock.begin();
    this.joinedAtM = this.furthestM = alongM;
    const ghostS = this.course.timeAtAlong(alongM);
    this.tracker.begin(
      last,
      {
        ghostS,
        pace: 1,
        paceSd: FIRST_PACE_SD,
        startS: last.tS - ghostElapsedS(alongM),
        spreadS: null,
        readS: ghostS,
      },
      false,
    );
    this.become('racing', 'Joined behind the start line');
    return true;
  }

  end(tS: number, everyM: number): void {
    this.nowS = Math.max(this.nowS, tS);
    if (!this.hasStarted || this.current === 'finished' || this.tracker.isLost) return;
    if (this.toGoM > this.atLineM) return;
    this.crossFinish(this.lineS ?? this.expectedAtLineS(), everyM);
  }

  drain(): { changes: LaneChange[]; passed: Passing[] } {
    const { changes, passed } = this;
    [this.changes, this.passed] = [[], []];
    return { changes, passed };
  }

  view(): LaneView {
    const { tracker, nowS } = this;
    if (!this.hasStarted) return NOT_STARTED[this.current === 'missed_start' ? 'missed_start' : 'waiting'];
    const { modes } = tracker;
    const isStale = this.current === 'off_route' || this.current === 'wrong_way' || tracker.lostS > OFF_S;
    const atS = this.clock.isPaused || !isStale ? nowS : tracker.lastSeenS;
    const elapsedS = this.finish?.elapsedS ?? atS - this.startedS;
    return {
      state: this.current,
      elapsedS,
      movingS: this.finish?.movingS ?? elapsedS - this.clock.pausedUntil(atS),
      alongM: this.finish === null ? tracker.alongM : this.course.lengthM,
      furthestM: this.furthestM,
      gapSdS: Math.sqrt(modes.gapVariance),
      pace: modes.mean[1]!,
      paceSd: Math.sqrt(modes.paceVariance),
      belief: tracker.belief,
      isStale,
      finish: this.finish,
    };
  }

  snapshot(): RouteLaneSnapshot {
    return {
      kind: 'route',
      state: this.current,
      nowS: this.nowS,
      rejoinedAtS: this.rejoinedAtS,
      startS: this.startS,
      joinedAtM: this.joinedAtM,
      furthestM: this.furthestM,
      lineS: this.lineS,
      finish: this.finish,
      clock: this.clock.snapshot(),
      motion: this.motion.snapshot(),
      gate: this.hasStarted ? null : this.gate.snapshot(),
      tracker: this.hasStarted ? this.tracker.snapshot() : null,
    };
  }

  restore(snapshot: RouteLaneSnapshot): void {
    this.current = snapshot.state;
    this.nowS = snapshot.nowS;
    this.rejoinedAtS = snapshot.rejoinedAtS;
    this.startS = snapshot.startS;
    this.joinedAtM = snapshot.joinedAtM;
    this.furthestM = snapshot.furthestM;
    this.lineS = snapshot.lineS;
    this.finish = snapshot.finish;
    this.clock.restore(snapshot.clock);
    this.motion.restore(snapshot.motion);
    if (snapshot.gate !== null) this.gate.restore(snapshot.gate);
    if (snapshot.tracker !== null) this.tracker.restore(snapshot.tracker);
  }

  private get hasStarted(): boolean {
    return this.current !== 'waiting' && this.current !== 'missed_start';
  }

  private get startedS(): number {
    return this.startS ?? this.gunS ?? this.tracker.modes.mean[4]!;
  }

  private begin(found: StartFound, everyM: number): void {
    const [first, ...rest] = found.since;
    const { course } = this;
    this.clock.begin();
    const readS = course.timeAtAlong(found.fromM);
    const ghostS = found.beganHere ? 0 : readS;
    this.tracker.begin(
      first!,
      {
        ghostS,
        pace: 1,
        paceSd: FIRST_PACE_SD,
        startS: first!.tS - ghostS,
        spreadS: found.beganHere ? BEGAN_HERE_M / course.meanMps : null,
        readS,
      },
      true,
    );
    this.become('racing', found.isSeen ? 'Over the start line' : 'Set off behind the start line');
    for (const fix of rest) this.track(fix, null, everyM);
  }

  private track(fix: MapFix, motion: ReturnType<MotionWindow['observe']>, everyM: number): void {
    const { tracker, course } = this;
    const [beforeS, beforeGhostS] = [tracker.atS, tracker.modes.mean[0]!];
    const wasLost = tracker.isLost;
    tracker.step(fix, motion);
    const ghostS = tracker.modes.mean[0]!;
    if (!tracker.isLost) {
      const isContinuous = !wasLost && tracker.skippedM === 0;
      this.passPlaces(beforeS, beforeGhostS, fix.tS, ghostS, isContinuous, everyM);
      if (ghostS >= course.durationS) {
        const share = isContinuous ? shareAt(beforeGhostS, ghostS, course.durationS) : 1;
        this.crossFinish(beforeS + share * (fix.tS - beforeS), everyM);
        return;
      }
      this.furthestM = Math.max(this.furthestM, tracker.alongM);
      if (this.standsAtLine(fix.tS)) {
        this.crossFinish(this.lineS!, everyM);
        return;
      }
    }
    this.judge(fix.tS);
  }

  private get toGoM(): number {
    return this.course.lengthM - this.tracker.alongM;
  }

  /** So near to the line, a receiver may see somebody before it who is behind it. */
  private get atLineM(): number {
    const { course, tracker } = this;
    const speed = course.speedAtTime(course.durationS);
    return AT_LINE_M + Math.sqrt(tracker.modes.ghostVariance) * speed;
  }

  private expectedAtLineS(): number {
    const { course, tracker } = this;
    const [ghostS, pace] = [tracker.modes.mean[0]!, tracker.modes.mean[1]!];
    return tracker.atS + (course.durationS - ghostS) / Math.min(1.5, Math.max(0.7, pace));
  }

  /** Whoever came up to the line and stands there has finished: when they would have been at it. */
  private standsAtLine(tS: number): boolean {
    if (this.toGoM > this.atLineM) {
      this.lineS = null;
      return false;
    }
    this.lineS ??= this.expectedAtLineS();
    return tS - this.lineS > STOOD_AT_LINE_S && this.tracker.modes.mean[1]! < STANDING_PACE;
  }

  private judge(tS: number): void {
    const { tracker, current } = this;
    if (tracker.seenOffS > OFF_S) this.become('off_route', 'Too far from the route');
    else if (tracker.againstM >= WRONG_WAY_M) this.become('wrong_way', 'Against the direction of the route');
    else if (current === 'off_route' || current === 'wrong_way') {
      if (tracker.isLost || tracker.againstM > WRONG_WAY_M / 2) return;
      this.rejoinedAtS = tS;
      const skipped = Math.round(tracker.skippedM);
      this.become(
        'rejoined',
        skipped > 50 ? `Back on the route, ${skipped} m of it skipped` : 'Back on the route',
      );
    } else if (current === 'rejoined' && tS - this.rejoinedAtS >= REJOINED_S) {
      this.become('racing', 'On the route');
    }
  }

  /** Notes when whole multiples of `everyM` were passed between two fixes. */
  private passPlaces(
    beforeS: number,
    beforeGhostS: number,
    tS: number,
    ghostS: number,
    isContinuous: boolean,
    everyM: number,
  ): void {
    const alongM = Math.min(this.tracker.alongM, this.course.lengthM - 1e-6);
    for (let number = Math.floor(this.furthestM / everyM) + 1; number * everyM <= alongM; number += 1) {
      const placeM = number * everyM;
      const share = isContinuous ? shareAt(beforeGhostS, ghostS, this.course.timeAtAlong(placeM)) : 1;
      this.note(placeM, beforeS + share * (tS - beforeS));
    }
  }

  private note(alongM: number, atS: number): void {
    const elapsedS = atS - this.startedS;
    this.passed.push({ alongM, elapsedS, movingS: elapsedS - this.clock.pausedUntil(atS) });
  }

  private crossFinish(atS: number, everyM: number): void {
    const { lengthM } = this.course;
    this.startS = this.startedS;
    for (let placeM = (Math.floor(this.furthestM / everyM) + 1) * everyM; placeM < lengthM; placeM += everyM)
      this.note(placeM, atS);
    this.note(lengthM, atS);
    this.furthestM = lengthM;
    const elapsedS = atS - this.startS;
    this.finish = { elapsedS, movingS: elapsedS - this.clock.pausedUntil(atS) };
    this.become('finished', 'Over the finish line');
  }

  private become(to: RaceState, reason: string): void {
    if (this.current === to) return;
    this.changes.push({ from: this.current, to, reason });
    this.current = to;
  }
}

/** Which share of the way from one value to another a third lies at. */
function shareAt(from: number, to: number, at: number): number {
  return to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 1;
}

function notStarted(state: RaceState): LaneView {
  return {
    state,
    elapsedS: null,
    movingS: null,
    alongM: 0,
    furthestM: 0,
    gapSdS: 0,
    pace: 1,
    paceSd: 1,
    belief: 0,
    isStale: false,
    finish: null,
  };
}

const NOT_STARTED = { waiting: notStarted('waiting'), missed_start: notStarted('missed_start') };
