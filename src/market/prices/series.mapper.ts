import { toCsv } from './csv.js';
import type { SeriesDto } from './prices.dto.js';
import type { BucketFigures } from './series-bucket.js';
import type { BucketedSeriesDto, SeriesBucketDto } from './series.dto.js';

export function toSeriesBucketDto(figures: BucketFigures): SeriesBucketDto {
  return {
    startAt: new Date(figures.startMs).toISOString(),
    open: figures.open,
    high: figures.high,
    low: figures.low,
    close: figures.close,
    mean: figures.sum / figures.n,
    median: figures.median,
    n: figures.n,
  };
}

/** The same page as a table; what comes after it is told by a header. */
export function toSeriesCsv(series: SeriesDto | BucketedSeriesDto): string {
  if ('bucket' in series) {
    return toCsv(
      ['startAt', 'open', 'high', 'low', 'close', 'mean', 'median', 'n'],
      series.items.map((row) => [
        row.startAt,
        row.open,
        row.high,
        row.low,
        row.close,
        row.mean,
        row.median,
        row.n,
      ]),
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
