import type { Course } from './course.js';
import type { MapFix } from './motion.js';
import type { PaceModes } from './pace-modes.js';
import { type NearPlace, placesNear } from './places-near.js';

// Whoever seems to stand just before the line turns back may have turned, and be on the way back already. One straight line cannot stand for
// both, so that the way back becomes a hypothesis of its own (a Gaussian sum, Alspach and Sorenson 1972).

/** How far ahead a turn is looked for at most. */
const FURTHEST_M = 60;
const NEXT_M = 20;

/** Where on the way back a fix lies, when the line turns within where they may be. @param nearM how far beside it */
export function wayBackAt(course: Course, fix: MapFix, modes: PaceModes, nearM: number): NearPlace | null {
  const ghostS = modes.mean[0]!;
  const openM = 2 * Math.sqrt(modes.ghostVariance) * course.speedAtTime(ghostS);
  const alongM = course.alongAtTime(ghostS);
  const toM = alongM + 2 * Math.min(FURTHEST_M, NEXT_M + openM);
  const heading = course.headingAt(alongM);
  const back = placesNear(course, fix.xM, fix.yM, alongM + NEXT_M, toM, nearM).find((place) => {
    const there = course.headingAt(place.alongM);
    return there.east * heading.east + there.north * heading.north < 0;
  });
  return back ?? null;
}
