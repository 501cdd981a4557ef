import { planeAround, type LocalPlane } from '../geo/geodesy.js';
import {
  type GhostCurve,
  distanceAtElapsed,
  lengthOf,
  movingAtElapsed,
  movingMsAt,
} from '../ghosts/ghost-curve.js';
import type { GhostGap, RaceFix, RaceSplit, RaceState, RaceUpdate, StateChange } from './race-update.js';
import { RouteTracker, type TrackerSnapshot } from './route-tracker.js';

// One runner against ghosts, fix by fix. Pure: no clock of its own, and `snapshot` is plain JSON from which another process goes on.
// FIRST VERSION: the interface stands, the estimation behind it follows.

export interface RaceGhost {
  readonly id: string;
  readonly curve: GhostCurve;
}

export interface GhostRaceConfig {
  /** Ghosts whose curves share one `route` object share its projection. */
  readonly ghosts: readonly RaceGhost[];
  /** Whether pauses of the runner count. `elapsed` is the fair one. */
  readonly clock: 'elapsed' | 'moving';
  /** Length of a split in metres; 1000 where not given. */
  readonly splitM?: number;
}

export interface GhostRaceSnapshot {
  readonly version: 1;
  readonly state: RaceState;
  readonly startedAtMs: number | null;
  readonly pausedAtMs: number | null;
  readonly pausedMs: number;
  readonly last: { tMs: number; xM: number; yM: number } | null;
  readonly tracker: TrackerSnapshot;
}

const START_HALF_WIDTH_M = 15;

export class GhostRace {
  private readonly tracker: RouteTracker;
  private readonly plane: LocalPlane;
  private readonly curve: GhostCurve;
  private current: RaceState = 'waiting';
  private startedAtMs: number | null = null;
  private pausedAtMs: number | null = null;
  private pausedMs = 0;
  private last: { tMs: number; xM: number; yM: number } | null = null;

  private constructor(private readonly config: GhostRaceConfig) {
    this.curve = config.ghosts[0]!.curve;
    if (this.curve.route === null) throw new RangeError('Ghosts without a route come later');
    this.tracker = new RouteTracker(this.curve.route);
    this.plane = planeAround(this.curve.route.latDeg, this.curve.route.lonDeg);
  }

  /** @throws RangeError without ghosts */
  static start(config: GhostRaceConfig): GhostRace {
    if (config.ghosts.length === 0) throw new RangeError('A race needs a ghost');
    return new GhostRace(config);
  }

  static restore(config: GhostRaceConfig, snapshot: GhostRaceSnapshot): GhostRace {
    const race = new GhostRace(config);
    race.current = snapshot.state;
    race.startedAtMs = snapshot.startedAtMs;
    race.pausedAtMs = snapshot.pausedAtMs;
    race.pausedMs = snapshot.pausedMs;
    race.last = snapshot.last === null ? null : { ...snapshot.last };
    race.tracker.restore(snapshot.tracker);
    return race;
  }

  get state(): RaceState {
    return this.current;
  }

  snapshot(): GhostRaceSnapshot {
    return {
      version: 1,
      state: this.current,
      startedAtMs: this.startedAtMs,
      pausedAtMs: this.pausedAtMs,
      pausedMs: this.pausedMs,
      last: this.last === null ? null : { ...this.last },
      tracker: this.tracker.snapshot(),
    };
  }

  /** @returns null for a fix that is not newer than the last one, or has no usable place */
  take(fix: RaceFix): RaceUpdate | null {
    if (!Number.isFinite(fix.latDeg) || !Number.isFinite(fix.lonDeg)) return null;
    if (this.last !== null && fix.tMs <= this.last.tMs) return null;
    const changes: StateChange[] = [];
    const now = { tMs: fix.tMs, xM: this.plane.x(fix.lonDeg), yM: this.plane.y(fix.latDeg) };
    const last = this.last;
    this.last = now;
    if (last === null) return this.update(fix.tMs, changes, []);
    const dtS = (now.tMs - last.tMs) / 1000;
    const [east, north] = [(now.xM - last.xM) / dtS, (now.yM - last.yM) / dtS];
    if (this.current === 'waiting') this.tryStart(last, now, changes);
    else if (this.current !== 'paused' && this.current !== 'finished') {
      this.tracker.step(now.tMs, now.xM, now.yM, east, north);
      if (this.tracker.lostMs > 5_000) this.become('off_route', now.tMs, 'Too far from the route', changes);
      else if (this.current === 'off_route') this.become('racing', now.tMs, 'Back on the route', changes);
      if (this.tracker.alongM >= lengthOf(this.curve) - 0.5)
        this.become('finished', now.tMs, 'Over the finish line', changes);
    }
    return this.update(fix.tMs, changes, []);
  }

