import type { Course } from './course.js';
import { FirstFixes, type FirstFixesSnapshot } from './first-fixes.js';
import { FixScatter, type ScatterSnapshot } from './fix-scatter.js';
import {
  DOUBT_S,
  type Hypothesis,
  type HypothesisSnapshot,
  restored,
  SAME_M,
  snapshotOf,
  stillOpen,
} from './hypotheses.js';
import { type MapFix, type Motion, tellsDirection } from './motion.js';
import type { Beginning, Place } from './pace-filter.js';
import { PaceModes } from './pace-modes.js';
import { placesNear, type NearPlace } from './places-near.js';
import { wayBackAt } from './turn-ahead.js';

// Follows somebody along a course. One hypothesis about where they are is believed; a filter holds it (pace-modes.ts), which bounds how far it
// moves with a fix, so that crossings, laps and ways back do not confuse it. When fixes contradict it (beside the line, or moving against
// it) for some seconds, other places of the route within reach become hypotheses, too; whichever foretells three fixes and more of the next
// ones best is believed from then on, and a better one may still replace it later.

/** Beside the line by more than this is off it, whatever the receiver (running.md 4.3). */
export const OFF_ROUTE_M = 35;
/** Nothing heard for longer, and not near to where they would be who ran on: where they are is open. */
const SILENCE_S = 15;
const AS_EXPECTED_M = 12;
/** Fixes that a new hypothesis has to foretell. */
const FIXES_TO_BELIEVE = 3;
const MOST_HYPOTHESES = 4;
/** How far back somebody may turn up again, and how fast ahead. */
const BACK_M = 75;
const AHEAD_M = 30;
const FASTEST_MPS = 6;
/** Logarithm of how much better another one must do to replace what is believed. */
const CONVINCING = 4;
const AGAINST_COSINE = -0.3;
/** A receiver is hardly ever off by more: the place that says so is not believed. */
const FAR_FETCHED_SDS = 4.5;
/** How often a turn is looked for by whom seems to stand; what having turned costs, as the logarithm of a likelihood. */
const SPLIT_EVERY_S = 10;
const TURNED = 2;
/** What a contradiction costs a hypothesis, as the logarithm of a likelihood. */
const CONTRADICTION = 6;
const RUNS_ON_S = 10;
const WALKING_MPS = 0.5;
/** Of a receiver's own speed over ground. */
const SPEED_SD_MPS = 0.5;

export interface TrackerSnapshot {
  readonly tS: number;
  readonly splitAtS: number;
  readonly hasCrossed: boolean;
  readonly believedAlongM: number;
  readonly nearAlongM: number;
  readonly lostS: number;
  readonly seenOffS: number;
  readonly againstM: number;
  readonly offsetM: number;
  readonly scatter: ScatterSnapshot;
  readonly firstFixes: FirstFixesSnapshot | null;
  readonly hypotheses: readonly HypothesisSnapshot[];
}

export class RouteTracker {
  /** Distance of the last fix from the believed place; while lost, from the nearest one within reach. */
  offsetM = 0;
  /** Since the believed place was last agreed with, and how much of that was seen through fixes. */
  lostS = 0;
  seenOffS = 0;
  /** Metres moved along the route against its direction since the last ones in it. */
  againstM = 0;
  /** Metres along the route that the last change of belief skipped (below 0: went back). */
  skippedM = 0;
  readonly scatter = new FixScatter();

  private tS = 0;
  private splitAtS = 0;
  private hasCrossed = true;
  private believedAlongM = 0;
  private nearAlongM = 0;
  private hypotheses: Hypothesis[] = [];
  private firstFixes: FirstFixes | null = null;
  private readonly place: Place = { xM: 0, yM: 0 };

  constructor(private readonly course: Course) {}

  /** What is believed. */
  get modes(): PaceModes {
    return this.hypotheses[0]!.modes;
  }

  /** Moment of the last fix. */
  get atS(): number {
    return this.tS;
  }

  /** Moment of the last fix that agreed. */
  get lastSeenS(): number {
    return this.tS - this.lostS;
  }

  get isLost(): boolean {
    return this.lostS > 0;
  }

  /** Share of belief in the first hypothesis, 0..1. */
  get belief(): number {
    const best = this.hypotheses[0]!.weight;
    return 1 / this.hypotheses.reduce((sum, { weight }) => sum + Math.exp(weight - best), 0);
  }

