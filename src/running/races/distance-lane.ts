import { type LocalPlane, planeAround } from '../geo/geodesy.js';
import { type GhostCurve, lengthOf, movingMsAt } from '../ghosts/ghost-curve.js';
import { DistanceMeter, type DistanceMeterSnapshot } from './distance-meter.js';
import { LaneClock, type LaneClockSnapshot } from './lane-clock.js';
import type { LaneChange, LaneView, Passing, RaceLane } from './race-lane.js';
import type { RaceFix, RaceState } from './race-update.js';

// Against a ghost that has no route: whoever has covered the same distance is level with it. There is no line to cross, so the clock starts when
// somebody sets off, and nobody is off the route or goes the wrong way.

/** Moved so far from where they stood, somebody has set off. */
const SET_OFF_M = 15;
/** Within this they still stand. */
const STANDING_M = 5;
const STANDING_S = 5;
const WORST_ACCURACY_M = 35;
/** What a distance may be off: a part of it, and the error of a place. */
const ERROR_RATIO = 0.015;
const ERROR_M = 4;
const PACE_OVER_S = 60;
const PACE_SD = 0.02;

export interface DistanceLaneSnapshot {
  readonly kind: 'distance';
  readonly state: RaceState;
  readonly nowS: number;
  readonly place: { latDeg: number; lonDeg: number } | null;
  readonly stand: { tS: number; sinceS: number; xM: number; yM: number } | null;
  readonly startS: number | null;
  readonly finish: { elapsedS: number; movingS: number } | null;
  readonly recent: [number, number][];
  readonly clock: LaneClockSnapshot;
  readonly meter: DistanceMeterSnapshot;
}

export class DistanceLane implements RaceLane<DistanceLaneSnapshot> {
  readonly lengthM: number;
  private readonly meter = new DistanceMeter();
  private readonly clock = new LaneClock();
  private current: RaceState = 'waiting';
  private nowS = 0;
  private plane: LocalPlane | null = null;
  /** Where they stand before setting off: seen there last, and since when. */
  private stand: { tS: number; sinceS: number; xM: number; yM: number } | null = null;
  private startS: number | null = null;
  private finish: { elapsedS: number; movingS: number } | null = null;
  /** Moments of the moving clock and distances of the last minute. */
  private recent: [number, number][] = [];
  private changes: LaneChange[] = [];
  private passed: Passing[] = [];

  /** @param gunS the moment from which the clock counts for everybody; null = from setting off */
  constructor(
    private readonly curve: GhostCurve,
    private readonly gunS: number | null,
  ) {
    this.lengthM = lengthOf(curve);
  }

  get state(): RaceState {
    return this.current;
  }

  take(fix: RaceFix, tS: number, everyM: number): boolean {
    this.nowS = tS;
    if (this.clock.isPaused || this.current === 'finished') return true;
    if (fix.accuracyM !== null && fix.accuracyM > WORST_ACCURACY_M) return false;
    this.plane ??= planeAround(fix.latDeg, fix.lonDeg);
    const [xM, yM] = [this.plane.x(fix.lonDeg), this.plane.y(fix.latDeg)];
    if (this.current === 'waiting') this.wait(tS, xM, yM);
    const beforeM = this.meter.distanceM;
    this.meter.observe(tS, xM, yM, fix.speedMps);
    if (this.startS === null) return true;
    this.advance(beforeM, tS, everyM);
    return true;
  }

  pause(tS: number): void {
    this.nowS = tS;
    if (this.clock.isPaused || this.current === 'finished') return;
    this.clock.pause(tS);
    if (this.startS !== null) this.become('paused', 'The watch was stopped');
  }

  resume(tS: number): void {
    this.nowS = tS;
    if (!this.clock.isPaused) return;
    this.clock.resume(tS);
    this.meter.interrupt();
    if (this.startS !== null) this.become('racing', 'The watch goes on');
  }

  /** There is nothing to miss and to join. */
  join(): boolean {
    return false;
  }

  end(tS: number): void {
    this.nowS = Math.max(this.nowS, tS);
  }

  drain(): { changes: LaneChange[]; passed: Passing[] } {
    const { changes, passed } = this;
    [this.changes, this.passed] = [[], []];
    return { changes, passed };
  }

