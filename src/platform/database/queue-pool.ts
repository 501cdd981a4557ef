import pg from 'pg';
import { type DatabaseTarget, roleConfig } from './connection-config.js';

/** Schema of the queue's own tables; nobody else's. */
export const QUEUE_SCHEMA = 'bullmq';

/** The library asks short questions only. Without a limit a silently lost connection would hold up the relay for minutes. */
const ANSWER_WITHIN_MS = 8_000;

/**
 * Connections for the queue library: the system role, past any pooler (it listens), its own schema first in the search path.
 * @param max connections; each worker keeps one for listening
 */
export function openQueuePool(target: DatabaseTarget, max: number): pg.Pool {
  const config = roleConfig({ ...target, url: target.directUrl, pooler: 'none' }, 'system');
  const pool = new pg.Pool({
    ...config,
    application_name: 'guildhall queue',
    options: `${config.options ?? ''} -c search_path=public,${QUEUE_SCHEMA}`,
    max,
    connectionTimeoutMillis: 5_000,
    query_timeout: ANSWER_WITHIN_MS,
  });
  pool.on('error', () => undefined); // an idle connection that broke; the pool replaces it
  pool.setMaxListeners(0); // each queue and worker adds one
  return pool;
}
