import type { Course } from './course.js';

export interface NearPlace {
  readonly alongM: number;
  readonly awayM: number;
}

/**
 * Places of a course near a point, one for each time that the line comes by: distances along it of local minima.
 * @param nearM how near
 * @returns the nearest first; with `nearM` infinite at least one
 */
export function placesNear(
  course: Course,
  xM: number,
  yM: number,
  fromM: number,
  toM: number,
  nearM: number,
): NearPlace[] {
  const { route } = course;
  const last = route.xM.length - 2;
  const first = Math.min(last, Math.max(0, Math.floor(fromM / route.stepM)));
  const end = Math.min(last, Math.max(0, Math.floor(toM / route.stepM)));
  const found: NearPlace[] = [];
  let before = Infinity;
  let candidate: NearPlace | null = null;
  for (let at = first; at <= end; at += 1) {
    const [fromX, fromY] = [route.xM[at]!, route.yM[at]!];
    const [chordX, chordY] = [route.xM[at + 1]! - fromX, route.yM[at + 1]! - fromY];
    const square = chordX * chordX + chordY * chordY;
    const raw = square === 0 ? 0 : ((xM - fromX) * chordX + (yM - fromY) * chordY) / square;
    const share = raw < 0 ? 0 : raw > 1 ? 1 : raw;
    const awayM = Math.hypot(xM - fromX - share * chordX, yM - fromY - share * chordY);
    if (awayM < before) candidate = { alongM: (at + share) * route.stepM, awayM };
    else if (candidate !== null) {
      if (candidate.awayM <= nearM) found.push(candidate);
      candidate = null;
    }
    before = awayM;
  }
  if (candidate !== null && candidate.awayM <= nearM) found.push(candidate);
  return found.sort((a, b) => a.awayM - b.awayM);
}
