import type { Track } from '../../src/running/geo/track.js';
import { type MadePoint, makeTrack } from './tracks.js';

/** Somebody on a course; metres from its start line. */
export interface CourseWalk {
  readonly speedMps: number;
  /** Where the recording begins, before the line, and ends, behind the finish. */
  readonly fromM?: number;
  readonly toM?: number;
  /** Changes the speed along the way. */
  readonly speedAt?: (alongM: number) => number;
  /** Stands still once, at a place. */
  readonly stop?: { readonly atM: number; readonly forS: number };
  readonly heartRateBpm?: number;
  readonly latDeg?: number;
  readonly lonDeg?: number;
}

/** Ten seconds of arc on which nothing else is, so that courses of different tests do not meet. */
const [LAT, LON] = [48.2, 16.37];
/** The course winds, so that a place on it has a direction of its own: bends of 60 m to both sides every 400 m. */
const BEND_M = 60;
const WAVE_M = 400;

/** A run over the course, a point per second, as a clean receiver sees it. */
export function courseTrack(walk: CourseWalk): Track {
  const { fromM = 0, toM = 2_000, latDeg = LAT, lonDeg = LON } = walk;
  const points: MadePoint[] = [];
  let alongM = fromM;
  let stoodS = 0;
  for (let second = 0; alongM <= toM; second += 1) {
    const { eastM, northM } = placeOn(alongM);
    points.push({
      tMs: second * 1_000,
      eastM,
      northM,
      ...(walk.heartRateBpm !== undefined && { heartRateBpm: walk.heartRateBpm }),
    });
    const { stop } = walk;
    if (stop !== undefined && alongM >= stop.atM && stoodS < stop.forS) stoodS += 1;
    else alongM += walk.speedMps * (walk.speedAt?.(alongM) ?? 1);
  }
  return makeTrack(points, latDeg, lonDeg);
}

/** The bends are laid out in steps of a metre of their own length. */
const laidOut: { eastM: number; northM: number }[] = [];
let east = 0;

function placeOn(alongM: number): { eastM: number; northM: number } {
  const at = Math.max(0, alongM + 200);
  while (laidOut.length <= Math.ceil(at) + 1) {
    const northM = BEND_M * Math.sin((2 * Math.PI * east) / WAVE_M);
    laidOut.push({ eastM: east, northM });
    const slope = ((BEND_M * 2 * Math.PI) / WAVE_M) * Math.cos((2 * Math.PI * east) / WAVE_M);
    east += 1 / Math.hypot(1, slope);
  }
  const [from, to] = [laidOut[Math.floor(at)]!, laidOut[Math.floor(at) + 1]!];
  const share = at - Math.floor(at);
  return {
    eastM: from.eastM + (to.eastM - from.eastM) * share,
    northM: from.northM + (to.northM - from.northM) * share,
  };
}