  /** The watch is stopped. Fixes until `resume` do not count. */
  pause(atMs: number): RaceUpdate {
    const changes: StateChange[] = [];
    if (this.startedAtMs !== null && this.pausedAtMs === null && this.current !== 'finished') {
      this.pausedAtMs = atMs;
      this.become('paused', atMs, 'The watch was stopped', changes);
    }
    return this.update(atMs, changes, []);
  }

  resume(atMs: number): RaceUpdate {
    const changes: StateChange[] = [];
    if (this.pausedAtMs !== null) {
      this.pausedMs += atMs - this.pausedAtMs;
      this.pausedAtMs = null;
      this.become('racing', atMs, 'The watch goes on', changes);
    }
    return this.update(atMs, changes, []);
  }

  /** After `missed_start`: the race begins where the runner is, with a gap of zero there. */
  join(atMs: number): RaceUpdate {
    return this.update(atMs, [], []);
  }

  /** The runner ends the run: whoever is within a few metres of the line has finished, anybody else has abandoned. */
  finish(atMs: number): RaceUpdate {
    return this.update(atMs, [], []);
  }

  private tryStart(
    last: { tMs: number; xM: number; yM: number },
    now: { tMs: number; xM: number; yM: number },
    changes: StateChange[],
  ): void {
    const route = this.curve.route!;
    const { east, north } = this.tracker.headingAt(0);
    const ahead = (at: { xM: number; yM: number }): number =>
      (at.xM - route.xM[0]!) * east + (at.yM - route.yM[0]!) * north;
    const [before, after] = [ahead(last), ahead(now)];
    if (before > 0 || after <= 0) return;
    const share = before / (before - after);
    const [x, y] = [last.xM + share * (now.xM - last.xM), last.yM + share * (now.yM - last.yM)];
    const aside = Math.abs(-(x - route.xM[0]!) * north + (y - route.yM[0]!) * east);
    if (aside > START_HALF_WIDTH_M) return;
    this.startedAtMs = last.tMs + share * (now.tMs - last.tMs);
    this.tracker.begin(now.tMs, after, (after - before) / ((now.tMs - last.tMs) / 1000));
    this.become('racing', now.tMs, 'Over the start line', changes);
  }

  private become(to: RaceState, atMs: number, reason: string, changes: StateChange[]): void {
    if (this.current === to) return;
    changes.push({
      atMs,
      ghostIds: this.config.ghosts.map(({ id }) => id),
      from: this.current,
      to,
      reason,
    });
    this.current = to;
  }

  private update(tMs: number, changes: StateChange[], splits: RaceSplit[]): RaceUpdate {
    const clockMs = this.startedAtMs === null ? null : tMs - this.startedAtMs;
    return {
      tMs,
      state: this.current,
      clockMs,
      gaps: this.config.ghosts.map((ghost) => this.gap(ghost, clockMs)),
      changes,
      leads: [],
      splits,
    };
  }

  private gap({ id, curve }: RaceGhost, clockMs: number | null): GhostGap {
    const isTold = clockMs !== null && this.current !== 'wrong_way';
    const { alongM } = this.tracker;
    const ghostMovingMs = isTold ? movingAtElapsed(curve, clockMs) : 0;
    const gapS = isTold ? (ghostMovingMs - movingMsAt(curve, alongM)) / 1000 : null;
    return {
      ghostId: id,
      state: this.current,
      basis: curve.basis,
      gapS,
      movingGapS: isTold ? (clockMs - this.pausedMs - movingMsAt(curve, alongM)) / 1000 : null,
      gapM: isTold ? distanceAtElapsed(curve, clockMs) - alongM : null,
      sdS: null,
      confidence: null,
      trend: null,
      alongM: isTold ? alongM : null,
      toGoM: isTold ? Math.max(0, lengthOf(curve) - alongM) : null,
      etaS: null,
      isStale: this.current === 'off_route',
      hasGhostFinished: isTold && distanceAtElapsed(curve, clockMs) >= lengthOf(curve),
    };
  }
}
