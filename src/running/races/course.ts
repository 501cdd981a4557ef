import { stretchOf } from '../geo/columns.js';
import { planeAround, type LocalPlane } from '../geo/geodesy.js';
import { headingsOverChords, type Headings } from '../geo/headings.js';
import type { GhostCurve, RouteShape } from '../ghosts/ghost-curve.js';
import type { Motion } from './motion.js';
import type { Place, PlaceByTime } from './pace-filter.js';

// A ghost's line as the estimation asks for it: the place at a moment of the ghost's moving time, a second after another, going straight on
// before the start and behind the finish, so that crossing a line is an ordinary moment between two fixes.
//
// The time of the line is the ghost's own where it ran; where it crawled or flew for its own reasons it is drawn in to a quarter and
// twice its median speed, since nobody else will do the same there. Made once per curve and shared by everybody who races it.

/** The line goes on straight for so many seconds beyond both ends. */
const BEYOND_S = 60;
const SLOWEST_RATIO = 0.25;
const FASTEST_RATIO = 2;
const SHORTEST_WAY_M = 8;

const courses = new WeakMap<GhostCurve, Course>();

export class Course implements PlaceByTime {
  readonly plane: LocalPlane;
  readonly route: RouteShape;
  readonly lengthM: number;
  /** Seconds from start to finish line in the line's time. */
  readonly durationS: number;
  readonly meanMps: number;
  /** Over the first and the last metres, at which the line goes on before and behind them. */
  private readonly firstMps: number;
  private readonly lastMps: number;
  private readonly headings: Headings;
  /** The line's time at each point of the route, seconds. */
  private readonly timeS: Float64Array;
  /** Places and distances a second after another, from -BEYOND_S on. */
  private readonly xM: Float64Array;
  private readonly yM: Float64Array;
  private readonly alongM: Float64Array;
  private readonly from: Place = { xM: 0, yM: 0 };
  private readonly to: Place = { xM: 0, yM: 0 };

  /** @throws RangeError for a curve without a route */
  static of(curve: GhostCurve): Course {
    let course = courses.get(curve);
    if (course === undefined) {
      course = new Course(curve);
      courses.set(curve, course);
    }
    return course;
  }

  private constructor(curve: GhostCurve) {
    const { route } = curve;
    if (route === null) throw new RangeError('A course lies somewhere');
    this.route = route;
    this.plane = planeAround(route.latDeg, route.lonDeg);
    this.lengthM = curve.distanceM.at(-1)!;
    this.headings = headingsOverChords(route.xM, route.yM, curve.distanceM);
    this.timeS = evenTimes(curve);
    this.durationS = this.timeS.at(-1)!;
    this.meanMps = this.lengthM / this.durationS;
    const [first, last] = [this.timeS[1]!, this.durationS - this.timeS.at(-2)!];
    this.firstMps = route.stepM / first;
    this.lastMps = route.stepM / last;
    const seconds = Math.ceil(this.durationS) + 2 * BEYOND_S + 2;
    this.xM = new Float64Array(seconds);
    this.yM = new Float64Array(seconds);
    this.alongM = new Float64Array(seconds);
    for (let second = 0; second < seconds; second += 1) this.lay(second, second - BEYOND_S);
  }

  placeAtTime(ghostS: number, out: Place): void {
    const exact = this.exactSecond(ghostS);
    const at = exact | 0;
    const share = exact - at;
    out.xM = this.xM[at]! + share * (this.xM[at + 1]! - this.xM[at]!);
    out.yM = this.yM[at]! + share * (this.yM[at + 1]! - this.yM[at]!);
  }

  /** Metres from the start line, below 0 before it and above `lengthM` behind the finish. */
  alongAtTime(ghostS: number): number {
    const exact = this.exactSecond(ghostS);
    const at = exact | 0;
    return this.alongM[at]! + (exact - at) * (this.alongM[at + 1]! - this.alongM[at]!);
  }

