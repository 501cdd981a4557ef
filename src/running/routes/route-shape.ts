import { distanceM, type LocalPlane, planeAround } from '../geo/geodesy.js';

// Where a route goes: places ten metres of way apart, whatever receiver, sampling rate or map they came from, so that two of them can be
// compared place by place. A shape is plain JSON, so that caches may hold it; what is worked out of one is remembered with it.

/** Way between neighbouring places of a shape, in metres; only the last piece is shorter. */
export const SHAPE_STEP_M = 10;
/** A route shorter than this is none: receivers wander as far while somebody waits at a light. */
export const LEAST_ROUTE_M = 300;
/** A circle round a city of 300 km; what is longer is no run. */
export const MOST_ROUTE_M = 300_000;
/** Where a route ends this near to its start it is closed: receivers stand apart that far at one door. */
export const CLOSED_WITHIN_M = 50;

export interface WayShape {
  /** Places in order of the way, at least two; the first stands at 0 m, each further one {@link SHAPE_STEP_M} on. */
  readonly latDeg: readonly number[];
  readonly lonDeg: readonly number[];
  /** Metres above sea level at the places, smoothed; null where nobody told. */
  readonly altitudeM: readonly number[] | null;
  /** Length of the way in metres. */
  readonly distanceM: number;
}

/** A place of a way. */
export interface Place {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** NaN = not told. */
  readonly altitudeM: number;
}

/** Where place number `index` stands, in metres of way. */
export function positionOf(shape: WayShape, index: number): number {
  return index >= shape.latDeg.length - 1 ? shape.distanceM : index * SHAPE_STEP_M;
}

/**
 * Walks along a way with a stride of {@link SHAPE_STEP_M} as the crow flies: what trembles less than that adds nothing to its length.
 * @param onStride told for each place of the shape which piece of the way it lies on and how far along (0..1)
 * @returns null for a way shorter than two places
 */
export function shapeOf(
  places: readonly Place[],
  onStride: (piece: number, ratio: number) => void = () => undefined,
): WayShape | null {
  const first = places[0];
  if (first === undefined) return null;
  const walk = new Walk(first);
  onStride(0, 0);
  for (let piece = 0; piece + 1 < places.length; piece += 1)
    walk.along(places[piece]!, places[piece + 1]!, (ratio) => onStride(piece, ratio));
  if (walk.end(places.at(-1)!)) onStride(Math.max(0, places.length - 2), 1);
  return walk.latDeg.length < 2 || walk.distanceM > MOST_ROUTE_M
    ? null
    : {
        latDeg: walk.latDeg,
        lonDeg: walk.lonDeg,
        altitudeM: smoothAltitudes(walk.altitudeM),
        distanceM: walk.distanceM,
      };
}

/** A last piece below this is no place of its own. */
const LEAST_END_M = 0.5;

class Walk {
  readonly latDeg: number[] = [];
  readonly lonDeg: number[] = [];
  readonly altitudeM: number[] = [];
  distanceM = 0;
  private plane: LocalPlane;
  /** Of the last place, on the plane. */
  private x = 0;
  private y = 0;

  constructor(first: Place) {
    this.plane = planeAround(first.latDeg, first.lonDeg);
    this.push(0, 0, first.altitudeM);
  }

  along(from: Place, to: Place, onStride: (ratio: number) => void): void {
    this.recentre();
    const [fromX, fromY] = [this.plane.x(from.lonDeg), this.plane.y(from.latDeg)];
    const [dX, dY] = [this.plane.x(to.lonDeg) - fromX, this.plane.y(to.latDeg) - fromY];
    for (let ratio = 0; ;) {
      ratio = this.leaves(fromX, fromY, dX, dY, ratio);
      if (Number.isNaN(ratio)) return;
      this.push(fromX + ratio * dX, fromY + ratio * dY, mix(from.altitudeM, to.altitudeM, ratio));
      this.distanceM += SHAPE_STEP_M;
      onStride(ratio);
    }
  }

  /** @returns whether the way's end is a place of its own */
  end(last: Place): boolean {
    const rest = Math.hypot(this.plane.x(last.lonDeg) - this.x, this.plane.y(last.latDeg) - this.y);
    if (rest < LEAST_END_M) return false;
    this.push(this.plane.x(last.lonDeg), this.plane.y(last.latDeg), last.altitudeM);
    this.distanceM += rest;
    return true;
  }

  /** Where after `ratio` the line is a stride away from the last place; NaN = it stays nearer. */
  private leaves(fromX: number, fromY: number, dX: number, dY: number, ratio: number): number {
    const [relX, relY] = [fromX - this.x, fromY - this.y];
    const a = dX * dX + dY * dY;
    const b = relX * dX + relY * dY;
    const c = relX * relX + relY * relY - SHAPE_STEP_M * SHAPE_STEP_M;
    const root = b * b - a * c;
    if (a === 0 || root < 0) return Number.NaN;
    const out = (-b + Math.sqrt(root)) / a;
    return out > ratio && out <= 1 ? out : Number.NaN;
  }

