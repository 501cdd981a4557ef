import { runMigrations } from 'bullmq';
import { ADVISORY_LOCK } from '../database/advisory-locks.js';
import { sqlState } from '../database/database.errors.js';
import type { OwnerClient } from '../database/migrate.js';
import { QUEUE_SCHEMA } from '../database/queue-pool.js';
import { roleName } from '../database/roles.js';

const MOST_ATTEMPTS = 5;
const DEADLOCK = '40P01';

/**
 * Brings the queue's own tables up to the installed library and lets the system role use them. The library creates a
 * sequence per queue at run time, hence CREATE on its schema and on no other. Safe to call twice and by two at once, one
 * after the other: two GRANTs on one table at the same moment would fail.
 * @param client connection of the owner, without a pooler in between
 */
export async function migrateQueueSchema(client: OwnerClient): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1, 1)', [ADVISORY_LOCK.migrations]);
  try {
    await runMigrations(client, QUEUE_SCHEMA);
    await grantToSystem(client);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1, 1)', [ADVISORY_LOCK.migrations]);
  }
}

async function grantToSystem(client: OwnerClient): Promise<void> {
  const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner');
  const system = client.escapeIdentifier(roleName(rows[0]?.owner ?? '', 'system'));
  const statements = [
    `GRANT USAGE, CREATE ON SCHEMA ${QUEUE_SCHEMA} TO ${system}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${system}`,
    `GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO ${system}`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} TO ${system}`,
    `ALTER TABLE ${QUEUE_SCHEMA}.job SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)`,
    `ALTER TABLE ${QUEUE_SCHEMA}.event SET (autovacuum_vacuum_scale_factor = 0.05)`,
  ];
  for (const statement of statements) await againAfterDeadlock(() => client.query(statement));
}

/**
 * Another process may work with the queue meanwhile, or a killed one's last transaction may not have ended yet. One statement at a time holds
 * few locks; where they still cross, PostgreSQL ends ours, which is safe to repeat.
 */
async function againAfterDeadlock(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1)
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || sqlState(error) !== DEADLOCK) throw error;
    }
}
