import { interpolate } from './columns.js';

/** Directions along a path as unit vectors: `east` and `north` of each point. */
export interface Headings {
  readonly east: Float64Array;
  readonly north: Float64Array;
}

/**
 * Where a path leads at each of its points, over a chord of `halfChordM` before and behind, since neighbouring fixes of a receiver point
 * anywhere. At a turning point, where such a chord has no length, the short one to the neighbours decides.
 * @param alongM distance at each point, ascending
 */
export function headingsOverChords(
  xM: Float64Array,
  yM: Float64Array,
  alongM: Float64Array,
  halfChordM = 15,
): Headings {
  const length = alongM.length;
  const east = new Float64Array(length);
  const north = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const [from, to] = [alongM[index]! - halfChordM, alongM[index]! + halfChordM];
    let x = interpolate(alongM, xM, to) - interpolate(alongM, xM, from);
    let y = interpolate(alongM, yM, to) - interpolate(alongM, yM, from);
    if (Math.hypot(x, y) < halfChordM / 5) {
      const [before, behind] = [Math.max(0, index - 1), Math.min(length - 1, index + 1)];
      x = xM[behind]! - xM[before]!;
      y = yM[behind]! - yM[before]!;
    }
    const norm = Math.hypot(x, y);
    east[index] = norm === 0 ? 1 : x / norm;
    north[index] = norm === 0 ? 0 : y / norm;
  }
  return { east, north };
}