  private push(x: number, y: number, altitudeM: number): void {
    this.latDeg.push(this.plane.lat(y));
    this.lonDeg.push(this.plane.lon(x));
    this.altitudeM.push(altitudeM);
    [this.x, this.y] = [x, y];
  }

  /** A flat map serves for some kilometres around its middle. */
  private recentre(): void {
    if (Math.hypot(this.x, this.y) <= MOST_PLANE_M) return;
    this.plane = planeAround(this.latDeg.at(-1)!, this.lonDeg.at(-1)!);
    [this.x, this.y] = [0, 0];
  }
}

const MOST_PLANE_M = 5_000;

function mix(from: number, to: number, ratio: number): number {
  if (Number.isNaN(from)) return to;
  return Number.isNaN(to) ? from : from + ratio * (to - from);
}

/** Places over which altitudes are averaged, on each side: grades are meant over about 50 m of way. */
const SMOOTH_PLACES = 2;

function smoothAltitudes(told: readonly number[]): number[] | null {
  const filled = fillGaps(told);
  if (filled === null) return null;
  return filled.map((_, index) => {
    const reach = Math.min(SMOOTH_PLACES, index, filled.length - 1 - index);
    let sum = 0;
    for (let at = index - reach; at <= index + reach; at += 1) sum += filled[at]!;
    return sum / (2 * reach + 1);
  });
}

/** What nobody told lies on the line between its neighbours. */
function fillGaps(told: readonly number[]): number[] | null {
  const known = told.flatMap((altitude, index) => (Number.isNaN(altitude) ? [] : [index]));
  if (known.length === 0) return null;
  const filled = [...told];
  filled.fill(told[known[0]!]!, 0, known[0]);
  filled.fill(told[known.at(-1)!]!, known.at(-1));
  for (let at = 1; at < known.length; at += 1) {
    const [left, right] = [known[at - 1]!, known[at]!];
    for (let index = left + 1; index < right; index += 1)
      filled[index] = mix(told[left]!, told[right]!, (index - left) / (right - left));
  }
  return filled;
}

/** The same way from its end to its start. */
export function reverseShape(shape: WayShape): WayShape {
  const places = placesOf(shape).reverse();
  return shapeOf(places)!;
}

export function placesOf({ latDeg, lonDeg, altitudeM }: WayShape): Place[] {
  return latDeg.map((lat, index) => ({
    latDeg: lat,
    lonDeg: lonDeg[index]!,
    altitudeM: altitudeM?.[index] ?? Number.NaN,
  }));
}

/** The place at so many metres of way. */
export function placeAt(shape: WayShape, atM: number): Place {
  const at = Math.min(Math.max(atM, 0), shape.distanceM);
  const index = Math.min(Math.floor(at / SHAPE_STEP_M), shape.latDeg.length - 2);
  const from = positionOf(shape, index);
  const ratio = Math.min(1, (at - from) / (positionOf(shape, index + 1) - from));
  const plane = planeAround(shape.latDeg[index]!, shape.lonDeg[index]!);
  return {
    latDeg: plane.lat(ratio * plane.y(shape.latDeg[index + 1]!)),
    lonDeg: plane.lon(ratio * plane.x(shape.lonDeg[index + 1]!)),
    altitudeM:
      shape.altitudeM === null
        ? Number.NaN
        : mix(shape.altitudeM[index]!, shape.altitudeM[index + 1]!, ratio),
  };
}

/** The places of a way from one position to a later one, both included. */
export function placesBetween(shape: WayShape, fromM: number, toM: number): Place[] {
  const [first, last] = [Math.floor(fromM / SHAPE_STEP_M) + 1, Math.ceil(toM / SHAPE_STEP_M)];
  const between = placesOf(shape).slice(first, Math.min(last, shape.latDeg.length - 1));
  return [placeAt(shape, fromM), ...between, placeAt(shape, toM)];
}

/** Metres between its end and its start as the crow flies. */
export function endGapM({ latDeg, lonDeg }: WayShape): number {
  return distanceM(latDeg[0]!, lonDeg[0]!, latDeg.at(-1)!, lonDeg.at(-1)!);
}

export function isClosed(shape: WayShape): boolean {
  return shape.distanceM >= LEAST_ROUTE_M && endGapM(shape) <= CLOSED_WITHIN_M;
}

/** A box around the places; `eastDeg` is below `westDeg` where it lies across the date line. */
export interface Bounds {
  readonly southDeg: number;
  readonly westDeg: number;
  readonly northDeg: number;
  readonly eastDeg: number;
}

export function boundsOf({ latDeg, lonDeg }: WayShape): Bounds {
  const plane = planeAround(latDeg[0]!, lonDeg[0]!);
  let [west, east, south, north] = [0, 0, latDeg[0]!, latDeg[0]!];
  latDeg.forEach((lat, index) => {
    const x = plane.x(lonDeg[index]!);
    [west, east] = [Math.min(west, x), Math.max(east, x)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  });
  return { southDeg: south, westDeg: plane.lon(west), northDeg: north, eastDeg: plane.lon(east) };
}
