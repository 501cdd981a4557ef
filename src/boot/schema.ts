import {
  connectOwner,
  assertCurrent,
  listMigrationFiles,
  migrate,
  migrationState,
} from '../platform/database/migrate.js';
import { migrateQueueSchema } from '../platform/jobs/queue-schema.js';
import type { DatabaseTarget } from '../platform/database/connection-config.js';

/** Brings the schema up to this program (role `all`, `npm run migrate`). @returns the migrations applied here */
export async function bringSchemaUp(target: DatabaseTarget): Promise<string[]> {
  const client = await connectOwner(target.directUrl);
  try {
    const applied = await migrate(client, target.directUrl);
    await migrateQueueSchema(client);
    return applied;
  } finally {
    await client.end();
  }
}

/** Roles `api` and `worker` never migrate: they refuse a schema that is not theirs. @throws StartupError */
export async function requireCurrentSchema(target: DatabaseTarget): Promise<void> {
  const client = await connectOwner(target.directUrl);
  try {
    assertCurrent(await migrationState(client, await listMigrationFiles()));
  } finally {
    await client.end();
  }
}
