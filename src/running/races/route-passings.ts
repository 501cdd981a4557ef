import { Course } from './course.js';
import type { RunTrace } from './run-trace.js';

// A run in the terms of another one's route: when it passed each of its points, so that pieces of several runs can be put together.

/** What is skipped of a route at its ends, at most. */
const ENDS_M = 20;

/** When the points of a route were passed, milliseconds since the run's first point; NaN where they were not. */
export function passingsOf(course: Course, { points, breaks }: RunTrace): Float64Array {
  const { stepM, xM } = course.route;
  const passedMs = new Float64Array(xM.length).fill(Number.NaN);
  let next = 0;
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1]!, points[index]!];
    if (breaks.has(index)) {
      // What lies between was not run: it stays unknown.
      next = Math.max(next, Math.ceil(course.alongAtTime(to.ghostS) / stepM));
      continue;
    }
    for (; next < xM.length; next += 1) {
      const ghostS = course.timeAtAlong(next * stepM);
      if (ghostS > to.ghostS) break;
      const share =
        to.ghostS > from.ghostS ? Math.max(0, (ghostS - from.ghostS) / (to.ghostS - from.ghostS)) : 1;
      passedMs[next] = (from.tS + Math.min(1, share) * (to.tS - from.tS)) * 1000;
    }
  }
  return passedMs;
}

/** The first and last metres at the mean pace, where receivers saw somebody begin or end a little short of the lines. */
export function closeEnds(course: Course, passedMs: Float64Array): Float64Array {
  const closed = passedMs.slice();
  const most = Math.floor(ENDS_M / course.route.stepM);
  const stepMs = (course.route.stepM / course.meanMps) * 1000;
  const first = closed.findIndex((ms) => !Number.isNaN(ms));
  const last = closed.findLastIndex((ms) => !Number.isNaN(ms));
  if (first > 0 && first <= most)
    for (let at = first - 1; at >= 0; at -= 1) closed[at] = closed[at + 1]! - stepMs;
  if (last >= 0 && closed.length - 1 - last <= most) {
    for (let at = last + 1; at < closed.length; at += 1) closed[at] = closed[at - 1]! + stepMs;
  }
  return closed;
}
