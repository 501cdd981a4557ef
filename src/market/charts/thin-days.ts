// Days of an item, thinned to what a picture can show. The line goes through days that were, chosen as largest triangles in three
// buckets (Steinarsson, Downsampling Time Series for Visual Representation, 2013): of each run of days the one that lies furthest off
// the line from the day chosen before to the middle of the next run, so peaks and turns stay. A chosen day stands for its run: its low
// and high are the lowest and highest of all of them, and no day leaves the band.

export interface PricedDay {
  startMs: number;
  low: number;
  high: number;
  median: number;
}

/**
 * At most `most` days (3 or more), the first and the last among them.
 * @param days in order of time
 */
export function thinDays(days: readonly PricedDay[], most: number): readonly PricedDay[] {
  if (days.length <= most) return days;
  const startOf = (run: number): number => 1 + Math.floor((run * (days.length - 2)) / (most - 2));
  const last = days.at(-1)!;
  const chosen = [days[0]!];
  for (let run = 0; run < most - 2; run += 1) {
    const members = days.slice(startOf(run), startOf(run + 1));
    const next = run === most - 3 ? [last] : days.slice(startOf(run + 1), startOf(run + 2));
    const [from, to] = [chosen.at(-1)!, middleOf(next)];
    const areaOf = ({ startMs, median }: PricedDay): number =>
      Math.abs(
        (startMs - from.startMs) * (to.median - from.median) -
          (to.startMs - from.startMs) * (median - from.median),
      );
    const furthest = members.reduce((best, day) => (areaOf(day) > areaOf(best) ? day : best));
    chosen.push({
      ...furthest,
      low: Math.min(...members.map(({ low }) => low)),
      high: Math.max(...members.map(({ high }) => high)),
    });
  }
  return [...chosen, last];
}

function middleOf(days: readonly PricedDay[]): { startMs: number; median: number } {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value / values.length, 0);
  return {
    startMs: mean(days.map(({ startMs }) => startMs)),
    median: mean(days.map(({ median }) => median)),
  };
}
