import type { Span } from './analytics-span.js';
import { confidenceOf } from './confidence.js';
import { FIGURES, type FigureName, type SeriesFigure } from './series-figure.js';
import { dayNumber, dayNumberAt, daysBetween, type UtcDay } from './utc-day.js';

/** The figures of all series of a server over one span: columns of equal length, in the order of the items' ids. */
export interface FigureTable {
  itemIds: Int32Array;
  /** 0 for none. */
  categoryIds: Int32Array;
  figures: Record<FigureName, Float64Array>;
}

/**
 * The same columns after some series have changed.
 * @param changedIds of those series
 * @param fresh what they are now, ascending as well; a changed series that is not among them is gone
 */
export function replaceSeries(before: FigureTable, changedIds: Int32Array, fresh: FigureTable): FigureTable {
  const changed = new Set(changedIds);
  const itemIds: number[] = [];
  /** Place in `before`, or the complement of the place in `fresh`. */
  const places: number[] = [];
  let next = 0;
  const takeFresh = (untilId: number): void => {
    for (; next < fresh.itemIds.length && fresh.itemIds[next]! < untilId; next += 1) {
      itemIds.push(fresh.itemIds[next]!);
      places.push(~next);
    }
  };
  for (const [place, itemId] of before.itemIds.entries()) {
    takeFresh(itemId);
    if (changed.has(itemId)) continue;
    itemIds.push(itemId);
    places.push(place);
  }
  takeFresh(Number.POSITIVE_INFINITY);
  // Written into arrays of their length: from() would take ten times as long.
  const taken = <Column extends Int32Array | Float64Array>(
    values: Column,
    old: Column,
    now: Column,
  ): Column => {
    for (let at = 0; at < values.length; at += 1) {
      const place = places[at]!;
      values[at] = place < 0 ? now[~place]! : old[place]!;
    }
    return values;
  };
  return {
    itemIds: Int32Array.from(itemIds),
    categoryIds: taken(new Int32Array(places.length), before.categoryIds, fresh.categoryIds),
    figures: columnsOf((name) =>
      taken(new Float64Array(places.length), before.figures[name], fresh.figures[name]),
    ),
  };
}

export function columnsOf(column: (name: FigureName, place: number) => Float64Array): FigureTable['figures'] {
  return Object.fromEntries(
    FIGURES.map((name, place) => [name, column(name, place)]),
  ) as FigureTable['figures'];
}

export interface Evidence {
  n: number;
  days: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** 0 to 1. */
  confidence: number;
}

/** The span asked for, and the last day of it that has begun. */
export interface FigureSpan extends Span {
  endOn: UtcDay;
}

/** The same in numbers, for whole tables. */
export interface SpanLength {
  /** Calendar days. */
  spanDays: number;
  /** Days since 1970-01-01. */
  endDay: number;
}

export function spanLength({ from, to, endOn }: FigureSpan): SpanLength {
  return { spanDays: daysBetween(from, to) + 1, endDay: dayNumber(endOn) };
}

/** What may be made of a row. @param newest the observation whose age counts */
export function evidenceAt(
  { figures }: FigureTable,
  place: number,
  { spanDays, endDay }: SpanLength,
  newest: 'lastAtMs' | 'cleanAtMs' = 'lastAtMs',
): Evidence {
  const [n, days, lastAtMs] = [figures.n[place]!, figures.days[place]!, figures[newest][place]!];
  return {
    n,
    days,
    firstSeenAt: new Date(figures.firstAtMs[place]!),
    lastSeenAt: new Date(lastAtMs),
    confidence: confidenceOf({ n, days, spanDays, ageDays: endDay - dayNumberAt(lastAtMs) }),
  };
}

export interface FigureRow extends SeriesFigure {
  itemId: number;
  /** 0 for none. */
  categoryId: number;
}

export function figureTable(rows: readonly FigureRow[]): FigureTable {
  const column = (name: FigureName): Float64Array => Float64Array.from(rows, (row) => row[name]);
  return {
    itemIds: Int32Array.from(rows, (row) => row.itemId),
    categoryIds: Int32Array.from(rows, (row) => row.categoryId),
    figures: columnsOf(column),
  };
}