  timeAtAlong(alongM: number): number {
    if (alongM < 0) return alongM / this.firstMps;
    if (alongM > this.lengthM) return this.durationS + (alongM - this.lengthM) / this.lastMps;
    const exact = Math.min(alongM / this.route.stepM, this.timeS.length - 1);
    const at = Math.min(exact | 0, this.timeS.length - 2);
    return this.timeS[at]! + (exact - at) * (this.timeS[at + 1]! - this.timeS[at]!);
  }

  /** Where the line leads at a distance, a unit vector over a chord of 30 m. */
  headingAt(alongM: number): { east: number; north: number } {
    const index = Math.round(Math.min(Math.max(0, alongM), this.lengthM) / this.route.stepM);
    return { east: this.headings.east[index]!, north: this.headings.north[index]! };
  }

  /** Whether the line turns back within reach, where going "against" it is the way. */
  turnsAt(alongM: number): boolean {
    const before = this.headingAt(alongM - 30);
    const behind = this.headingAt(alongM + 30);
    return before.east * behind.east + before.north * behind.north < 0;
  }

  /** Metres per second of the line's time. */
  speedAtTime(ghostS: number): number {
    return Math.max(0.1, (this.alongAtTime(ghostS + 2) - this.alongAtTime(ghostS - 2)) / 4);
  }

  /**
   * Cosine of the angle between a motion and the way that the line took over the same stretch of time up to a place; 1 where that way has no
   * direction, since it turned round within it.
   */
  agreement(motion: Motion, ghostS: number, pace: number): number {
    this.placeAtTime(ghostS, this.to);
    this.placeAtTime(ghostS - motion.lastsS * pace, this.from);
    const [east, north] = [this.to.xM - this.from.xM, this.to.yM - this.from.yM];
    const awayM = Math.hypot(east, north);
    if (awayM < SHORTEST_WAY_M) return 1;
    return (east * motion.eastMps + north * motion.northMps) / (awayM * motion.speedMps);
  }

  private exactSecond(ghostS: number): number {
    const exact = ghostS + BEYOND_S;
    const last = this.xM.length - 1.001;
    // Not a number goes to the start, too.
    return exact > 0 ? (exact < last ? exact : last) : 0;
  }

  private lay(index: number, ghostS: number): void {
    const { route, headings, timeS, lengthM } = this;
    const last = route.xM.length - 1;
    const isBefore = ghostS < 0;
    if (!isBefore && ghostS <= this.durationS) {
      const at = stretchOf(timeS, ghostS);
      const share = (ghostS - timeS[at]!) / (timeS[at + 1]! - timeS[at]!);
      this.xM[index] = route.xM[at]! + share * (route.xM[at + 1]! - route.xM[at]!);
      this.yM[index] = route.yM[at]! + share * (route.yM[at + 1]! - route.yM[at]!);
      this.alongM[index] = (at + share) * route.stepM;
      return;
    }
    const end = isBefore ? 0 : last;
    const beyondM = (isBefore ? ghostS : ghostS - this.durationS) * (isBefore ? this.firstMps : this.lastMps);
    this.xM[index] = route.xM[end]! + beyondM * headings.east[end]!;
    this.yM[index] = route.yM[end]! + beyondM * headings.north[end]!;
    this.alongM[index] = (isBefore ? 0 : lengthM) + beyondM;
  }
}

function evenTimes(curve: GhostCurve): Float64Array {
  const { distanceM, movingMs } = curve;
  const speeds = Float64Array.from(
    { length: distanceM.length - 1 },
    (_, at) => ((distanceM[at + 1]! - distanceM[at]!) / (movingMs[at + 1]! - movingMs[at]!)) * 1000,
  );
  const median = speeds.toSorted()[speeds.length >> 1]!;
  const timeS = new Float64Array(distanceM.length);
  speeds.forEach((speed, at) => {
    const even = Math.min(Math.max(speed, SLOWEST_RATIO * median), FASTEST_RATIO * median);
    timeS[at + 1] = timeS[at]! + (distanceM[at + 1]! - distanceM[at]!) / even;
  });
  return timeS;
}
