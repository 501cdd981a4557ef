import { arrivalMsAt, type GhostCurve, type RouteShape } from '../ghosts/ghost-curve.js';
import { DistanceLane, type DistanceLaneSnapshot } from './distance-lane.js';
import { gapOf } from './ghost-gap.js';
import { LeadWatch, type LeadSnapshot } from './lead-watch.js';
import type { RaceLane } from './race-lane.js';
import type { LeadChange, RaceFix, RaceSplit, RaceState, RaceUpdate, StateChange } from './race-update.js';
import { RouteLane, type RouteLaneSnapshot } from './route-lane.js';
import { SplitBook } from './split-book.js';

// One runner against any number of ghosts, fix by fix. Ghosts on one route share its lane: where the runner is on it is worked out once, and
// each ghost is then a look into its table of times. Pure: no clock of its own; `snapshot` is plain JSON from which another process goes
// on as if nothing had happened.

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
  /** The moment from which everybody's clock counts, by the clock of the fixes; without it each starts when crossing the line. */
  readonly gunAtMs?: number;
}

export interface GhostRaceSnapshot {
  readonly version: 1;
  readonly epochMs: number | null;
  readonly lastMs: number | null;
  readonly lanes: readonly LaneSnapshot[];
  readonly leads: readonly LeadSnapshot[];
  readonly splits: readonly number[][];
}

const SPLIT_M = 1_000;

type LaneSnapshot = RouteLaneSnapshot | DistanceLaneSnapshot;

interface Lane {
  readonly lane: RaceLane<LaneSnapshot>;
  readonly ghosts: readonly Entry[];
}

interface Entry {
  readonly ghost: RaceGhost;
  readonly lead: LeadWatch;
  readonly splits: SplitBook;
}

export class GhostRace {
  private readonly entries: readonly Entry[];
  private lanes: readonly Lane[] = [];
  private readonly splitM: number;
  /** Seconds inside count from the first fix: large numbers would cost digits. */
  private epochMs: number | null = null;
  private lastMs: number | null = null;

  private constructor(private readonly config: GhostRaceConfig) {
    this.splitM = config.splitM ?? SPLIT_M;
    this.entries = config.ghosts.map((ghost) => ({
      ghost,
      lead: new LeadWatch(),
      splits: new SplitBook(ghost.id, ghost.curve, config.clock),
    }));
  }

  /** @throws RangeError without ghosts */
  static start(config: GhostRaceConfig): GhostRace {
    if (config.ghosts.length === 0) throw new RangeError('A race needs a ghost');
    return new GhostRace(config);
  }

  /** @param config the one with which the race was started: a snapshot holds what changes only */
  static restore(config: GhostRaceConfig, snapshot: GhostRaceSnapshot): GhostRace {
    const race = GhostRace.start(config);
    if (snapshot.epochMs !== null) race.openLanes(snapshot.epochMs);
    race.lastMs = snapshot.lastMs;
    race.lanes.forEach(({ lane }, index) => lane.restore(snapshot.lanes[index]!));
    race.entries.forEach(({ lead, splits }, index) => {
      lead.restore(snapshot.leads[index]!);
      splits.restore(snapshot.splits[index]!);
    });
    return race;
  }

  /** That of the first ghost's route. */
  get state(): RaceState {
    return this.lanes[0]?.lane.state ?? 'waiting';
  }

  snapshot(): GhostRaceSnapshot {
    return {
      version: 1,
      epochMs: this.epochMs,
      lastMs: this.lastMs,
      lanes: this.lanes.map(({ lane }) => lane.snapshot()),
      leads: this.entries.map(({ lead }) => lead.snapshot()),
      splits: this.entries.map(({ splits }) => splits.snapshot()),
    };
  }

  /** @returns null for a fix that is not newer than the last one, or has no usable place */
  take(fix: RaceFix): RaceUpdate | null {
    if (!Number.isFinite(fix.latDeg) || !Number.isFinite(fix.lonDeg) || !Number.isFinite(fix.tMs))
      return null;
    if (this.lastMs !== null && fix.tMs <= this.lastMs) return null;
    const tS = this.secondsAt(fix.tMs);
    let counts = false;
    for (const { lane } of this.lanes) if (lane.take(fix, tS, this.splitM)) counts = true;
    return counts ? this.update(fix.tMs) : null;
  }

