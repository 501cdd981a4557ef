import { wrapDeg } from '../geo/geodesy.js';
import { simplifyWithin } from '../geo/simplify.js';
import type { Track } from '../geo/track.js';

// A track as a line in a picture: north is up, both axes have one scale, and the whole of it fits. What is less than half a pixel is left out,
// so a line is as long as it looks and not as its receiver talked.

/** The place that a line may take, pixels. */
export interface LineBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PixelPlace = readonly [x: number, y: number];

const LEAST_STEP_PX = 0.3;
const TOLERANCE_PX = 0.4;
/** A run on the spot is drawn as one, not as the noise of its receiver. */
const LEAST_SPAN_M = 60;
const METRES_PER_DEG = 111_195;

/** From the first place to the last one, in pixels with a tenth; empty where the track has no place. */
export function routeLine({ latDeg, lonDeg }: Pick<Track, 'latDeg' | 'lonDeg'>, box: LineBox): PixelPlace[] {
  const known: number[] = [];
  for (let index = 0; index < latDeg.length; index += 1)
    if (Number.isFinite(latDeg[index]!) && Number.isFinite(lonDeg[index]!)) known.push(index);
  if (known.length === 0) return [];
  // Longitudes as they differ from the first one, so that a way over the date line is no way around the world.
  const firstLon = lonDeg[known[0]!]!;
  const east = known.map((index) => wrapDeg(lonDeg[index]! - firstLon));
  const north = known.map((index) => latDeg[index]!);
  const [minNorth, maxNorth] = rangeOf(north);
  const [minEast, maxEast] = rangeOf(east);
  const narrowing = Math.max(0.01, Math.cos((((minNorth + maxNorth) / 2) * Math.PI) / 180));
  const [spanX, spanY] = [(maxEast - minEast) * narrowing, maxNorth - minNorth];
  const scale = Math.min(
    box.width / Math.max(spanX, LEAST_SPAN_M / METRES_PER_DEG),
    box.height / Math.max(spanY, LEAST_SPAN_M / METRES_PER_DEG),
  );
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  const [midEast, midNorth] = [(minEast + maxEast) / 2, (minNorth + maxNorth) / 2];
  const places = east.map((lon, index): PixelPlace => [
    middleX + (lon - midEast) * narrowing * scale,
    middleY - (north[index]! - midNorth) * scale,
  ]);
  return simplified(spread(places)).map(([x, y]) => [tenth(x), tenth(y)]);
}

/** Without places that lie on top of the one before; the last one stays. */
function spread(places: readonly PixelPlace[]): PixelPlace[] {
  const kept: PixelPlace[] = [places[0]!];
  for (const place of places) {
    const [x, y] = kept.at(-1)!;
    if (Math.hypot(place[0] - x, place[1] - y) >= LEAST_STEP_PX) kept.push(place);
  }
  const last = places.at(-1)!;
  if (kept.at(-1) !== last) kept.push(last);
  return kept;
}

function simplified(places: readonly PixelPlace[]): PixelPlace[] {
  const xs = Float64Array.from(places, ([x]) => x);
  const ys = Float64Array.from(places, ([, y]) => y);
  return Array.from(simplifyWithin(xs, ys, TOLERANCE_PX), (index) => places[index]!);
}

function rangeOf(values: readonly number[]): [min: number, max: number] {
  let [min, max] = [values[0]!, values[0]!];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return [min, max];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10 + 0; // + 0: no minus zero in a picture
}
