import { Injectable } from '@nestjs/common';
import { Counter, type Metric, Gauge, Registry } from 'prom-client';
import { DatabaseLifetime } from '../database/database.module.js';
import { BUCKETS_MS, STATUS_CLASSES } from './endpoints.js';
import { PerformanceSink } from './performance-sink.service.js';
import { RequestRecorder } from './request-recorder.service.js';

/**
 * What this room shows at /metrics. Other rooms inject the application's `Registry` and add theirs:
 * `new Gauge({ name, help, registers: [registry], collect() { this.set(...) } })`. Figures are read when somebody asks.
 */
@Injectable()
export class MetricsService {
  constructor(
    private readonly registry: Registry,
    private readonly recorder: RequestRecorder,
    private readonly sink: PerformanceSink,
    private readonly lifetime: DatabaseLifetime,
  ) {
    this.addRequests();
    this.addPools();
    this.addSink();
  }

  contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** The recorder's arrays in Prometheus' shape; a prom-client Histogram would cost every request ten times as much. */
  private addRequests(): void {
    const { recorder } = this;
    const labelNames = ['method', 'route', 'status'] as const;
    new Counter({
      name: 'http_requests_total',
      help: 'Answered requests.',
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, buckets } of seriesOf(recorder)) this.inc(labels, sum(buckets));
      },
    });
    const name = 'http_request_duration_seconds';
    const histogram = {
      name,
      help: 'Time from the head of the request to the end of the answer.',
      type: 'histogram',
      aggregator: 'sum',
      reset: () => undefined,
      get: async () => ({
        name,
        help: histogram.help,
        type: histogram.type,
        aggregator: histogram.aggregator,
        values: seriesOf(recorder).flatMap(({ labels, buckets, sumMs }) => [
          ...cumulated(buckets).map((value, index) => ({
            metricName: `${name}_bucket`,
            labels: {
              ...labels,
              le: index < BUCKETS_MS.length ? String(BUCKETS_MS[index]! / 1_000) : '+Inf',
            },
            value,
          })),
          { metricName: `${name}_sum`, labels, value: sumMs / 1_000 },
          { metricName: `${name}_count`, labels, value: sum(buckets) },
        ]),
      }),
    };
    this.registry.registerMetric(histogram as unknown as Metric);
  }

  private addPools(): void {
    const { lifetime } = this;
    new Gauge({
      name: 'database_pool_connections',
      help: 'Connections to PostgreSQL; waiting counts transactions that wait for one.',
      labelNames: ['pool', 'state'],
      registers: [this.registry],
      collect() {
        for (const { name, total, idle, waiting } of lifetime.pools()) {
          this.set({ pool: name, state: 'total' }, total);
          this.set({ pool: name, state: 'idle' }, idle);
          this.set({ pool: name, state: 'waiting' }, waiting);
        }
      },
    });
  }

  private addSink(): void {
    const { sink } = this;
    const rows: [name: string, help: string, count: () => number][] = [
      ['stored', 'Performance rows that were written.', () => sink.storedRows],
      ['dropped', 'Performance rows that were thrown away.', () => sink.droppedRows],
    ];
    for (const [state, help, count] of rows) {
      new Counter({
        name: `profiling_rows_${state}_total`,
        help,
        registers: [this.registry],
        collect() {
          this.reset();
          this.inc(count());
        },
      });
    }
    new Gauge({
      name: 'profiling_rows_waiting',
      help: 'Performance rows that wait for their batch.',
      registers: [this.registry],
      collect() {
        this.set(sink.waitingRows);
      },
    });
  }
}

interface LabelledSeries {
  labels: { method: string; route: string; status: string };
  buckets: Float64Array;
  sumMs: number;
}

function seriesOf(recorder: RequestRecorder): LabelledSeries[] {
  return recorder.endpoints.all().flatMap(({ method, route, series }) =>
    series.flatMap((one, index) => {
      const status = STATUS_CLASSES[index]!;
      return one === undefined ? [] : [{ labels: { method, route, status }, ...one }];
    }),
  );
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function cumulated(values: Float64Array): number[] {
  let total = 0;
  return Array.from(values, (value) => (total += value));
}
