import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { EVALUATE_ALERTS, SWEEP_ALERTS } from './alerts/alerts.jobs.js';
import { REFRESH_FIGURES } from './analytics/figures.jobs.js';
import { REFRESH_CALENDAR } from './calendar/calendar.jobs.js';
import { SWEEP_ITEM } from './catalog/items.jobs.js';
import { MAKE_DUMPS } from './dumps/dumps.jobs.js';
import { EXPIRE_IMPORTS, IMPORT_HISTORY } from './imports/imports.jobs.js';
import {
  MARKET_ALERT_QUEUE,
  MARKET_DUMP_QUEUE,
  MARKET_FIGURES_QUEUE,
  MARKET_IMPORT_QUEUE,
  MARKET_QUEUE,
} from './market.queues.js';
import { DETACH_RAW, MAKE_PARTITIONS, REFRESH_ROLLUPS, ROLL_OVER } from './rollups/rollups.jobs.js';

/** What the market does in the background. */
export const MARKET_JOBS: JobCatalog = {
  queues: [MARKET_QUEUE, MARKET_IMPORT_QUEUE, MARKET_FIGURES_QUEUE, MARKET_ALERT_QUEUE, MARKET_DUMP_QUEUE],
  jobs: [
    REFRESH_ROLLUPS,
    ROLL_OVER,
    MAKE_PARTITIONS,
    DETACH_RAW,
    IMPORT_HISTORY,
    EXPIRE_IMPORTS,
    REFRESH_FIGURES,
    REFRESH_CALENDAR,
    SWEEP_ITEM,
    EVALUATE_ALERTS,
    SWEEP_ALERTS,
    MAKE_DUMPS,
  ],
  schedules: [
    { id: 'market.roll-over-minutely', job: ROLL_OVER, payload: {}, due: { everyMs: 60_000 } },
    { id: 'market.roll-over-daily', job: ROLL_OVER, payload: {}, due: { cron: '0 0 * * *', tz: 'UTC' } },
    {
      id: 'market.make-partitions-daily',
      job: MAKE_PARTITIONS,
      payload: {},
      due: { cron: '20 1 * * *', tz: 'UTC' },
    },
    { id: 'market.detach-raw-daily', job: DETACH_RAW, payload: {}, due: { cron: '40 1 * * *', tz: 'UTC' } },
    {
      id: 'market.expire-imports-daily',
      job: EXPIRE_IMPORTS,
      payload: {},
      due: { cron: '0 2 * * *', tz: 'UTC' },
    },
    {
      id: 'market.refresh-calendar-daily',
      job: REFRESH_CALENDAR,
      payload: {},
      due: { cron: '0 6 * * *', tz: 'UTC' },
    },
    {
      id: 'market.sweep-alerts-quarter-hourly',
      job: SWEEP_ALERTS,
      payload: {},
      due: { cron: '*/15 * * * *', tz: 'UTC' },
    },
    { id: 'market.make-dumps-hourly', job: MAKE_DUMPS, payload: {}, due: { cron: '10 * * * *', tz: 'UTC' } },
  ],
};
