import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { FORGET_EXPIRED, KEEP_KEYS_FRESH, SEND_ACCOUNT_MAIL } from './accounts/accounts.jobs.js';
import { EXPIRE_GRANT, FORGET_AUTHORIZATIONS, REVOKE_TOKEN } from './connections/connections.jobs.js';
import { ERASE_ACCOUNT, EXPORT_ACCOUNT, SWEEP_ERASURES } from './data-rights/data-rights.jobs.js';
import { DATA_RIGHTS_QUEUE, EXPORTS_QUEUE, IDENTITY_QUEUE } from './identity.queues.js';

/** What identity does in the background. */
export const IDENTITY_JOBS: JobCatalog = {
  queues: [IDENTITY_QUEUE, DATA_RIGHTS_QUEUE, EXPORTS_QUEUE],
  jobs: [
    SEND_ACCOUNT_MAIL,
    FORGET_EXPIRED,
    KEEP_KEYS_FRESH,
    REVOKE_TOKEN,
    EXPIRE_GRANT,
    FORGET_AUTHORIZATIONS,
    EXPORT_ACCOUNT,
    ERASE_ACCOUNT,
    SWEEP_ERASURES,
  ],
  schedules: [
    {
      id: 'identity.sweep-erasures-often',
      job: SWEEP_ERASURES,
      payload: {},
      due: { everyMs: 600_000 },
    },
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
