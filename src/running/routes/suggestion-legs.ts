import { distanceM } from '../geo/geodesy.js';
import type { RouteForm } from './route-form.js';
import { AT_START_M, beginAt, type Loop, loopShape, type LoopStart, nearestPlace } from './route-loops.js';
import { isClosed, reverseShape, SHAPE_STEP_M, type WayShape } from './route-shape.js';
import { climbsUntil, type WayFigures } from './way-figures.js';

// What can be run from a place: whole routes that begin there, routes from elsewhere run towards where they came from, and loops that pass
// it, begun there. Shapes are made when they are asked for: of a hundred loops a few are suggested.

export interface LibraryRoute {
  readonly routeId: string;
  readonly shape: WayShape;
  readonly figures: WayFigures;
  readonly form: RouteForm;
  readonly loops: readonly Loop[];
  /** Elapsed times of whoever asks on it, whole and forwards, in seconds. */
  readonly ownTimesS: readonly number[];
}

/** One way out of a start, in one direction. */
export interface LegWay {
  readonly routeId: string;
  /** Null = the whole route. */
  readonly loopIndex: number | null;
  readonly isBackward: boolean;
  /** The same for both directions. */
  readonly key: string;
  readonly figures: WayFigures;
  /** Level metres in its direction. */
  readonly levelM: number;
  readonly ownTimesS: readonly number[];
  /** It ends where it began, so that others can follow. */
  readonly isChainable: boolean;
  /** The other direction, where it can be run. */
  readonly turnedRound: readonly LegWay[];
  readonly shape: () => WayShape;
  /** Metres climbed until each of its places; null where it has no altitudes. */
  readonly climbs: () => Float64Array | null;
}

/** Most used first. */
export function legsFrom(library: readonly LibraryRoute[], start: LoopStart): LegWay[] {
  return [...library]
    .sort((a, b) => b.ownTimesS.length - a.ownTimesS.length)
    .flatMap((route) => [...wholeLegs(route, start), ...loopLegs(route, start)]);
}

function wholeLegs(route: LibraryRoute, start: LoopStart): LegWay[] {
  const { shape } = route;
  const [atStart, atEnd] = [isAt(shape, 0, start), isAt(shape, shape.latDeg.length - 1, start)];
  const closed = isClosed(shape);
  if (!atStart && !atEnd) return [];
  // A way there and back is the same in both directions, one of its own loop is offered as that.
  if (route.loops.length > 0 && closed && isOneLoop(route)) return [];
  const forward = leg(route, null, false, route.figures, () => shape, closed);
  const backward = leg(route, null, true, route.figures, () => reverseShape(shape), closed);
  if (!closed) return [...(atStart ? [forward] : []), ...(atEnd ? [backward] : [])];
  return route.form.kind === 'out_and_back' ? [forward] : [both(forward, backward)];
}

function loopLegs(route: LibraryRoute, start: LoopStart): LegWay[] {
  return route.loops.flatMap((loop, index) => {
    const way = loopShape(route.shape, loop.spans);
    if (way === null || nearestPlace(way, start, AT_START_M) === null) return [];
    const begun = (): WayShape => beginAt(way, start, AT_START_M)!;
    const isWhole = isOneLoop(route);
    const timesS = isWhole ? route.ownTimesS : [];
    const forward = leg({ ...route, ownTimesS: timesS }, index, false, loop, begun, true);
    const backward = leg({ ...route, ownTimesS: [] }, index, true, loop, () => reverseShape(begun()), true);
    return [both(forward, backward)];
  });
}

/** Whether a route's only loop is the route itself. */
function isOneLoop({ loops, figures }: LibraryRoute): boolean {
  return loops.length === 1 && loops[0]!.distanceM >= 0.95 * figures.distanceM;
}

function leg(
  { routeId, ownTimesS }: Pick<LibraryRoute, 'routeId' | 'ownTimesS'>,
  loopIndex: number | null,
  isBackward: boolean,
  figures: WayFigures,
  shape: () => WayShape,
  isChainable: boolean,
): LegWay {
  let made: WayShape | undefined;
  let climbs: Float64Array | null | undefined;
  const shapeOnce = (): WayShape => (made ??= shape());
  return {
    routeId,
    loopIndex,
    isBackward,
    key: `${routeId}/${loopIndex ?? 'whole'}`,
    figures: isBackward ? turnRound(figures) : figures,
    levelM: isBackward ? figures.backwardLevelM : figures.forwardLevelM,
    ownTimesS: isBackward ? [] : ownTimesS,
    isChainable,
    turnedRound: [],
    shape: shapeOnce,
    climbs: () => (climbs === undefined ? (climbs = climbsUntil(shapeOnce())) : climbs),
  };
}

function turnRound(figures: WayFigures): WayFigures {
  const { climbM, descentM, forwardLevelM, backwardLevelM } = figures;
  return {
    ...figures,
    climbM: descentM,
    descentM: climbM,
    forwardLevelM: backwardLevelM,
    backwardLevelM: forwardLevelM,
  };
}

function both(forward: LegWay, backward: LegWay): LegWay {
  return { ...forward, turnedRound: [backward] };
}

function isAt({ latDeg, lonDeg }: WayShape, index: number, start: LoopStart): boolean {
  return distanceM(latDeg[index]!, lonDeg[index]!, start.latDeg, start.lonDeg) <= AT_START_M;
}

/** Share of the climb of legs, run one after the other, that comes before half of their way: 0..1; a half where nothing climbs. */
export function earlyClimbShare(legs: readonly LegWay[]): number {
  let [allM, earlyM, reachedM] = [0, 0, 0];
  const halfM = legs.reduce((sum, { figures }) => sum + figures.distanceM, 0) / 2;
  for (const { figures, climbs } of legs) {
    const profile = climbs();
    const at = Math.floor((halfM - reachedM) / SHAPE_STEP_M);
    reachedM += figures.distanceM;
    if (profile === null) continue;
    allM += profile.at(-1)!;
    if (at >= 0) earlyM += profile[Math.min(at, profile.length - 1)]!;
  }
  return allM === 0 ? 0.5 : earlyM / allM;
}
