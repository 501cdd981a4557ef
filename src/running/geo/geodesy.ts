// Distances and directions on the ground. Between neighbouring fixes a sphere is good to half a percent (the ellipsoid's flattening), far
// below what a receiver does; over a run a flat map around it is good to centimetres and much faster.

/** Mean radius of the Earth in metres (IUGG). */
export const EARTH_RADIUS_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** Great-circle distance in metres by the haversine formula; works across the date line and at the poles. */
export function distanceM(latA: number, lonA: number, latB: number, lonB: number): number {
  const sinLat = Math.sin(((latB - latA) * RAD) / 2);
  const sinLon = Math.sin(((lonB - lonA) * RAD) / 2);
  const h = sinLat * sinLat + Math.cos(latA * RAD) * Math.cos(latB * RAD) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A longitude difference brought into -180..180, so that neighbours on both sides of the date line are neighbours. */
export function wrapDeg(deltaDeg: number): number {
  if (deltaDeg >= -180 && deltaDeg <= 180) return deltaDeg;
  return deltaDeg - 360 * Math.round(deltaDeg / 360);
}

/** A flat map around a place: metres east (`x`) and north (`y`) of it. */
export interface LocalPlane {
  readonly latDeg: number;
  readonly lonDeg: number;
  x(lonDeg: number): number;
  y(latDeg: number): number;
  lat(y: number): number;
  lon(x: number): number;
}

/** Equirectangular around the place; 20 km off it errs by a few metres, between near points by centimetres. */
export function planeAround(latDeg: number, lonDeg: number): LocalPlane {
  const perLatDeg = EARTH_RADIUS_M * RAD;
  // At a pole a degree of longitude is nothing; a millimetre keeps the way back defined.
  const perLonDeg = Math.max(perLatDeg * Math.cos(latDeg * RAD), 1e-3);
  return {
    latDeg,
    lonDeg,
    x: (lon) => wrapDeg(lon - lonDeg) * perLonDeg,
    y: (lat) => (lat - latDeg) * perLatDeg,
    lat: (y) => latDeg + y / perLatDeg,
    lon: (x) => wrapDeg(lonDeg + x / perLonDeg),
  };
}
