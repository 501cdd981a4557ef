import type { Fix } from './fix.js';
import type { FixColumns } from './fix-codec.js';

const NAMES = [
  'seq',
  'atMs',
  'latDeg',
  'lonDeg',
  'altitudeM',
  'accuracyM',
  'speedMps',
  'bearingDeg',
  'heartRateBpm',
  'cadenceSpm',
] as const satisfies readonly (keyof Fix)[];

type Columns = { [Name in (typeof NAMES)[number]]: Float64Array };

/** @param fixes in the order of their numbers */
export function columnsOf(fixes: readonly Fix[]): FixColumns {
  const columns = Object.fromEntries(
    NAMES.map((name) => [name, Float64Array.from(fixes, (fix) => fix[name])]),
  ) as Columns;
  return { length: fixes.length, ...columns };
}

export function fixAt(columns: FixColumns, index: number): Fix {
  return {
    seq: columns.seq[index]!,
    atMs: columns.atMs[index]!,
    latDeg: columns.latDeg[index]!,
    lonDeg: columns.lonDeg[index]!,
    accuracyM: columns.accuracyM[index]!,
    altitudeM: columns.altitudeM[index]!,
    speedMps: columns.speedMps[index]!,
    bearingDeg: columns.bearingDeg[index]!,
    heartRateBpm: columns.heartRateBpm[index]!,
    cadenceSpm: columns.cadenceSpm[index]!,
  };
}

/** Both sets in the order of their numbers; of two fixes of one number that of `first` stays. */
export function mergeFixes(first: FixColumns, second: FixColumns): FixColumns {
  const fixes: Fix[] = [];
  let [a, b] = [0, 0];
  while (a < first.length || b < second.length) {
    const seqA = a < first.length ? first.seq[a]! : Number.POSITIVE_INFINITY;
    const seqB = b < second.length ? second.seq[b]! : Number.POSITIVE_INFINITY;
    fixes.push(seqA <= seqB ? fixAt(first, a) : fixAt(second, b));
    if (seqA <= seqB) a += 1;
    if (seqB <= seqA) b += 1;
  }
  return columnsOf(fixes);
}

/** Unbroken ranges of the numbers that are there. */
export function rangesOf({ length, seq }: FixColumns): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let index = 0; index < length; index += 1) {
    const [number, last] = [seq[index]!, ranges.at(-1)];
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

/** Its index, -1 where it is not there. */
export function indexOfSeq({ length, seq }: FixColumns, wanted: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (seq[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < length && seq[low] === wanted ? low : -1;
}
