import type { Track } from '../../src/running/geo/track.js';
import { planeAround } from '../../src/running/geo/geodesy.js';

/** Runs over ways that are drawn in metres, as a receiver would have recorded them. */

/** Metres east and north of a town's middle. */
export type Corner = readonly [x: number, y: number];

export interface Recording {
  /** Metres per second (3). */
  readonly speedMps?: number;
  /** Seconds between fixes (1). */
  readonly everyS?: number;
  /** Standard deviation of the receiver's error in metres (0), most of it slow (30 s), half a metre quick. */
  readonly noiseM?: number;
  readonly seed?: number;
  /** The town; Zurich. */
  readonly latDeg?: number;
  readonly lonDeg?: number;
  /** Metres above sea level by metres of way. */
  readonly altitudeM?: (atM: number) => number;
  /** Seconds of standing at so many metres of way, in order. */
  readonly stops?: readonly (readonly [atM: number, seconds: number])[];
}

const TOWN = { latDeg: 47.37, lonDeg: 8.54 };

export function recorded(corners: readonly Corner[], recording: Recording = {}): Track {
  const { speedMps = 3, everyS = 1, noiseM = 0, seed = 1, altitudeM, stops = [] } = recording;
  const plane = planeAround(recording.latDeg ?? TOWN.latDeg, recording.lonDeg ?? TOWN.lonDeg);
  const chance = seeded(seed);
  const wander = noiseM === 0 ? () => [0, 0] as Corner : wandering(noiseM, everyS, chance);
  const lengthM = wayM(corners);
  const durationS = lengthM / speedMps + stops.reduce((sum, [, seconds]) => sum + seconds, 0);
  const moments = Array.from({ length: Math.floor(durationS / everyS) + 1 }, (_, index) => index * everyS);
  if (moments.at(-1)! < durationS - 0.01) moments.push(durationS);
  const positions = moments.map((atS) => positionAt(atS, speedMps, stops));
  const places = positions.map((atM) => {
    const [x, y] = cornerAt(corners, atM);
    const [dX, dY] = wander();
    return [x + dX, y + dY] as const;
  });
  return {
    length: moments.length,
    tMs: Float64Array.from(moments, (atS) => Math.round(atS * 1_000)),
    latDeg: Float64Array.from(places, ([, y]) => plane.lat(y)),
    lonDeg: Float64Array.from(places, ([x]) => plane.lon(x)),
    altitudeM: altitudeM === undefined ? null : Float64Array.from(positions, altitudeM),
    accuracyM: null,
    heartRateBpm: null,
    cadenceSpm: null,
    deviceDistanceM: null,
  };
}

function positionAt(atS: number, speedMps: number, stops: Recording['stops'] & object): number {
  let stoodS = 0;
  for (const [atM, seconds] of stops) {
    const reachedS = atM / speedMps + stoodS;
    if (atS <= reachedS) break;
    stoodS += Math.min(seconds, atS - reachedS);
  }
  return (atS - stoodS) * speedMps;
}

/** Metres along straight lines through the corners. */
export function wayM(corners: readonly Corner[]): number {
  let sumM = 0;
  for (let at = 1; at < corners.length; at += 1) sumM += legM(corners[at - 1]!, corners[at]!);
  return sumM;
}

/** The place at so many metres; past the end it is the end. */
export function cornerAt(corners: readonly Corner[], atM: number): Corner {
  let leftM = Math.max(0, atM);
  for (let at = 1; at < corners.length; at += 1) {
    const [from, to] = [corners[at - 1]!, corners[at]!];
    const ownM = legM(from, to);
    if (leftM <= ownM && ownM > 0) {
      const ratio = leftM / ownM;
      return [from[0] + ratio * (to[0] - from[0]), from[1] + ratio * (to[1] - from[1])];
    }
    leftM -= ownM;
  }
  return corners.at(-1)!;
}

function legM(from: Corner, to: Corner): number {
  return Math.hypot(to[0] - from[0], to[1] - from[1]);
}

/** The way from one position to another of it. */
export function cut(corners: readonly Corner[], fromM: number, toM: number): Corner[] {
  let atM = 0;
  const inside = corners.filter((corner, at) => {
    if (at > 0) atM += legM(corners[at - 1]!, corner);
    return atM > fromM && atM < toM;
  });
  return [cornerAt(corners, fromM), ...inside, cornerAt(corners, toM)];
}

/** A closed way begun elsewhere. */
export function turned(corners: readonly Corner[], startM: number): Corner[] {
  return [...cut(corners, startM, wayM(corners)), ...cut(corners, 0, startM).slice(1)];
}

/** An error that changes over half a minute, as those of receivers do: it lengthens no way, it moves it aside. */
function wandering(noiseM: number, everyS: number, chance: () => number): () => Corner {
  const keep = Math.exp(-everyS / 30);
  const push = noiseM * Math.sqrt(1 - keep * keep);
  let [x, y] = [noiseM * normal(chance), noiseM * normal(chance)];
  return () => {
    [x, y] = [keep * x + push * normal(chance), keep * y + push * normal(chance)];
    return [x + 0.5 * normal(chance), y + 0.5 * normal(chance)];
  };
}

function normal(chance: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
