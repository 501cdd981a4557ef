import { z } from 'zod';
import { isStorable } from '../../platform/http/storable.js';
import { faultOfFilter, SERIES_FILTERS, SERIES_METRICS } from '../figures/series-metrics.js';

// What an alert waits for: one of the metrics over the last so many seconds, above or below a threshold.

export const DIRECTIONS = ['above', 'below'] as const;
const MOST_THRESHOLD = 1e15;
const MINUTE_S = 60;
const DAY_S = 86_400;

const word = z.string().min(1).max(200).refine(isStorable, 'must be text that can be seen and stored');
const FILTER = z.strictObject({
  environment: word.optional(),
  ...(Object.fromEntries(SERIES_FILTERS.map((key) => [key, word.optional()])) as Record<
    (typeof SERIES_FILTERS)[number],
    z.ZodOptional<typeof word>
  >),
});

export const ALERT_RULE = z
  .strictObject({
    metric: z.enum(SERIES_METRICS),
    filter: FILTER.default({}).describe('Which rows count; what a metric takes says the series of it.'),
    windowS: z
      .number()
      .int()
      .min(5 * MINUTE_S)
      .max(30 * DAY_S)
      .describe(
        'Seconds, 5 minutes to 30 days: rows that began in so long before what has been read completely.',
      ),
    direction: z.enum(DIRECTIONS),
    threshold: z
      .number()
      .min(-MOST_THRESHOLD)
      .max(MOST_THRESHOLD)
      .describe('In the unit of the metric; the value itself is neither above nor below.'),
  })
  .superRefine(({ metric, filter }, context) => {
    const fault = faultOfFilter(metric, filter);
    if (fault !== null)
      context.addIssue({ code: 'custom', path: ['filter', fault.field], message: fault.fault });
  });
export type AlertRule = z.output<typeof ALERT_RULE>;