  /** Somebody is on the course, at a fix. @param isAtLine whether they still have to cross the start line, or have only just */
  begin(fix: MapFix, known: Beginning, isAtLine: boolean): void {
    this.firstFixes = FirstFixes.from(fix, known, isAtLine);
    const { modes, hasCrossed } = this.firstFixes.judge(this.course, this.scatter);
    this.hasCrossed = hasCrossed;
    this.hypotheses = [{ modes, weight: 0, agreeing: FIXES_TO_BELIEVE, contradictedS: 0 }];
    this.tS = this.splitAtS = fix.tS;
    this.lostS = this.seenOffS = this.againstM = this.skippedM = 0;
    this.nearAlongM = this.believedAlongM = this.course.alongAtTime(modes.mean[0]!);
    this.offsetM = 0;
  }

  /** The watch was stopped: time went by without a way, and the receiver starts anew. */
  skipTo(tS: number): void {
    const spreadS = 10 / this.course.speedAtTime(this.modes.mean[0]!);
    this.firstFixes = null;
    for (const { modes } of this.hypotheses) modes.forgetError(this.scatter.noise, spreadS);
    this.tS = tS;
    this.againstM = 0;
  }

  step(fix: MapFix, seen: Motion | null): void {
    const motion = seen !== null && tellsDirection(seen, this.scatter.noise) ? seen : null;
    const silentS = fix.tS - this.tS;
    this.skippedM = 0;
    if (silentS > SILENCE_S && this.lostS === 0) this.reseat(fix, silentS);
    const dtS = fix.tS - this.tS;
    this.tS = fix.tS;
    const whiteM2 = this.scatter.whiteM2(fix.accuracyM);
    for (const hypothesis of this.hypotheses) this.advance(hypothesis, fix, motion, dtS, whiteM2);
    const believed = this.hypotheses[0]!;
    if (believed.contradictedS > 0) this.doubt(fix, motion, dtS);
    else this.follow(fix, believed);
    this.countAgainst(motion, dtS);
    this.splitAtTurn(fix, believed);
    if (this.hypotheses.length > 1) this.choose();
    if (this.firstFixes !== null) this.judgeAgain(this.firstFixes, fix);
  }

  /** Where they are believed to be; while lost, where they were last. */
  get alongM(): number {
    return this.believedAlongM;
  }

  snapshot(): TrackerSnapshot {
    const { tS, splitAtS, hasCrossed, believedAlongM, nearAlongM, lostS, seenOffS, againstM, offsetM } = this;
    return {
      tS,
      splitAtS,
      hasCrossed,
      believedAlongM,
      nearAlongM,
      lostS,
      seenOffS,
      againstM,
      offsetM,
      scatter: this.scatter.snapshot(),
      firstFixes: this.firstFixes?.snapshot() ?? null,
      hypotheses: this.hypotheses.map(snapshotOf),
    };
  }

  restore(snapshot: TrackerSnapshot): void {
    const { tS, splitAtS, hasCrossed, believedAlongM, nearAlongM, lostS, seenOffS, againstM, offsetM } =
      snapshot;
    Object.assign(this, {
      tS,
      splitAtS,
      hasCrossed,
      believedAlongM,
      nearAlongM,
      lostS,
      seenOffS,
      againstM,
      offsetM,
    });
    this.scatter.restore(snapshot.scatter);
    const { firstFixes } = snapshot;
    this.firstFixes = firstFixes === null ? null : new FirstFixes(firstFixes);
    this.hypotheses = snapshot.hypotheses.map(restored);
  }

  private advance(
    hypothesis: Hypothesis,
    fix: MapFix,
    motion: Motion | null,
    dtS: number,
    whiteM2: number,
  ): void {
    const { modes } = hypothesis;
    const { course, place, scatter } = this;
    // Whoever is nowhere to be seen is not supposed to run on for ever.
    if (hypothesis.contradictedS <= RUNS_ON_S) modes.predict(dtS, scatter.noise);
    const ghostS = modes.mean[0]!;
    course.placeAtTime(ghostS, place);
    const awayM = Math.hypot(fix.xM - place.xM, fix.yM - place.yM);
    const speed = course.speedAtTime(ghostS);
    // How far along somebody is may be open; how far beside the line they may be is not.
    const openM = Math.min(3 * Math.sqrt(modes.ghostVariance) * speed, 2 * OFF_ROUTE_M);
    const isFarFetched = Math.hypot(modes.mean[2]!, modes.mean[3]!) > FAR_FETCHED_SDS * scatter.noise.sdM;
    if (isFarFetched || awayM > this.offM + openM || this.isAgainst(ghostS, modes.mean[1]!, motion)) {
      hypothesis.contradictedS += Math.min(dtS, 2);
      hypothesis.agreeing = 0;
      hypothesis.weight -= CONTRADICTION;
      return;
    }
    modes.update(course, fix.xM, fix.yM, whiteM2);
    if (fix.speedMps !== null && fix.speedMps >= 0) {
      modes.updatePace(fix.speedMps / speed, (SPEED_SD_MPS / speed) ** 2);
    }
    hypothesis.weight += modes.logLikelihood;
    hypothesis.agreeing += 1;
    hypothesis.contradictedS = 0;
  }

