import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { isAbandoned, isActive } from '../figures/figure-sql.js';
import {
  filtersOf,
  rowsOf,
  type SeriesFilter,
  type SeriesFilterKey,
  type SeriesMetric,
  type SeriesRows,
} from '../figures/series-metrics.js';
import type { Span } from '../figures/time-buckets.js';

export interface SeriesRow {
  /** 0-based place among the starts; only of buckets that have rows. */
  bucket: number;
  /** null = of no row that there is, as of a ratio of nothing. */
  value: number | null;
}

/** What a series is asked for. */
export interface SeriesQuestion {
  readonly projectId: string;
  readonly metric: SeriesMetric;
  readonly filter: SeriesFilter;
  /** Rows of these times and no others. */
  readonly span: Span;
  /** Unix milliseconds, ascending; each bucket goes to the next, the last to the end of the span. */
  readonly starts: readonly number[];
  /** A story that is not complete and of which nothing has happened since is abandoned; until then it says nothing of how stories end. */
  readonly settledBefore: Date;
}

const TABLES: Readonly<Record<SeriesRows, { readonly table: string; readonly at: string }>> = {
  trace: { table: 'trace_figure', at: 'at' },
  run: { table: 'agent_run', at: 'at' },
  turn: { table: 'turn', at: 'at' },
  story: { table: 'session_figure', at: 'first_at' },
  gap: { table: 'trace_gap', at: 'at' },
};

const COLUMNS: Readonly<Partial<Record<SeriesFilterKey, string>>> = { gap: 'kind' };
const RUN_NAMES: Readonly<Partial<Record<SeriesFilterKey, string>>> = { agent: 'name' };

const quantile = (share: number, column: string): string =>
  `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${column})`;
const share = (condition: string): string => `avg(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;

/** settledBefore; a parameter only of what asks it. */
const SETTLED = '$6';
const IS_SETTLED = `NOT ${isActive('session_figure', SETTLED)}`;

const VALUES: Readonly<Record<SeriesMetric, string>> = {
  'session-count': 'count(DISTINCT session_id)::int',
  'trace-count': 'count(*)::int',
  'trace-error-count': '(count(*) FILTER (WHERE is_error))::int',
  'trace-error-ratio': share('is_error'),
  'trace-latency-mean-s': 'avg(latency_s)',
  'trace-latency-p95-s': quantile(0.95, 'latency_s'),
  'cost-usd': 'sum(cost_usd)',
  'token-count': 'sum(total_tokens)',
  'run-count': 'count(*)::int',
  'run-error-count': '(count(*) FILTER (WHERE is_error))::int',
  'run-error-ratio': share('is_error'),
  'run-cost-usd': 'sum(cost_usd)',
  'run-latency-p50-ms': quantile(0.5, 'latency_ms'),
  'run-latency-p95-ms': quantile(0.95, 'latency_ms'),
  'run-latency-p99-ms': quantile(0.99, 'latency_ms'),
  'turn-count': 'count(*)::int',
  'turn-latency-p50-ms': quantile(0.5, 'latency_ms'),
  'turn-latency-p95-ms': quantile(0.95, 'latency_ms'),
  'story-count': 'count(*)::int',
  'story-complete-ratio': `${share('is_complete')} FILTER (WHERE ${IS_SETTLED})`,
  'story-cost-mean-usd': 'avg(cost_usd)',
  'story-wasted-usd': `coalesce(sum(cost_usd) FILTER (WHERE ${isAbandoned('session_figure', SETTLED)}), 0)`,
  'gap-count': 'sum(count)::int',
};

/** Whatever a bucket without rows has. */
const NONE: Readonly<Partial<Record<SeriesMetric, number>>> = {
  'session-count': 0,
  'trace-count': 0,
  'trace-error-count': 0,
  'cost-usd': 0,
  'token-count': 0,
  'run-count': 0,
  'run-error-count': 0,
  'run-cost-usd': 0,
  'turn-count': 0,
  'story-count': 0,
  'story-wasted-usd': 0,
  'gap-count': 0,
};

/** One number per bucket, of any of the metrics; for routes, alerts and pictures alike. */
@Injectable()
export class SeriesRepository {
  statement({ projectId, metric, filter, span, starts, settledBefore }: SeriesQuestion): Statement {
    const rows = rowsOf(metric);
    const { table, at } = TABLES[rows];
    const instants = starts.map((start) => new Date(start));
    const values: unknown[] = [projectId, instants, span.from, span.to, filter.environment ?? null];
    const value = VALUES[metric];
    if (value.includes(SETTLED)) values.push(settledBefore);
    const narrowed = filtersOf(metric).map((key) => {
      values.push(filter[key] ?? null);
      const column = (rows === 'run' ? RUN_NAMES[key] : undefined) ?? COLUMNS[key] ?? key;
      return `AND ($${values.length}::text IS NULL OR ${column} = $${values.length})`;
    });
    return {
      name: `agents.series.${metric}`,
      isPlannedAnew: true,
      text: `SELECT width_bucket(${at}, $2::timestamptz[]) - 1 AS bucket, (${value})::float8 AS value
             FROM agent_analytics.${table}
             WHERE project_id = $1 AND ${at} >= $3::timestamptz AND ${at} < $4::timestamptz
               AND ($5::text IS NULL OR environment = $5) ${narrowed.join(' ')}
             GROUP BY 1 ORDER BY 1`,
      values,
    };
  }

  /** Of every bucket, whether it has rows or not. */
  fill({ metric, starts }: SeriesQuestion, rows: readonly SeriesRow[]): (number | null)[] {
    const known = new Map(rows.map(({ bucket, value }) => [bucket, value]));
    return starts.map((_start, bucket) => known.get(bucket) ?? NONE[metric] ?? null);
  }
}