  /** The watch is stopped. Fixes until `resume` do not count. */
  pause(atMs: number): RaceUpdate {
    const tS = this.secondsAt(atMs);
    for (const { lane } of this.lanes) lane.pause(tS);
    return this.update(atMs);
  }

  resume(atMs: number): RaceUpdate {
    const tS = this.secondsAt(atMs);
    for (const { lane } of this.lanes) lane.resume(tS);
    return this.update(atMs);
  }

  /** After `missed_start`: the race begins where the runner is, with a gap of zero there. Nothing happens in any other state. */
  join(atMs: number): RaceUpdate {
    const tS = this.secondsAt(atMs);
    for (const { lane, ghosts } of this.lanes) {
      const { curve } = ghosts[0]!.ghost;
      if (!lane.join(tS, (alongM) => arrivalMsAt(curve, alongM) / 1000)) continue;
      const { furthestM, elapsedS } = lane.view();
      for (const { splits } of ghosts) splits.beginAt(furthestM, elapsedS!);
    }
    return this.update(atMs);
  }

  /** The runner ends the run: whoever is within a few metres of the line has finished, anybody else has not. */
  finish(atMs: number): RaceUpdate {
    const tS = this.secondsAt(atMs);
    for (const { lane } of this.lanes) lane.end(tS, this.splitM);
    return this.update(atMs);
  }

  private secondsAt(atMs: number): number {
    if (this.epochMs === null) this.openLanes(atMs);
    this.lastMs = Math.max(this.lastMs ?? -Infinity, atMs);
    return (atMs - this.epochMs!) / 1000;
  }

  private openLanes(epochMs: number): void {
    this.epochMs = epochMs;
    const { gunAtMs } = this.config;
    const gunS = gunAtMs === undefined ? null : (gunAtMs - epochMs) / 1000;
    const byRoute = new Map<RouteShape, Entry[]>();
    const alone: Lane[] = [];
    for (const entry of this.entries) {
      const { curve } = entry.ghost;
      const { route } = curve;
      const sharing = route === null ? undefined : byRoute.get(route);
      if (route === null) alone.push({ lane: new DistanceLane(curve, gunS), ghosts: [entry] });
      else if (sharing === undefined) byRoute.set(route, [entry]);
      else sharing.push(entry);
    }
    const shared = [...byRoute.values()].map((ghosts): Lane => {
      return { lane: new RouteLane(ghosts[0]!.ghost.curve, gunS), ghosts };
    });
    // The first ghost's lane comes first: its state is the race's.
    this.lanes = [...shared, ...alone].sort(
      (a, b) => this.entries.indexOf(a.ghosts[0]!) - this.entries.indexOf(b.ghosts[0]!),
    );
  }

  private update(tMs: number): RaceUpdate {
    const changes: StateChange[] = [];
    const leads: LeadChange[] = [];
    const splits: RaceSplit[] = [];
    const gaps = new Map<Entry, ReturnType<typeof gapOf>>();
    for (const { lane, ghosts } of this.lanes) {
      const drained = lane.drain();
      const view = lane.view();
      const ghostIds = ghosts.map(({ ghost }) => ghost.id);
      for (const change of drained.changes) changes.push({ ...change, atMs: tMs, ghostIds });
      for (const entry of ghosts) {
        const { ghost, lead, splits: book } = entry;
        const gap = gapOf(ghost.id, ghost.curve, view, this.config.clock);
        gaps.set(entry, gap);
        for (const passing of drained.passed) {
          const split = book.pass(passing);
          if (split !== null) splits.push(split);
        }
        if (gap.gapS === null || gap.isStale) continue;
        const changed = lead.observe(tMs / 1000, gap.gapS);
        if (changed !== null) leads.push({ atMs: tMs, ghostId: ghost.id, gapS: gap.gapS, ...changed });
      }
    }
    const { elapsedS, movingS } = this.lanes[0]!.lane.view();
    const clockS = this.config.clock === 'elapsed' ? elapsedS : movingS;
    return {
      tMs,
      state: this.state,
      clockMs: clockS === null ? null : clockS * 1000,
      gaps: this.entries.map((entry) => gaps.get(entry)!),
      changes,
      leads,
      splits,
    };
  }
}
