import { EARTH_RADIUS_M, planeAround } from '../geo/geodesy.js';
import type { WayShape } from './route-shape.js';

// The ground in squares of about a hundred metres, numbered, so that a database finds the few routes that may share way with another one
// by equality alone. Rows go by latitude; each row has as many columns as fit around the Earth there, so that a square is as wide in
// Norway as at the equator.

const CELL_M = 100;
const ROW_DEG = 180 / Math.round((Math.PI * EARTH_RADIUS_M) / CELL_M);
const ROWS = Math.round(180 / ROW_DEG);
/** Above the columns of any row. */
const COLUMNS = 500_000;

/** The number of the square that a place lies in: an integer up to 10^11. */
export function cellAt(latDeg: number, lonDeg: number): number {
  const row = Math.min(ROWS - 1, Math.max(0, Math.floor((latDeg + 90) / ROW_DEG)));
  const middleRad = ((row + 0.5) * ROW_DEG - 90) * (Math.PI / 180);
  const columns = Math.max(1, Math.round((2 * Math.PI * EARTH_RADIUS_M * Math.cos(middleRad)) / CELL_M));
  const turn = (((lonDeg + 180) % 360) + 360) % 360;
  return row * COLUMNS + Math.min(columns - 1, Math.floor((turn / 360) * columns));
}

/** The squares that a way touches, ascending. */
export function cellsOf({ latDeg, lonDeg }: WayShape): number[] {
  return ascending(new Set(latDeg.map((lat, index) => cellAt(lat, lonDeg[index]!))));
}

const RING = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [0.7, 0.7],
  [0.7, -0.7],
  [-0.7, 0.7],
  [-0.7, -0.7],
] as const;

/** The squares within `reachM` of a way: whatever runs along it so near touches only these. */
export function cellsAround({ latDeg, lonDeg }: WayShape, reachM: number): number[] {
  const cells = new Set<number>();
  latDeg.forEach((lat, index) => {
    const plane = planeAround(lat, lonDeg[index]!);
    for (const [east, north] of RING) cells.add(cellAt(plane.lat(north * reachM), plane.lon(east * reachM)));
  });
  return ascending(cells);
}

function ascending(cells: ReadonlySet<number>): number[] {
  return [...cells].sort((a, b) => a - b);
}
