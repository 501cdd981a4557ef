import type { Course } from './course.js';
import { SD_PER_ACCURACY } from './fix-scatter.js';
import { cosineTo, type MapFix, type Motion } from './motion.js';
import { placesNear } from './places-near.js';

// The start line of a ghost: across its first metres, 30 m wide, and only in its direction. A fix that happens to lie beyond the line is not
// a start: somebody starts when they are seen to go along the first metres of the route. Then the clock is set to the moment of the
// crossing, between two fixes; whoever stood beyond the line while waiting, as receivers will have it, crossed it when they set off.

/** Half the width of the line; what a receiver may be off comes on top. */
const HALF_WIDTH_M = 15;
/** So far behind the line somebody may begin (their receiver's error included) and still have started at it. */
const ZONE_M = 50;
/** Seen so far along the route after the line, somebody has started. */
const CONFIRMED_M = 15;
/** Further behind it, a crossing was missed. */
const WATCHED_M = 80;
const BESIDE_M = 35;
/** Within 60 degrees of the line's direction. */
const DIRECTED_COSINE = 0.5;
const KEPT_EVERY_S = 0.9;
const MOST_KEPT = 64;
/** Standing beyond the line: so much slower than on the last metres. */
const STOOD_RATIO = 0.5;
/** From so far before the line on, fixes tell when it was crossed. */
const APPROACH_M = 25;
/** A speed over a shorter time is that of the receiver's errors. */
const TELLING_S = 6;
/** How often the rest of the route is looked at, for those who joined behind the start. */
const LOOK_EVERY_S = 4;
const MISSED_AFTER_M = 50;
const MISSED_NEAR_M = 25;
const FORGOTTEN_S = 30;

export interface StartFound {
  /** Fixes since they set off, or came up to the line, oldest first, at least one. */
  readonly since: readonly MapFix[];
  /** Where the first of them lies along the route, below 0 before the line. */
  readonly fromM: number;
  /** True when the recording began about the line, so that they set off from there, whatever the first fix says. */
  readonly beganHere: boolean;
  /** False when no fix lies before the line, so that the crossing is worked out from what followed. */
  readonly isSeen: boolean;
  /** How fast they set off; the ghost's mean where a stretch is too short to tell. */
  readonly speedMps: number;
}

interface Approach {
  readonly fix: MapFix;
  /** Along the route's beginning, below 0 before the line; NaN when elsewhere. */
  readonly alongM: number;
  /** Beside it, to the left above 0. */
  readonly asideM: number;
}

export interface StartGateSnapshot {
  readonly recent: { fix: MapFix; alongM: number | null; asideM: number | null }[];
  readonly beganHere: boolean | null;
  readonly lookedAtS: number | null;
  readonly joined: { fromM: number; alongM: number; atS: number } | null;
}

export class StartGate {
  private recent: Approach[] = [];
  /** Whether the recording began about the line: then whoever sets off from it is not asked how far aside a poor receiver sees them. */
  private beganHere: boolean | null = null;
  private lookedAtS: number | null = null;
  private joined: { fromM: number; alongM: number; atS: number } | null = null;

  constructor(private readonly course: Course) {}

  /** Where somebody runs along the route without having crossed its start line, once that is beyond doubt. */
  get missedAtM(): number | null {
    const { joined } = this;
    return joined !== null && joined.alongM - joined.fromM >= MISSED_AFTER_M ? joined.alongM : null;
  }

  get lastFix(): MapFix | null {
    return this.recent.at(-1)?.fix ?? null;
  }

  /** @returns the start, when this fix makes it certain */
  observe(fix: MapFix, motion: Motion | null): StartFound | null {
    const here = this.approach(fix);
    this.beganHere ??= Math.abs(here.alongM) <= ZONE_M && Math.abs(here.asideM) <= ZONE_M;
    const last = this.recent.at(-1);
    if (last === undefined || fix.tS - last.fix.tS >= KEPT_EVERY_S) {
      this.recent.push(here);
      if (this.recent.length > MOST_KEPT) this.recent.shift();
    }
    const found = motion === null ? null : this.judge(here, motion);
    if (found === null) this.lookForJoining(fix, motion);
    return found;
  }

  snapshot(): StartGateSnapshot {
    const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
    return {
      recent: this.recent.map(({ fix, alongM, asideM }) => ({
        fix,
        alongM: orNull(alongM),
        asideM: orNull(asideM),
      })),
      beganHere: this.beganHere,
      lookedAtS: this.lookedAtS,
      joined: this.joined === null ? null : { ...this.joined },
    };
  }

  restore({ recent, beganHere, lookedAtS, joined }: StartGateSnapshot): void {
    this.recent = recent.map(({ fix, alongM, asideM }) => ({
      fix,
      alongM: alongM ?? Number.NaN,
      asideM: asideM ?? Number.NaN,
    }));
    this.beganHere = beganHere;
    this.lookedAtS = lookedAtS;
    this.joined = joined === null ? null : { ...joined };
  }

