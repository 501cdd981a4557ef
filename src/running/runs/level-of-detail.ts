// Fewer points of several series at once, for a screen that has no room for all. Largest-Triangle-Three-Buckets (Steinarsson, "Downsampling
// Time Series for Visual Representation", 2013), with the triangles of all series added up, each in shares of its range: of every bucket of
// neighbours the point stays that stands out most. Highs and lows must not get lost on the way: first, last, lowest and highest point of
// every series always stay. O(points * series).

/**
 * @param times ascending @param series as long as `times`; NaN = no value there
 * @param from first index, `end` behind the last one @param most how many may stay; at least four and two for every series
 * @returns indices that stay, ascending
 */
export function pickPoints(
  times: Float64Array,
  series: readonly Float64Array[],
  from: number,
  end: number,
  most: number,
): number[] {
  const count = end - from;
  if (count <= most) return Array.from({ length: Math.max(count, 0) }, (_v, index) => from + index);
  const stays = new Set([from, end - 1]);
  const ranges = series.map((column) => extremesOf(column, from, end));
  for (const range of ranges) if (range !== null) stays.add(range.lowest).add(range.highest);
  const scales = series.map((column, index) => {
    const range = ranges[index];
    const height = range ? column[range.highest]! - column[range.lowest]! : 0;
    return height > 0 ? 1 / height : 0;
  });
  const buckets = Math.max(1, most - stays.size);
  const bound = (bucket: number): number => from + 1 + Math.floor((bucket * (count - 2)) / buckets);
  let last = from;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const [first, next] = [bound(bucket), bound(bucket + 1)];
    if (first >= next) continue;
    const ahead =
      bucket + 1 < buckets
        ? ([next, Math.max(bound(bucket + 2), next + 1)] as const)
        : ([end - 1, end] as const);
    last = mostOutstanding(times, series, scales, last, [first, next], ahead);
    stays.add(last);
  }
  return [...stays].sort((a, b) => a - b);
}

function extremesOf(
  column: Float64Array,
  from: number,
  end: number,
): { lowest: number; highest: number } | null {
  let [lowest, highest] = [-1, -1];
  for (let index = from; index < end; index += 1) {
    const value = column[index]!;
    if (Number.isNaN(value)) continue;
    if (lowest < 0 || value < column[lowest]!) lowest = index;
    if (highest < 0 || value > column[highest]!) highest = index;
  }
  return lowest < 0 ? null : { lowest, highest };
}

/** The point of the bucket whose triangles with the one that stayed before and the middle of the next bucket are largest together. */
function mostOutstanding(
  times: Float64Array,
  series: readonly Float64Array[],
  scales: readonly number[],
  before: number,
  [first, end]: readonly [number, number],
  [aheadFrom, aheadEnd]: readonly [number, number],
): number {
  const areas = new Float64Array(end - first);
  const aheadTime = meanOf(times, aheadFrom, aheadEnd);
  series.forEach((column, index) => {
    const scale = scales[index]!;
    const [a, c] = [column[before]!, meanOf(column, aheadFrom, aheadEnd)];
    if (scale === 0 || Number.isNaN(a) || Number.isNaN(c)) return;
    for (let at = first; at < end; at += 1) {
      const area = (times[before]! - aheadTime) * (column[at]! - a) - (times[before]! - times[at]!) * (c - a);
      if (!Number.isNaN(area)) areas[at - first]! += Math.abs(area) * scale;
    }
  });
  let best = 0;
  for (let at = 1; at < areas.length; at += 1) if (areas[at]! > areas[best]!) best = at;
  return first + best;
}

function meanOf(column: Float64Array, from: number, end: number): number {
  let [sum, count] = [0, 0];
  for (let index = from; index < end; index += 1) {
    if (Number.isNaN(column[index]!)) continue;
    sum += column[index]!;
    count += 1;
  }
  return sum / count;
}
