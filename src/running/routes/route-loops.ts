import { isClosed, placesBetween, placesOf, shapeOf, type Place, type WayShape } from './route-shape.js';
import { compareShapes } from './route-similarity.js';
import { indexOf, NEAR_M } from './shape-index.js';
import { figuresOf, type WayFigures } from './way-figures.js';

// Loops that a route is made of, each of which can be run for itself, from any of its places, in both directions. The route is walked, and
// whenever it comes back to where it has been, what lies between is a loop and is taken out (loop erasure): a figure of eight gives two, a
// loop at the end of a road one, laps one. A way there and back comes back all the time and encloses nothing; it gives none.

/** From one position of a route to a later one, in metres of its way. */
export type Span = readonly [fromM: number, toM: number];

export interface Loop extends WayFigures {
  /** What of the route makes the loop, in order; several spans where the route leaves it in between. */
  readonly spans: readonly Span[];
}

/** Round a block. */
export const LEAST_LOOP_M = 400;
/** Of a loop no more than this is run in both directions, or it is a way there and back. */
const MOST_RETRACED = 0.4;
const MOST_LOOPS = 12;
/** Places of the way there that a way back passes one after the other lie no further apart. */
const BESIDE_M = 80;

/** In the order in which they are closed. The whole of a closed route is one where it comes back nowhere else. */
export function loopsOf(shape: WayShape): Loop[] {
  const found: { loop: Loop; part: WayShape }[] = [];
  for (const spans of returnsOf(shape)) {
    const part = loopShape(shape, spans);
    if (part === null || isRetraced(part)) continue;
    if (found.some((other) => isOneLoop(other.part, part))) continue;
    found.push({ loop: { ...figuresOf(part), spans }, part });
    if (found.length === MOST_LOOPS) break;
  }
  return found.map(({ loop }) => loop);
}

/** The way of a loop by its route. */
export function loopShape(route: WayShape, spans: readonly Span[]): WayShape | null {
  return shapeOf(spans.flatMap(([fromM, toM]) => placesBetween(route, fromM, toM)));
}

/** What lies between a place and coming back to it, without what was taken out before. */
function returnsOf(shape: WayShape): Span[][] {
  const index = indexOf(shape);
  const { way } = index;
  const returns: Span[][] = [];
  const erased: Span[] = [];
  let reachedM = 0;
  for (let at = 0; at < way.length; at += 1) {
    const atM = way.atM[at]!;
    const isEnd = at === way.length - 1;
    if (atM < reachedM + NEAR_M && !isEnd) continue;
    const back = index
      .beside(way, at)
      .filter((place) => place.atM < atM && !isErased(erased, place.atM))
      .at(-1);
    if (back === undefined) continue;
    const spans = withoutErased(erased, back.atM, atM);
    if (lengthOf(spans) < LEAST_LOOP_M) {
      goOnBack(erased, back.atM, atM);
      continue;
    }
    returns.push(spans);
    erased.push([back.atM, atM]);
    reachedM = atM;
  }
  return returns;
}

/** A way back that runs beside the way there goes on: what was taken out grows on both sides. */
function goOnBack(erased: Span[], backM: number, atM: number): void {
  const last = erased.at(-1);
  if (last === undefined || backM > last[0] || atM < last[1]) return;
  if (last[0] - backM <= BESIDE_M && atM - last[1] <= BESIDE_M) erased[erased.length - 1] = [backM, atM];
}

/** Its ends are still there: whoever comes back to one of them closes another loop. */
function isErased(erased: readonly Span[], atM: number): boolean {
  return erased.some(([fromM, toM]) => atM > fromM + NEAR_M && atM < toM - NEAR_M);
}

function withoutErased(erased: readonly Span[], fromM: number, toM: number): Span[] {
  const spans: Span[] = [];
  let nextM = fromM;
  for (const [outM, backM] of [...erased].sort((a, b) => a[0] - b[0])) {
    if (backM <= nextM || outM >= toM) continue;
    if (outM > nextM) spans.push([nextM, outM]);
    nextM = Math.max(nextM, backM);
  }
  if (toM > nextM) spans.push([nextM, toM]);
  return spans;
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sumM, [fromM, toM]) => sumM + toM - fromM, 0);
}

function isRetraced(part: WayShape): boolean {
  const index = indexOf(part);
  const { way } = index;
  let retraced = 0;
  for (let at = 0; at < way.length; at += 1)
    if (index.beside(way, at).some(({ heading }) => heading === -1)) retraced += 1;
  return retraced > MOST_RETRACED * way.length;
}

function isOneLoop(one: WayShape, other: WayShape): boolean {
  const { relation } = compareShapes(one, other);
  return relation === 'same' || relation === 'reversed';
}

/** A loop passes a start, or a route begins at it, within this. */
export const AT_START_M = 60;

/** How a loop is run: from the place of it that is nearest to some other place, forwards or backwards. */
export interface LoopStart {
  readonly latDeg: number;
  readonly lonDeg: number;
}

/**
 * A closed way begun at the place of it that is nearest to another one.
 * @returns null where it passes no nearer than `withinM`
 */
export function beginAt(closed: WayShape, start: LoopStart, withinM: number): WayShape | null {
  const at = nearestPlace(closed, start, withinM);
  if (at === null) return null;
  const places = placesOf(closed);
  // The end stands for the start: whoever comes by does not go through both.
  const open = isClosed(closed) ? places.slice(0, -1) : places;
  const turned: Place[] = [...open.slice(at), ...open.slice(0, at)];
  return shapeOf([...turned, turned[0]!]);
}

/** Index of the place of a way that is nearest to another one, null where none is within so many metres. */
export function nearestPlace(shape: WayShape, { latDeg, lonDeg }: LoopStart, withinM: number): number | null {
  const { plane } = indexOf(shape);
  const [x, y] = [plane.x(lonDeg), plane.y(latDeg)];
  let [best, bestM] = [null as number | null, withinM];
  shape.latDeg.forEach((lat, index) => {
    const offM = Math.hypot(plane.x(shape.lonDeg[index]!) - x, plane.y(lat) - y);
    if (offM <= bestM) [best, bestM] = [index, offM];
  });
  return best;
}
