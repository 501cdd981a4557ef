import { interpolate } from './columns.js';

/** A path in equal steps. */
export interface EvenPath {
  /** Step in metres: the whole length over a whole number of steps, at most as long as was asked for. */
  readonly stepM: number;
  readonly columns: readonly Float64Array[];
}

/**
 * The columns of a path at equal distances from its start to its end, both included. With equal steps a place is found by a division
 * instead of a search.
 * @param alongM distance at each point, ascending, longer than zero
 */
export function resampleEvenly(
  alongM: Float64Array,
  columns: readonly Float64Array[],
  wantedStepM: number,
): EvenPath {
  const [fromM, toM] = [alongM[0]!, alongM.at(-1)!];
  const steps = Math.max(1, Math.ceil((toM - fromM) / wantedStepM - 1e-9));
  const stepM = (toM - fromM) / steps;
  return {
    stepM,
    columns: columns.map((column) =>
      Float64Array.from({ length: steps + 1 }, (_, step) =>
        interpolate(alongM, column, fromM + step * stepM),
      ),
    ),
  };
}
