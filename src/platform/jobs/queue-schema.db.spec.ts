import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { connectOwner } from '../database/migrate.js';
import { QUEUE_SCHEMA } from '../database/queue-pool.js';
import { migrateQueueSchema } from './queue-schema.js';

describe('the schema of the queue', () => {
  let database: TestDatabase;
  const other = (): pg.Client => new pg.Client({ connectionString: database.url });

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('is brought up while another process holds its tables in another order', async () => {
    const owner = await connectOwner(database.url);
    const holder = other();
    const watcher = other();
    await Promise.all([holder.connect(), watcher.connect()]);
    try {
      await holder.query('BEGIN');
      await holder.query(`LOCK TABLE ${QUEUE_SCHEMA}.event IN SHARE UPDATE EXCLUSIVE MODE`);
      const brought = migrateQueueSchema(owner).then(() => 'brought up');
      await waitUntil('it waits for the table', 10_000, async () => {
        const { rows } = await watcher.query<{ waits: boolean }>(
          `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = '${QUEUE_SCHEMA}.event'::regclass) AS waits`,
        );
        return rows[0]!.waits;
      });
      await holder.query(`LOCK TABLE ${QUEUE_SCHEMA}.job IN SHARE UPDATE EXCLUSIVE MODE`);
      await holder.query('COMMIT');
      expect(await brought).toBe('brought up');
    } finally {
      await Promise.all([owner.end(), holder.end(), watcher.end()]);
    }
  });
});
