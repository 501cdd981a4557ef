import { smoothAltitudes, wholeAltitudes } from '../analysis/elevation-gain.js';
import { interpolate } from '../geo/columns.js';
import type { Track } from '../geo/track.js';
import { arrivalMsAt, type GhostCurve } from './ghost-curve.js';
import type { GoalCourse } from './goal-curve.js';

/**
 * The course that a run went, with its altitudes, for a plan over its hills. Level where the run has none.
 * @param curve of that track
 */
export function courseOf(track: Track, curve: GhostCurve): GoalCourse {
  const { distanceM, route } = curve;
  const altitudes = wholeAltitudes(track.altitudeM, track.tMs);
  if (altitudes === null) return { distanceM, altitudeM: new Float64Array(distanceM.length), route };
  const smooth = smoothAltitudes(altitudes, track.tMs);
  const altitudeM = distanceM.map((alongM) =>
    interpolate(track.tMs, smooth, curve.startOffsetMs + arrivalMsAt(curve, alongM)),
  );
  return { distanceM, altitudeM, route };
}