  /**
   * After a silence they may have stood or gone on: where the fix is nearest to the line between the two they are now, unless that is where they
   * were supposed to be anyway.
   */
  private reseat(fix: MapFix, dtS: number): void {
    const { course, scatter } = this;
    const believed = this.hypotheses[0]!;
    const [ghostS, pace] = [believed.modes.mean[0]!, believed.modes.mean[1]!];
    const expectedM = course.alongAtTime(ghostS + pace * dtS);
    course.placeAtTime(ghostS + pace * dtS, this.place);
    const missedM = Math.hypot(fix.xM - this.place.xM, fix.yM - this.place.yM);
    if (missedM < AS_EXPECTED_M + 2 * scatter.noise.sdM) return;
    const toM = this.believedAlongM + AHEAD_M + FASTEST_MPS * dtS;
    const beyondM = (alongM: number): number => Math.max(0, this.believedAlongM - alongM, alongM - expectedM);
    const [here] = placesNear(course, fix.xM, fix.yM, this.believedAlongM - AHEAD_M, toM, this.offM).sort(
      (a, b) => a.awayM + beyondM(a.alongM) - b.awayM - beyondM(b.alongM),
    );
    if (here === undefined) return;
    const modes = this.seat(here.alongM, Math.min(1.5, Math.max(0.6, pace)));
    modes.adoptStart(believed.modes);
    this.hypotheses = [{ ...believed, modes }];
    this.tS = fix.tS;
  }

  /** A judgement that knows no more than about where somebody is. */
  private seat(alongM: number, pace: number): PaceModes {
    const ghostS = this.course.timeAtAlong(alongM);
    const modes = new PaceModes();
    const known = { ghostS, pace, paceSd: 0.3, startS: 0, spreadS: null, readS: ghostS };
    modes.begin(known, this.scatter.noise, this.course);
    return modes;
  }

  /** Another hypothesis about the same race. */
  private seatAt(fix: MapFix, alongM: number, pace: number, weight: number): Hypothesis {
    const modes = this.seat(alongM, pace);
    modes.adoptStart(this.modes);
    modes.update(this.course, fix.xM, fix.yM, this.scatter.whiteM2(fix.accuracyM));
    return { modes, weight, agreeing: 1, contradictedS: 0 };
  }

  /** A fix that agrees. */
  private follow(fix: MapFix, { modes }: Hypothesis): void {
    const { course, place } = this;
    if (!this.hasCrossed && modes.mean[0]! >= 0) {
      this.hasCrossed = true;
      modes.stampStart(fix.tS);
    }
    this.lostS = this.seenOffS = 0;
    this.nearAlongM = this.believedAlongM = course.alongAtTime(modes.mean[0]!);
    course.placeAtTime(modes.mean[0]!, place);
    this.offsetM = Math.hypot(fix.xM - place.xM, fix.yM - place.yM);
    this.learn(fix);
  }

  /** A fix that contradicts what is believed. */
  private doubt(fix: MapFix, motion: Motion | null, dtS: number): void {
    this.lostS += dtS;
    const fromM = this.believedAlongM - BACK_M - this.againstM;
    const toM = this.believedAlongM + AHEAD_M + FASTEST_MPS * this.lostS;
    const near = placesNear(this.course, fix.xM, fix.yM, fromM, toM, Infinity);
    this.offsetM = near[0]!.awayM;
    this.nearAlongM = near[0]!.alongM;
    this.seenOffS = this.offsetM > this.offM ? this.seenOffS + Math.min(dtS, 2) : 0;
    if (this.lostS > DOUBT_S) this.lookAround(fix, motion, near);
  }

  private isAgainst(ghostS: number, pace: number, motion: Motion | null): boolean {
    if (motion === null || motion.speedMps < WALKING_MPS) return false;
    return this.course.agreement(motion, ghostS, Math.max(0.5, pace)) < AGAINST_COSINE;
  }

  /** Further away from the line is off it. */
  private get offM(): number {
    return Math.max(OFF_ROUTE_M, 4 * this.scatter.noise.sdM);
  }

