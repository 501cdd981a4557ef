import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Bucket, BUCKETS } from './series-bucket.js';

/** What was observed of an item within an hour, a day or a week (Monday to Sunday), UTC: the fields asked for. Prices are of ONE unit. */
export class SeriesBucketDto {
  /** Beginning of the bucket, ISO-8601 UTC. */
  startAt: string;
  /** First price. */
  open?: number;
  high?: number;
  low?: number;
  /** Last price. */
  close?: number;
  mean?: number;
  /** Without flagged observations, unless all are. Of a week: of its daily medians, each weighted by its number of observations. */
  median?: number;
  /** A twentieth of the prices lie below it; without flagged ones, unless all are. Null where the raw prices are no longer kept. */
  @ApiPropertyOptional({ type: Number, nullable: true })
  p5?: number | null;
  /** A twentieth of the prices lie above it. */
  @ApiPropertyOptional({ type: Number, nullable: true })
  p95?: number | null;
  /** Number of observations. */
  n?: number;
}

/** Whole buckets, oldest first; those without an observation are left out. */
export class BucketedSeriesDto {
  @ApiProperty({ enum: BUCKETS.filter((bucket) => bucket !== 'raw') })
  bucket: Bucket;
  items: SeriesBucketDto[];
  nextCursor: string | null;
}
