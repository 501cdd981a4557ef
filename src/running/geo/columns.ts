// Looking up in ascending columns: distance of a time, time of a distance. Everything that races asks is one of these two questions.

/**
 * The last index whose value is not above `wanted`, within 0..length-2, so that it and its successor always span a stretch.
 * @param ascending at least two values, none below its predecessor
 */
export function stretchOf(ascending: Float64Array, wanted: number, length = ascending.length): number {
  let low = 0;
  let high = length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (ascending[middle]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The value of `columns` where `ascending` is `wanted`, on a straight line between neighbours and beyond neither end. */
export function interpolate(ascending: Float64Array, columns: Float64Array, wanted: number): number {
  const at = stretchOf(ascending, wanted);
  const [from, to] = [ascending[at]!, ascending[at + 1]!];
  if (wanted <= from) return columns[at]!;
  if (wanted >= to) return columns[at + 1]!;
  return columns[at]! + ((columns[at + 1]! - columns[at]!) * (wanted - from)) / (to - from);
}

/** Distance along a path at each of its points, metres; starts with 0. */
export function cumulativeM(xM: Float64Array, yM: Float64Array): Float64Array {
  const alongM = new Float64Array(xM.length);
  for (let index = 1; index < xM.length; index += 1) {
    alongM[index] = alongM[index - 1]! + Math.hypot(xM[index]! - xM[index - 1]!, yM[index]! - yM[index - 1]!);
  }
  return alongM;
}
