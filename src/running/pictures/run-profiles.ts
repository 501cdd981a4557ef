import type { Pause, Track } from '../geo/track.js';
import { arrivalAt, valueAt } from '../analysis/along-track.js';
import { type DistanceCurve, distanceCurveOf } from '../analysis/distance-curve.js';
import { smoothAltitudes, wholeAltitudes } from '../analysis/elevation-gain.js';

// What a run's track comes to in a picture: a value at equal distances from its start to its end. As many as the picture has room for.

export interface ProfilePoint {
  /** Metres since the start. */
  readonly alongM: number;
  readonly value: number;
}

/** Over this the pace of a place is read; less is the receiver's noise. */
const PACE_WINDOW_M = 100;
/** Of a run's length, where that is more: a marathon is not drawn in steps of a street. */
const PACE_WINDOW_RATIO = 1 / 100;
/** Below this somebody stood. */
const SHORTEST_M = 1;
/** Nobody walks as slowly as this; who stood is drawn as slow as it. */
export const SLOWEST_S_PER_KM = 1_800;

/** Altitudes smoothed as gain and loss count them, metres; empty without altitudes or distance. */
export function elevationProfile(track: Track, pauses: readonly Pause[], count: number): ProfilePoint[] {
  const whole = wholeAltitudes(track.altitudeM, track.tMs);
  if (whole === null) return [];
  const smooth = smoothAltitudes(whole, track.tMs);
  return alongOf(distanceCurveOf(track, pauses), count, ({ distanceM }, alongM) =>
    valueAt(smooth, arrivalAt(distanceM, alongM)),
  );
}

/** Seconds per kilometre by the watch that stands still in pauses, over a window around each place; empty without distance. */
export function paceProfile(track: Track, pauses: readonly Pause[], count: number): ProfilePoint[] {
  const distance = distanceCurveOf(track, pauses);
  const half = Math.max(PACE_WINDOW_M, distance.totalM * PACE_WINDOW_RATIO) / 2;
  return alongOf(distance, count, ({ distanceM, activeMs, totalM }, alongM) => {
    const [fromM, toM] = [Math.max(0, alongM - half), Math.min(totalM, alongM + half)];
    const spentMs =
      valueAt(activeMs, arrivalAt(distanceM, toM)) - valueAt(activeMs, arrivalAt(distanceM, fromM));
    return Math.min(SLOWEST_S_PER_KM, spentMs / (toM - fromM));
  });
}

function alongOf(
  distance: DistanceCurve,
  count: number,
  valueOf: (distance: DistanceCurve, alongM: number) => number,
): ProfilePoint[] {
  const { totalM } = distance;
  if (!(totalM >= SHORTEST_M)) return [];
  const parts = Math.max(1, count - 1);
  return Array.from({ length: parts + 1 }, (_, part) => {
    const alongM = (totalM * part) / parts;
    return { alongM, value: valueOf(distance, alongM) };
  });
}