  private judgeAgain(first: FirstFixes, fix: MapFix): void {
    if (this.lostS > 0 || this.hypotheses.length > 1) {
      this.firstFixes = null;
      return;
    }
    const judgement = first.observe(this.course, fix, this.scatter, this.modes);
    if (judgement === null) return;
    this.hypotheses[0] = { ...this.hypotheses[0]!, modes: judgement.modes };
    this.hasCrossed = judgement.hasCrossed;
    if (first.areSettled) this.firstFixes = null;
  }

  private learn(fix: MapFix): void {
    const alongM = this.believedAlongM;
    if (alongM < 0 || alongM > this.course.lengthM || this.course.turnsAt(alongM)) return;
    const { place } = this;
    const heading = this.course.headingAt(alongM);
    const acrossM = (fix.yM - place.yM) * heading.east - (fix.xM - place.xM) * heading.north;
    this.scatter.observe(fix.tS, acrossM, heading);
  }

  private countAgainst(motion: Motion | null, dtS: number): void {
    if (motion === null || this.offsetM > this.offM) return;
    const { course } = this;
    const pace = Math.max(0.5, motion.speedMps / course.meanMps);
    const cosine = course.agreement(motion, course.timeAtAlong(this.nearAlongM), pace);
    const movedM = motion.speedMps * Math.min(dtS, 5) * cosine;
    if (movedM < 0) this.againstM -= movedM;
    else this.againstM = Math.max(0, this.againstM - 3 * movedM);
  }

  /** @see wayBackAt */
  private splitAtTurn(fix: MapFix, { modes, weight, contradictedS }: Hypothesis): void {
    if (contradictedS > 0 || this.hypotheses.length > 1 || modes.beliefs[PaceModes.standing]! < 0.5) return;
    if (fix.tS - this.splitAtS < SPLIT_EVERY_S) return;
    const back = wayBackAt(this.course, fix, modes, this.offM);
    if (back === null) return;
    this.splitAtS = fix.tS;
    this.hypotheses.push(this.seatAt(fix, back.alongM, 1, weight - TURNED));
  }

  /** Other places of the route near a fix become hypotheses. */
  private lookAround(fix: MapFix, motion: Motion | null, near: readonly NearPlace[]): void {
    const { course } = this;
    const believed = this.hypotheses[0]!;
    const nearM = Math.min(this.offM, 20 + 3 * this.lostS);
    const pace = Math.min(1.5, Math.max(0.6, believed.modes.mean[1]!));
    const expectedM = this.believedAlongM + pace * course.meanMps * this.lostS;
    for (const { alongM, awayM } of near) {
      if (awayM > nearM || this.hypotheses.length >= MOST_HYPOTHESES) return;
      const ghostS = course.timeAtAlong(alongM);
      if (motion !== null && motion.speedMps > WALKING_MPS && course.agreement(motion, ghostS, pace) < 0)
        continue;
      const isKnown = this.hypotheses.some(
        ({ contradictedS, modes }) =>
          contradictedS === 0 && Math.abs(course.alongAtTime(modes.mean[0]!) - alongM) < SAME_M,
      );
      if (isKnown) continue;
      // The further from where somebody would be who ran on, the less likely.
      const unlikely = Math.abs(alongM - expectedM) / (60 + course.meanMps * this.lostS);
      this.hypotheses.push(this.seatAt(fix, alongM, pace, believed.weight - unlikely));
    }
  }

  /** Believes another hypothesis when it has earned that, and drops those that have not. */
  private choose(): void {
    const believed = this.hypotheses[0]!;
    const [best] = this.hypotheses
      .slice(1)
      .filter(({ agreeing }) => agreeing >= FIXES_TO_BELIEVE)
      .sort((a, b) => b.weight - a.weight);
    const isReplaced =
      best !== undefined && (believed.contradictedS > 0 || best.weight > believed.weight + CONVINCING);
    if (isReplaced) {
      const alongM = this.course.alongAtTime(best.modes.mean[0]!);
      this.skippedM = alongM - this.believedAlongM - this.course.meanMps * this.lostS;
      this.believedAlongM = alongM;
      this.lostS = this.seenOffS = this.againstM = 0;
      this.hypotheses = [
        best,
        ...this.hypotheses.filter((other) => other !== best && other.contradictedS === 0),
      ];
    }
    this.hypotheses = stillOpen(this.hypotheses, this.course);
    const first = this.hypotheses[0]!;
    for (const hypothesis of this.hypotheses) if (hypothesis !== first) hypothesis.weight -= first.weight;
    first.weight = 0;
  }
}