  private judge(here: Approach, motion: Motion): StartFound | null {
    const { course } = this;
    if (!(here.alongM >= CONFIRMED_M && here.alongM <= WATCHED_M)) return null;
    if (Math.abs(here.asideM) > BESIDE_M) return null;
    if (cosineTo(motion, course.headingAt(here.alongM / 2)) < DIRECTED_COSINE) return null;
    const isSeen = this.crossing();
    if (isSeen === null) return null;
    const isTold = motion.lastsS >= TELLING_S;
    const speedMps = isTold ? motion.speedMps : course.meanMps;
    const from = this.setOff(here, Math.min(speedMps, motion.speedMps));
    const since = this.recent.slice(from).map(({ fix }) => fix);
    if (since.at(-1) !== here.fix) since.push(here.fix);
    const fromM = (this.recent[from] ?? here).alongM;
    return { since, fromM, beganHere: this.beganHere === true, isSeen, speedMps };
  }

  /** From which kept fix on they have been under way. */
  private setOff({ fix, alongM }: Approach, speedMps: number): number {
    const { recent } = this;
    let from = recent.length - 1;
    for (let index = from - 1; index >= 0; index -= 1) {
      const before = recent[index]!;
      if (!(before.alongM > -APPROACH_M)) break;
      const lastsS = fix.tS - before.fix.tS;
      if (lastsS >= TELLING_S && alongM - before.alongM < STOOD_RATIO * speedMps * lastsS) break;
      from = index;
    }
    return from;
  }

  /** Whether the line was seen to be crossed; false where they began behind it, null where they came from elsewhere. */
  private crossing(): boolean | null {
    const { recent } = this;
    for (let index = recent.length - 1; index >= 0; index -= 1) {
      const at = recent[index]!;
      const before = recent[index - 1];
      if (!(at.alongM > 0)) return null;
      // The recording begins behind the line.
      if (before === undefined) return at.alongM <= ZONE_M ? false : null;
      if (Number.isNaN(before.alongM)) return null;
      if (before.alongM > 0) continue;
      const share = before.alongM / (before.alongM - at.alongM);
      const asideM = before.asideM + share * (at.asideM - before.asideM);
      return Math.abs(asideM) <= halfWidthM(at.fix) || this.beganHere === true ? true : null;
    }
    return null;
  }

  /** Where a fix is on the route's first metres and on its straight prolongation before the line. */
  private approach(fix: MapFix): Approach {
    const { course } = this;
    const { route } = course;
    const heading = course.headingAt(0);
    const [fromX, fromY] = [fix.xM - route.xM[0]!, fix.yM - route.yM[0]!];
    const ahead = fromX * heading.east + fromY * heading.north;
    const aside = fromY * heading.east - fromX * heading.north;
    let nearest: Approach = { fix, alongM: Number.NaN, asideM: Number.NaN };
    let nearestM = BESIDE_M + ZONE_M;
    if (ahead <= 0 && ahead > -2 * WATCHED_M && Math.abs(aside) < nearestM) {
      nearest = { fix, alongM: ahead, asideM: aside };
      nearestM = Math.abs(aside);
    }
    const stretches = Math.min(route.xM.length - 1, Math.ceil(WATCHED_M / route.stepM));
    for (let at = 0; at < stretches; at += 1) {
      const [x, y] = [route.xM[at]!, route.yM[at]!];
      const [chordX, chordY] = [route.xM[at + 1]! - x, route.yM[at + 1]! - y];
      const square = chordX * chordX + chordY * chordY;
      const raw = square === 0 ? 0 : ((fix.xM - x) * chordX + (fix.yM - y) * chordY) / square;
      if (at === 0 && raw <= 0) continue;
      const share = Math.min(1, Math.max(0, raw));
      const [offX, offY] = [fix.xM - x - share * chordX, fix.yM - y - share * chordY];
      const awayM = Math.hypot(offX, offY);
      if (awayM >= nearestM) continue;
      nearestM = awayM;
      const side = chordX * offY - chordY * offX;
      nearest = { fix, alongM: (at + share) * route.stepM, asideM: side < 0 ? -awayM : awayM };
    }
    return nearest;
  }

  private lookForJoining(fix: MapFix, motion: Motion | null): void {
    const { course } = this;
    if (this.lookedAtS !== null && fix.tS - this.lookedAtS < LOOK_EVERY_S) return;
    this.lookedAtS = fix.tS;
    if (motion === null) return;
    const along = placesNear(course, fix.xM, fix.yM, ZONE_M, course.lengthM, MISSED_NEAR_M)
      .map(({ alongM }) => alongM)
      .filter((alongM) => cosineTo(motion, course.headingAt(alongM)) > DIRECTED_COSINE);
    const before = this.joined;
    const further =
      before === null
        ? undefined
        : along.find((alongM) => isOnFrom(before.alongM, alongM, fix.tS - before.atS));
    if (before !== null && further !== undefined)
      this.joined = { fromM: before.fromM, alongM: further, atS: fix.tS };
    else if (along.length > 0) this.joined = { fromM: along[0]!, alongM: along[0]!, atS: fix.tS };
    else if (before !== null && fix.tS - before.atS > FORGOTTEN_S) this.joined = null;
  }
}

function isOnFrom(beforeM: number, alongM: number, afterS: number): boolean {
  return alongM > beforeM - 15 && alongM < beforeM + 15 + 8 * afterS;
}

function halfWidthM({ accuracyM }: MapFix): number {
  const told = accuracyM === null || !(accuracyM > 0) ? 4 : Math.min(accuracyM * SD_PER_ACCURACY, 12);
  return HALF_WIDTH_M + 2 * told;
}
