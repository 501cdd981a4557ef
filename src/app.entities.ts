import { AGENT_ANALYTICS_ENTITIES } from './agent-analytics/agent-analytics.entities.js';
import { DESTINY_ENTITIES } from './destiny/destiny.entities.js';
import { IDENTITY_ENTITIES } from './identity/identity.entities.js';
import { MARKET_ENTITIES } from './market/market.entities.js';
import { AUDIT_ENTITIES } from './platform/audit/audit.entities.js';
import { HTTP_ENTITIES } from './platform/http/http.entities.js';
import { JOBS_ENTITIES } from './platform/jobs/jobs.entities.js';
import { NOTIFICATION_ENTITIES } from './platform/notifications/notifications.entities.js';
import { WEBHOOK_ENTITIES } from './platform/operations/webhooks/webhooks.entities.js';
import { OUTBOUND_ENTITIES } from './platform/outbound/outbound.entities.js';
import { PROFILING_ENTITIES } from './platform/profiling/profiling.entities.js';
import { STORAGE_ENTITIES } from './platform/storage/storage.entities.js';
import { SYNC_ENTITIES } from './platform/sync/sync.entities.js';
import { VAULT_ENTITIES } from './platform/vault/vault.entities.js';
import { RUNNING_ENTITIES } from './running/running.entities.js';
import { TABLETOP_ENTITIES } from './tabletop/tabletop.entities.js';
import type { Entities } from './platform/database/database.module.js';

/**
 * Entities of every domain, served or not: all domains migrate and are checked whatever DOMAINS says. In a file that imports no
 * module, since every test with a database reads it.
 */
export const ENTITIES: Entities = [
  ...HTTP_ENTITIES,
  ...JOBS_ENTITIES,
  ...OUTBOUND_ENTITIES,
  ...WEBHOOK_ENTITIES,
  ...PROFILING_ENTITIES,
  ...IDENTITY_ENTITIES,
  ...VAULT_ENTITIES,
  ...AUDIT_ENTITIES,
  ...STORAGE_ENTITIES,
  ...NOTIFICATION_ENTITIES,
  ...SYNC_ENTITIES,
  ...MARKET_ENTITIES,
  ...AGENT_ANALYTICS_ENTITIES,
  ...DESTINY_ENTITIES,
  ...RUNNING_ENTITIES,
  ...TABLETOP_ENTITIES,
];