  view(): LaneView {
    const distanceM = this.finish === null ? this.meter.distanceM : this.lengthM;
    const { pace, ghostMps } = this.paces();
    const elapsedS = this.startS === null ? null : (this.finish?.elapsedS ?? this.nowS - this.startedS);
    return {
      state: this.current,
      elapsedS,
      movingS:
        elapsedS === null ? null : (this.finish?.movingS ?? elapsedS - this.clock.pausedUntil(this.nowS)),
      alongM: distanceM,
      furthestM: distanceM,
      gapSdS: (ERROR_M + ERROR_RATIO * distanceM) / ghostMps,
      pace,
      paceSd: PACE_SD,
      belief: this.startS === null ? 0 : 1,
      isStale: false,
      finish: this.finish,
    };
  }

  snapshot(): DistanceLaneSnapshot {
    const { current: state, nowS, plane, stand, startS, finish, recent } = this;
    return {
      kind: 'distance',
      state,
      nowS,
      place: plane === null ? null : { latDeg: plane.latDeg, lonDeg: plane.lonDeg },
      stand: stand === null ? null : { ...stand },
      startS,
      finish,
      recent: recent.map(([movingS, distanceM]) => [movingS, distanceM]),
      clock: this.clock.snapshot(),
      meter: this.meter.snapshot(),
    };
  }

  restore({ state, nowS, place, stand, startS, finish, recent, clock, meter }: DistanceLaneSnapshot): void {
    this.current = state;
    this.nowS = nowS;
    this.plane = place === null ? null : planeAround(place.latDeg, place.lonDeg);
    this.stand = stand === null ? null : { ...stand };
    this.startS = startS;
    this.finish = finish;
    this.recent = recent.map(([movingS, distanceM]) => [movingS, distanceM]);
    this.clock.restore(clock);
    this.meter.restore(meter);
  }

  private get startedS(): number {
    return this.gunS ?? this.startS!;
  }

  private wait(tS: number, xM: number, yM: number): void {
    this.stand ??= { tS, sinceS: tS, xM, yM };
    const { stand } = this;
    const awayM = Math.hypot(xM - stand.xM, yM - stand.yM);
    if (awayM < STANDING_M && tS - stand.sinceS >= STANDING_S) {
      // Still there: the way begins here and now, and what the receiver wandered so far is none of it.
      this.stand = { tS, sinceS: stand.sinceS, xM, yM };
      this.meter.reset();
    } else if (awayM >= SET_OFF_M) {
      this.startS = stand.tS;
      this.clock.begin();
      this.become('racing', 'Set off');
    }
  }

  private advance(beforeM: number, tS: number, everyM: number): void {
    const distanceM = this.meter.distanceM;
    const lastS = this.recent.at(-1)?.[0] ?? 0;
    const movingS = tS - this.startedS - this.clock.pausedUntil(tS);
    const atM = (placeM: number): Passing => {
      const share = distanceM > beforeM ? Math.max(0, (placeM - beforeM) / (distanceM - beforeM)) : 1;
      const atS = movingS - (1 - share) * Math.min(movingS - lastS, movingS);
      return { alongM: placeM, movingS: atS, elapsedS: atS + this.clock.pausedUntil(tS) };
    };
    const untilM = Math.min(distanceM, this.lengthM - 1e-6);
    for (let number = Math.floor(beforeM / everyM) + 1; number * everyM <= untilM; number += 1) {
      this.passed.push(atM(number * everyM));
    }
    if (distanceM >= this.lengthM) {
      const line = atM(this.lengthM);
      this.passed.push(line);
      this.finish = { elapsedS: line.elapsedS, movingS: line.movingS };
      this.become('finished', 'The distance is covered');
      return;
    }
    this.recent.push([movingS, distanceM]);
    while (this.recent.length > 2 && movingS - this.recent[1]![0] > PACE_OVER_S) this.recent.shift();
  }

  /** Against the ghost over the same metres, and the ghost's own speed there. */
  private paces(): { pace: number; ghostMps: number } {
    const [from, to] = [this.recent[0], this.recent.at(-1)];
    const meanMps = (this.lengthM / movingMsAt(this.curve, this.lengthM)) * 1000;
    if (from === undefined || to === undefined || to[0] - from[0] < 5) return { pace: 1, ghostMps: meanMps };
    const ghostS = (movingMsAt(this.curve, to[1]) - movingMsAt(this.curve, from[1])) / 1000;
    const ghostMps = ghostS > 0 ? (to[1] - from[1]) / ghostS : meanMps;
    return { pace: ghostS / (to[0] - from[0]), ghostMps: Math.max(0.5, ghostMps) };
  }

  private become(to: RaceState, reason: string): void {
    if (this.current === to) return;
    this.changes.push({ from: this.current, to, reason });
    this.current = to;
  }
}
