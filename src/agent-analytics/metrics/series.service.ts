import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalidQuery } from '../agent-analytics.errors.js';
import { bucketStarts } from '../figures/bucket-starts.js';
import { faultOfFilter } from '../figures/series-metrics.js';
import { settledBefore } from '../figures/session-state.js';
import { type Bucket, isTooLong, isZone, MOST_BUCKETS, type Span, spanOf } from '../figures/time-buckets.js';
import { Projects } from '../sync/projects.service.js';
import type { MetricSeriesDto, MetricSeriesQueryDto } from './metrics.dto.js';
import { type SeriesRow, SeriesRepository } from './series.repository.js';

/** Any one of the metrics over time. */
@Injectable()
export class SeriesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly series: SeriesRepository,
  ) {}

  /** @throws DomainError unknown project or zone, a range backwards or of too many buckets, a filter that the metric does not know */
  async list(caller: Principal, query: MetricSeriesQueryDto, nowMs = Date.now()): Promise<MetricSeriesDto> {
    const { metric, bucket, tz } = query;
    const projectId = this.projects.resolve(query.project);
    const fault = faultOfFilter(metric, query);
    if (fault !== null) throw invalidQuery(fault.field, fault.fault);
    const { span, starts } = bucketsOf(query, this.projects.range(query), nowMs);
    const place = { projectId, metric, filter: query, span, starts };
    const question = { ...place, settledBefore: settledBefore(nowMs) };
    const freshness = await this.projects.freshness(caller, projectId);
    const rows = await this.uow.read<SeriesRow>(caller, this.series.statement(question));
    const values = this.series.fill(question, rows);
    const items = starts.map((start, index) => ({
      from: new Date(start).toISOString(),
      value: values[index]!,
    }));
    return { ...freshness, metric, bucket, tz, items };
  }
}

/** @throws DomainError where the zone is none or the buckets are too many */
export function bucketsOf(
  { bucket, tz }: { readonly bucket: Bucket; readonly tz: string },
  range: { readonly from: Date | null; readonly to: Date | null },
  nowMs: number,
): { span: Span; starts: number[] } {
  if (!isZone(tz)) throw invalidQuery('tz', 'is no zone of the tz database');
  const span = spanOf(bucket, range, nowMs);
  if (isTooLong(bucket, span)) throw invalidQuery('from', `makes more than ${MOST_BUCKETS} buckets`);
  return { span, starts: bucketStarts(bucket, span, tz) };
}
