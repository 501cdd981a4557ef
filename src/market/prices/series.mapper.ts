import { toCsv } from '../../platform/http/csv.js';
import type { SeriesDto } from './prices.dto.js';
import type { BucketField, BucketFigures, BucketQuantiles } from './series-bucket.js';
import type { BucketedSeriesDto, SeriesBucketDto } from './series.dto.js';

/** @param quantiles null where they are not known */
export function toSeriesBucketDto(
  figures: BucketFigures,
  quantiles: BucketQuantiles | null,
  fields: readonly BucketField[],
): SeriesBucketDto {
  const values: Record<BucketField, number | null> = {
    open: figures.open,
    high: figures.high,
    low: figures.low,
    close: figures.close,
    mean: figures.sum / figures.n,
    median: figures.median,
    p5: quantiles?.p5 ?? null,
    p95: quantiles?.p95 ?? null,
    n: figures.n,
  };
  return {
    startAt: new Date(figures.startMs).toISOString(),
    ...Object.fromEntries(fields.map((field) => [field, values[field]])),
  };
}

/** The same page as a table; what comes after it is told by a header. */
export function toSeriesCsv(series: SeriesDto | BucketedSeriesDto, fields: readonly BucketField[]): string {
  if ('bucket' in series) {
    return toCsv(
      ['startAt', ...fields],
      series.items.map((row) => [row.startAt, ...fields.map((field) => row[field] ?? null)]),
    );
  }
  return toCsv(
    ['id', 'capturedAt', 'unitPrice', 'lots', 'source', 'isSimulated', 'isFlagged', 'flagReason'],
    series.items.map((row) => [
      row.id,
      row.capturedAt,
      row.unitPrice,
      row.lots,
      row.source,
      String(row.isSimulated),
      String(row.isFlagged),
      row.flagReason,
    ]),
  );
}
