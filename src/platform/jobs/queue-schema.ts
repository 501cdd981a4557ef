import { runMigrations } from 'bullmq';
import type { OwnerClient } from '../database/migrate.js';
import { QUEUE_SCHEMA } from '../database/queue-pool.js';
import { roleName } from '../database/roles.js';

/**
 * Brings the queue's own tables up to the installed library and lets the system role use them. The library creates a
 * sequence per queue at run time, hence CREATE on its schema and on no other. Safe to call twice and by two at once: the
 * library holds an advisory lock of its own.
 * @param client connection of the owner, without a pooler in between
 */
export async function migrateQueueSchema(client: OwnerClient): Promise<void> {
  await runMigrations(client, QUEUE_SCHEMA);
  const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner');
  const system = client.escapeIdentifier(roleName(rows[0]?.owner ?? '', 'system'));
  await client.query(`
    GRANT USAGE, CREATE ON SCHEMA ${QUEUE_SCHEMA} TO ${system};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${system};
    GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO ${system};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${QUEUE_SCHEMA} TO ${system};
    ALTER TABLE ${QUEUE_SCHEMA}.job SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
    ALTER TABLE ${QUEUE_SCHEMA}.event SET (autovacuum_vacuum_scale_factor = 0.05);`);
}
