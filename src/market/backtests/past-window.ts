import type { FigureTable } from '../analytics/figure-table.js';
import type { ListMethod } from '../analytics/figure-lists.js';
import { LEAST_PRICE, ROBUST_LEAST_DAYS } from '../analytics/market-index.js';
import { mean, sampleDeviation } from '../analytics/order-statistics.js';
import type { ScannerMethod } from '../analytics/scanner-rule.js';
import { classicReference, referenceBefore } from '../analytics/signals.js';
import { logReturn } from '../analytics/volatility.js';
import type { PastSeries } from './past-series.js';
import { SortedWindow } from './sorted-window.js';

// What was known of an item at the end of a day: the days of the window that ends on it, and nothing later. A rule on trial sees
// a series through this alone, so it cannot look ahead.
//
// The window moves with the days that are asked for, and its order statistics with it: a day costs one place in each order, not
// a sort of the whole window. Figures are to the last bit those of series-figure.ts; a test compares them.

/** Logarithmic returns within a range of places, by the later of their two days. */
class Returns {
  private readonly order: SortedWindow;
  private start = 0;
  private end = 0;
  /** The newest place in the range with a price, -1 for none. */
  private newest = -1;
  /** By the place of its earlier day: the place of its later one, 0 for none. */
  private readonly laterOf: Int32Array;

  constructor(private readonly series: PastSeries) {
    this.order = new SortedWindow(series.days.length);
    this.laterOf = new Int32Array(series.days.length);
  }

  /** @param start not before the former one, like the end */
  move(start: number, end: number): void {
    const { medians } = this.series;
    for (; this.end < end; this.end += 1) {
      if (medians[this.end]! < LEAST_PRICE) continue;
      if (this.newest >= this.start) {
        this.laterOf[this.newest] = this.end;
        this.order.add(this.between(this.newest, this.end));
      }
      this.newest = this.end;
    }
    for (; this.start < start; this.start += 1) {
      const later = this.laterOf[this.start]!;
      if (later > 0) this.order.remove(this.between(this.start, later));
    }
  }

  /** As volatility.ts has it. */
  volatility(): number | null {
    return this.order.size < ROBUST_LEAST_DAYS - 1 ? null : this.order.robustDeviation();
  }

  private between(earlier: number, later: number): number {
    const { days, medians } = this.series;
    return logReturn(medians[earlier]!, medians[later]!, days[later]! - days[earlier]!);
  }
}

/** Columns of a table whose first row is the item's. */
type FigureRow = FigureTable['figures'];

export class PastWindow {
  private start = 0;
  private end = 0;
  private n = 0;
  private readonly medians: SortedWindow;
  private readonly returns: Returns;
  private readonly returnsBefore: Returns;

  constructor(
    private readonly series: PastSeries,
    private readonly windowDays: number,
  ) {
    this.medians = new SortedWindow(series.days.length);
    this.returns = new Returns(series);
    this.returnsBefore = new Returns(series);
  }

  /**
   * @param day days since 1970-01-01, not before the former one
   * @returns whether the item was seen within the window that ends on it
   */
  advance(day: number): boolean {
    const { days, counts, medians } = this.series;
    for (; this.end < days.length && days[this.end]! <= day; this.end += 1) {
      this.n += counts[this.end]!;
      this.medians.add(medians[this.end]!);
    }
    for (; this.start < this.end && days[this.start]! < day - this.windowDays; this.start += 1) {
      this.n -= counts[this.start]!;
      this.medians.remove(medians[this.start]!);
    }
    return this.start < this.end;
  }

  /** Writes the figures that scanner rules are held against. The window is not empty, here and below. */
  level(method: ScannerMethod, row: FigureRow): void {
    this.evidence(row);
    row.days[0] = this.end - this.start;
    row.firstAtMs[0] = this.series.firstAtMs[this.start]!;
    if (method === 'robust') {
      this.returns.move(this.start, this.end);
      this.clean(row);
      row.medianPrice[0] = this.medians.median();
      row.robustVolatility[0] = this.returns.volatility() ?? Number.NaN;
      return;
    }
    const means = this.series.means.subarray(this.start, this.end);
    const meanPrice = mean(means);
    row.lastPrice[0] = this.series.closes[this.end - 1]!;
    row.meanPrice[0] = meanPrice;
    row.spreadPct[0] =
      meanPrice === 0 ? Number.NaN : ((sampleDeviation(means) ?? Number.NaN) / meanPrice) * 100;
  }

  /** Writes the figures that signals are made of. */
  signal(method: ListMethod, row: FigureRow): void {
    this.evidence(row);
    if (method === 'robust') {
      const { days, medians } = this.series;
      const held = medians.subarray(this.start, this.end);
      const found = referenceBefore(days.subarray(this.start, this.end), held, () => {
        this.returnsBefore.move(this.start, this.end - 1);
        return this.returnsBefore.volatility();
      });
      this.clean(row);
      row.lastMedian[0] = medians[this.end - 1]!;
      row.robustReference[0] = found?.reference ?? Number.NaN;
      row.robustReferenceVolatility[0] = found?.volatility ?? Number.NaN;
      return;
    }
    const means = this.series.means.subarray(this.start, this.end);
    const found = classicReference(means);
    row.lastMean[0] = means[means.length - 1]!;
    row.classicReference[0] = found?.reference ?? Number.NaN;
    row.classicVolatilityPct[0] = found?.volatility ?? Number.NaN;
  }

  private evidence(row: FigureRow): void {
    row.n[0] = this.n;
    row.lastAtMs[0] = this.series.lastsAtMs[this.end - 1]!;
  }

  private clean(row: FigureRow): void {
    const { cleanCloses, cleansAtMs } = this.series;
    let place = this.end - 1;
    while (place >= this.start && Number.isNaN(cleanCloses[place]!)) place -= 1;
    row.cleanPrice[0] = place < this.start ? Number.NaN : cleanCloses[place]!;
    row.cleanAtMs[0] = place < this.start ? Number.NaN : cleansAtMs[place]!;
  }
}
