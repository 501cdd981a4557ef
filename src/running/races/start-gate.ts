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
/** They stood when that leaves so much less unexplained than having run all the time. */
const STOOD_RATIO = 0.5;
/** From so far before the line on, fixes tell when it was crossed. */
const APPROACH_M = 25;
const SET_OFF_WITHIN_S = 25;
const FEWEST_STANDING = 3;
/** How often the rest of the route is looked at, for those who joined behind the start. */
const LOOK_EVERY_S = 4;
const FASTEST_MPS = 8;
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
  readonly newest: MapFix | null;
  readonly first: { tS: number; isHere: boolean } | null;
  readonly lookedAtS: number | null;
  readonly joined: { fromM: number; alongM: number; atS: number } | null;
}

export class StartGate {
  private recent: Approach[] = [];
  private newest: MapFix | null = null;
  /** Whether the recording began about the line: then whoever sets off from it is not asked how far aside a poor receiver sees them. */
  private first: { tS: number; isHere: boolean } | null = null;
  private lookedAtS: number | null = null;
  private joined: { fromM: number; alongM: number; atS: number } | null = null;

  constructor(private readonly course: Course) {}

  /** Where somebody runs along the route without having crossed its start line, once that is beyond doubt. */
  get missedAtM(): number | null {
    const { joined } = this;
    return joined !== null && joined.alongM - joined.fromM >= MISSED_AFTER_M ? joined.alongM : null;
  }

  /** The newest fix of somebody who missed the start, and where on the route it lies. */
  get missedAt(): { fix: MapFix; alongM: number } | null {
    const fix = this.newest;
    const seenM = this.missedAtM;
    if (fix === null || seenM === null) return null;
    const toM = seenM + LOOK_EVERY_S * FASTEST_MPS + BESIDE_M;
    const [here] = placesNear(this.course, fix.xM, fix.yM, seenM - BESIDE_M, toM, BESIDE_M);
    return here === undefined ? null : { fix, alongM: here.alongM };
  }

  /** @returns the start, when this fix makes it certain */
  observe(fix: MapFix, motion: Motion | null): StartFound | null {
    this.newest = fix;
    this.first ??= { tS: fix.tS, isHere: this.awayFromLineM(fix) <= ZONE_M };
    const here = this.approach(fix);
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
      newest: this.newest,
      first: this.first,
      lookedAtS: this.lookedAtS,
      joined: this.joined === null ? null : { ...this.joined },
    };
  }

  restore({ recent, newest, first, lookedAtS, joined }: StartGateSnapshot): void {
    this.recent = recent.map(({ fix, alongM, asideM }) => ({
      fix,
      alongM: alongM ?? Number.NaN,
      asideM: asideM ?? Number.NaN,
    }));
    this.newest = newest;
    this.first = first;
    this.lookedAtS = lookedAtS;
    this.joined = joined === null ? null : { ...joined };
  }

  private get beganHere(): boolean {
    return this.first?.isHere ?? false;
  }

  private awayFromLineM({ xM, yM }: MapFix): number {
    const { route } = this.course;
    return Math.hypot(xM - route.xM[0]!, yM - route.yM[0]!);
  }

  private judge(here: Approach, motion: Motion): StartFound | null {
    const { course } = this;
    if (!(here.alongM >= CONFIRMED_M && here.alongM <= WATCHED_M)) return null;
    if (Math.abs(here.asideM) > BESIDE_M) return null;
    // Over the same metres as the motion: the first bend of a route may come at once.
    const pace = motion.speedMps / course.speedAtTime(course.timeAtAlong(here.alongM / 2));
    if (course.agreement(motion, course.timeAtAlong(here.alongM), pace) < DIRECTED_COSINE) return null;
    const isSeen = this.crossing();
    if (isSeen === null) return null;
    const from = this.setOff(here);
    const since = this.recent.slice(from).map(({ fix }) => fix);
    if (since.at(-1) !== here.fix) since.push(here.fix);
    const first = this.recent[from] ?? here;
    return { since, fromM: first.alongM, beganHere: this.beganHere, isSeen };
  }

  /**
   * From which kept fix on they have been under way: where standing, then running evenly explains the last fixes best. Only a clearly better
   * explanation than running all the time counts, since a receiver's errors look like a little of both.
   */
  private setOff(here: Approach): number {
    const { recent } = this;
    let first = recent.length - 1;
    while (
      first > 0 &&
      recent[first - 1]!.alongM > -APPROACH_M &&
      here.fix.tS - recent[first - 1]!.fix.tS <= SET_OFF_WITHIN_S
    ) {
      first -= 1;
    }
    const fixes = [...recent.slice(first), ...(recent.at(-1) === here ? [] : [here])];
    const whole = standThenRun(fixes, 0);
    let [best, bestCost] = [0, STOOD_RATIO * whole];
    for (let at = FEWEST_STANDING; at + 2 < fixes.length; at += 1) {
      const cost = standThenRun(fixes, at);
      if (cost < bestCost) [best, bestCost] = [at, cost];
    }
    return Math.min(first + best, recent.length - 1);
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
      return Math.abs(asideM) <= halfWidthM(at.fix) || this.beganHere ? true : null;
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
    // Whoever began here has not come further than they can have run: a route may come by its own beginning soon.
    const withinM = this.beganHere ? APPROACH_M + FASTEST_MPS * (fix.tS - this.first!.tS) : WATCHED_M;
    const stretches = Math.min(route.xM.length - 1, Math.ceil(Math.min(WATCHED_M, withinM) / route.stepM));
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

/** Sum of squares that are left when somebody stood until a fix and ran evenly since. */
function standThenRun(fixes: readonly Approach[], at: number): number {
  const stood = fixes.slice(0, at + 1);
  const fromM = stood.reduce((sum, { alongM }) => sum + alongM, 0) / stood.length;
  const fromS = fixes[at]!.fix.tS;
  const ran = fixes.slice(at + 1);
  let [both, squares] = [0, 0];
  for (const { fix, alongM } of ran) {
    both += (fix.tS - fromS) * (alongM - fromM);
    squares += (fix.tS - fromS) ** 2;
  }
  const speedMps = squares > 0 ? Math.max(0, both / squares) : 0;
  const left = (expectedM: number, { alongM }: Approach): number => (alongM - expectedM) ** 2;
  return (
    stood.reduce((sum, approach) => sum + left(fromM, approach), 0) +
    ran.reduce((sum, approach) => sum + left(fromM + speedMps * (approach.fix.tS - fromS), approach), 0)
  );
}

function isOnFrom(beforeM: number, alongM: number, afterS: number): boolean {
  return alongM > beforeM - 15 && alongM < beforeM + 15 + FASTEST_MPS * afterS;
}

function halfWidthM({ accuracyM }: MapFix): number {
  const told = accuracyM === null || !(accuracyM > 0) ? 4 : Math.min(accuracyM * SD_PER_ACCURACY, 12);
  return HALF_WIDTH_M + 2 * told;
}
