import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { FORGET_EXPIRED, KEEP_KEYS_FRESH, SEND_ACCOUNT_MAIL } from './accounts/accounts.jobs.js';
import { FORGET_AUTHORIZATIONS, REVOKE_TOKEN } from './connections/connections.jobs.js';
import { IDENTITY_QUEUE } from './identity.queues.js';

/** What identity does in the background. */
export const IDENTITY_JOBS: JobCatalog = {
  queues: [IDENTITY_QUEUE],
  jobs: [SEND_ACCOUNT_MAIL, FORGET_EXPIRED, KEEP_KEYS_FRESH, REVOKE_TOKEN, FORGET_AUTHORIZATIONS],
  schedules: [
    {
      id: 'identity.forget-expired-hourly',
      job: FORGET_EXPIRED,
      payload: {},
      due: { cron: '17 * * * *', tz: 'UTC' },
    },
    {
      id: 'identity.keep-keys-fresh-daily',
      job: KEEP_KEYS_FRESH,
      payload: {},
      due: { cron: '10 2 * * *', tz: 'UTC' },
    },
    {
      id: 'identity.forget-authorizations-hourly',
      job: FORGET_AUTHORIZATIONS,
      payload: {},
      due: { cron: '27 * * * *', tz: 'UTC' },
    },
  ],
};
