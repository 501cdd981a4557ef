import { distanceM } from '../geo/geodesy.js';
import { decodePolyline } from '../geo/polyline.js';
import { MOST_ROUTE_M, shapeOf, type WayShape } from './route-shape.js';

/** Nearer to a pole degrees of longitude have hardly a length, and nobody runs. */
const MOST_LAT_DEG = 89;

/** The way of an encoded polyline; null for text that is none, for places that are none, and for what is longer than a run. */
export function drawnWay(polyline: string): WayShape | null {
  const places = placesOf(polyline);
  if (places === null) return null;
  let lengthM = 0;
  for (const [at, [latDeg, lonDeg]] of places.entries()) {
    if (Math.abs(latDeg) > MOST_LAT_DEG || Math.abs(lonDeg) > 180) return null;
    const before = places[at - 1];
    if (before !== undefined) lengthM += distanceM(before[0], before[1], latDeg, lonDeg);
    // Before it is walked in steps of ten metres: a line round the Earth has millions of them.
    if (lengthM > MOST_ROUTE_M) return null;
  }
  return shapeOf(places.map(([latDeg, lonDeg]) => ({ latDeg, lonDeg, altitudeM: Number.NaN })));
}

function placesOf(polyline: string): [number, number][] | null {
  try {
    return decodePolyline(polyline);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
