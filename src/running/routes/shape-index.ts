import { type LocalPlane, planeAround } from '../geo/geodesy.js';
import { positionOf, type WayShape } from './route-shape.js';

// A shape made ready for the question "where on it is this place, and which way does it go there?". Every second place of the shape is
// taken, so pieces are 20 m long. A grid of 50 m holds in each square the pieces within reach of it, in order of the way, so an answer
// looks at one square and a handful of pieces. It is worked out once per shape, and a library of hundreds is asked in milliseconds.

/** Two routes share their way where they run no further apart. */
export const NEAR_M = 25;
/** Places of a shape that one piece spans. */
const STRIDES = 2;
const SQUARE_M = 50;
/** Directions that differ by less than about 70 degrees are the same, by more than 110 opposite: at corners receivers cut differently. */
const LEAST_COSINE = 0.35;

/** Places of a way on a flat map, in columns: metres of way, metres east and north, unit vector of the direction there (0, 0 = none). */
export interface MappedWay {
  readonly length: number;
  readonly atM: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly headX: Float64Array;
  readonly headY: Float64Array;
}

/** A place of one way beside another. */
export interface Beside {
  /** Which piece of the other one. */
  readonly piece: number;
  /** Metres along it. */
  readonly atM: number;
  /** Metres off it. */
  readonly offM: number;
  /** 1 = both go the same way there, -1 = opposite ways, 0 = across. */
  readonly heading: -1 | 0 | 1;
}

const NOWHERE: readonly number[] = [];

export class ShapeIndex {
  readonly way: MappedWay;
  readonly plane: LocalPlane;
  private readonly squares = new Map<number, number[]>();

  constructor(readonly shape: WayShape) {
    this.plane = planeAround(shape.latDeg[0]!, shape.lonDeg[0]!);
    this.way = mapWay(shape, this.plane);
    for (let piece = 0; piece + 1 < this.way.length; piece += 1) this.file(piece);
  }

  /** Another way on this one's map. */
  mapped(other: WayShape): MappedWay {
    return other === this.shape ? this.way : mapWay(other, this.plane);
  }

  /** Where a place of a mapped way lies beside this one: the nearest place of each time that this one comes by, in order of the way. */
  beside({ x, y, headX, headY }: MappedWay, index: number): Beside[] {
    const found: Beside[] = [];
    const pieces = this.squares.get(squareAt(x[index]!, y[index]!)) ?? NOWHERE;
    let lastPiece = -Infinity;
    for (const piece of pieces) {
      const place = this.onPiece(piece, x[index]!, y[index]!, headX[index]!, headY[index]!);
      if (place === null) continue;
      const before = found.at(-1);
      if (before === undefined || piece > lastPiece + 2 || before.heading !== place.heading)
        found.push(place);
      else if (place.offM < before.offM) found[found.length - 1] = place;
      lastPiece = piece;
    }
    return found;
  }

  private onPiece(piece: number, x: number, y: number, headX: number, headY: number): Beside | null {
    const { way } = this;
    const [fromX, fromY] = [way.x[piece]!, way.y[piece]!];
    const [dX, dY] = [way.x[piece + 1]! - fromX, way.y[piece + 1]! - fromY];
    const square = dX * dX + dY * dY;
    const along = square === 0 ? 0 : ((x - fromX) * dX + (y - fromY) * dY) / square;
    const ratio = along < 0 ? 0 : along > 1 ? 1 : along;
    const [offX, offY] = [x - fromX - ratio * dX, y - fromY - ratio * dY];
    const offSquare = offX * offX + offY * offY;
    if (offSquare > NEAR_M * NEAR_M) return null;
    const nearer = ratio < 0.5 ? piece : piece + 1;
    const cosine = headX * way.headX[nearer]! + headY * way.headY[nearer]!;
    return {
      piece,
      atM: way.atM[piece]! + ratio * (way.atM[piece + 1]! - way.atM[piece]!),
      offM: Math.sqrt(offSquare),
      heading: cosine >= LEAST_COSINE ? 1 : cosine <= -LEAST_COSINE ? -1 : 0,
    };
  }

  private file(piece: number): void {
    const { x, y } = this.way;
    const [west, east] = range(x[piece]!, x[piece + 1]!);
    const [south, north] = range(y[piece]!, y[piece + 1]!);
    for (let column = west; column <= east; column += 1)
      for (let row = south; row <= north; row += 1) {
        const key = keyOf(column, row);
        const square = this.squares.get(key);
        if (square === undefined) this.squares.set(key, [piece]);
        else square.push(piece);
      }
  }
}

/** Squares between two coordinates and within reach of them. */
function range(a: number, b: number): [number, number] {
  return [Math.floor((Math.min(a, b) - NEAR_M) / SQUARE_M), Math.floor((Math.max(a, b) + NEAR_M) / SQUARE_M)];
}

function squareAt(x: number, y: number): number {
  return keyOf(Math.floor(x / SQUARE_M), Math.floor(y / SQUARE_M));
}

/** The map is at most half the Earth wide: 400,000 squares from its middle. */
function keyOf(column: number, row: number): number {
  return column * 1_000_000 + row;
}

function mapWay(shape: WayShape, plane: LocalPlane): MappedWay {
  const indexes = takenPlaces(shape);
  const atM = Float64Array.from(indexes, (index) => positionOf(shape, index));
  const x = Float64Array.from(indexes, (index) => plane.x(shape.lonDeg[index]!));
  const y = Float64Array.from(indexes, (index) => plane.y(shape.latDeg[index]!));
  const length = indexes.length;
  const [headX, headY] = [new Float64Array(length), new Float64Array(length)];
  for (let at = 0; at < length; at += 1) {
    // Over the neighbours on both sides: forty metres of way, which no receiver turns around.
    const [before, after] = [Math.max(0, at - 1), Math.min(length - 1, at + 1)];
    const [dX, dY] = [x[after]! - x[before]!, y[after]! - y[before]!];
    const chordM = Math.sqrt(dX * dX + dY * dY) || Infinity;
    [headX[at], headY[at]] = [dX / chordM, dY / chordM];
  }
  return { length, atM, x, y, headX, headY };
}

/** The end is taken even where the last piece is short; what stands just before it gives way. */
function takenPlaces(shape: WayShape): number[] {
  const last = shape.latDeg.length - 1;
  const taken: number[] = [];
  for (let index = 0; index < last; index += STRIDES) taken.push(index);
  if (taken.length > 1 && shape.distanceM - positionOf(shape, taken.at(-1)!) < 10) taken.pop();
  taken.push(last);
  return taken;
}

const INDEXES = new WeakMap<WayShape, ShapeIndex>();

/** Remembered for as long as the shape is. */
export function indexOf(shape: WayShape): ShapeIndex {
  const known = INDEXES.get(shape);
  if (known !== undefined) return known;
  const index = new ShapeIndex(shape);
  INDEXES.set(shape, index);
  return index;
}
