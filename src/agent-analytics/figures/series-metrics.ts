// What can be followed over time and waited for by an alert: one number per stretch of time, of rows that began in it.

export const SERIES_METRICS = [
  'session-count',
  'trace-count',
  'trace-error-count',
  'trace-error-ratio',
  'trace-latency-mean-s',
  'trace-latency-p95-s',
  'cost-usd',
  'token-count',
  'run-count',
  'run-error-count',
  'run-error-ratio',
  'run-cost-usd',
  'run-latency-p50-ms',
  'run-latency-p95-ms',
  'run-latency-p99-ms',
  'turn-count',
  'turn-latency-p50-ms',
  'turn-latency-p95-ms',
  'story-count',
  'story-complete-ratio',
  'story-cost-mean-usd',
  'story-wasted-usd',
  'gap-count',
] as const;
export type SeriesMetric = (typeof SERIES_METRICS)[number];

/** Traces, runs of agents, turns of players, sessions by their first trace, and gaps of instrumentation by their trace. */
export type SeriesRows = 'trace' | 'run' | 'turn' | 'story' | 'gap';

export const SERIES_FILTERS = ['agent', 'model', 'chapter', 'release', 'mortal', 'match', 'gap'] as const;
export type SeriesFilterKey = (typeof SERIES_FILTERS)[number];

/** What is not named is not asked; `environment` goes with every metric. */
export type SeriesFilter = { readonly [Key in SeriesFilterKey | 'environment']?: string | undefined };

const FILTERS_OF: Readonly<Record<SeriesRows, readonly SeriesFilterKey[]>> = {
  trace: ['chapter', 'release'],
  run: ['agent', 'model'],
  turn: ['chapter'],
  story: ['release', 'mortal', 'match'],
  gap: ['agent', 'gap'],
};

export function rowsOf(metric: SeriesMetric): SeriesRows {
  if (metric.startsWith('run-')) return 'run';
  if (metric.startsWith('turn-')) return 'turn';
  if (metric.startsWith('story-')) return 'story';
  return metric === 'gap-count' ? 'gap' : 'trace';
}

export function filtersOf(metric: SeriesMetric): readonly SeriesFilterKey[] {
  return FILTERS_OF[rowsOf(metric)];
}

/** @returns the key of a filter that the metric has no rows for, and why, where one is */
export function faultOfFilter(
  metric: SeriesMetric,
  filter: SeriesFilter,
): { field: SeriesFilterKey; fault: string } | null {
  const known = filtersOf(metric);
  const field = SERIES_FILTERS.find((key) => filter[key] !== undefined && !known.includes(key));
  return field === undefined
    ? null
    : { field, fault: `does not go with ${metric}, which takes environment, ${known.join(', ')}` };
}
