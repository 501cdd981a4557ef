// Places along a track that lie between two of its points, and what columns say there. Where somebody stood, one distance has many
// moments: the arrival is the first of them, the departure the last.

/** Between the points `index` and `index + 1`; share 0 is the first of them. */
export interface Position {
  readonly index: number;
  readonly share: number;
}

/** The first moment at which the distance is reached. @param distanceM never falling @param atM within its range */
export function arrivalAt(distanceM: Float64Array, atM: number): Position {
  const index = firstAtLeast(distanceM, atM);
  if (index === 0) return { index: 0, share: 0 };
  if (index >= distanceM.length) return { index: distanceM.length - 1, share: 0 };
  const fromM = distanceM[index - 1]!;
  return { index: index - 1, share: (atM - fromM) / (distanceM[index]! - fromM) };
}

export function valueAt(column: Float64Array, { index, share }: Position): number {
  const value = column[index]!;
  return share === 0 ? value : value + share * (column[index + 1]! - value);
}

/** How much a column that adds up grew between two places. */
export function growthBetween(column: Float64Array, from: Position, to: Position): number {
  return valueAt(column, to) - valueAt(column, from);
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
