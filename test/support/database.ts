import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A database of one's own, cloned from the migrated template with the shipped catalogue in it. */
export interface TestDatabase {
  /** URL of the owner role. */
  url: string;
  drop(): Promise<void>;
}

const TEMPLATE = 'guildhall_template';

export async function createTestDatabase(template: string | null = TEMPLATE): Promise<TestDatabase> {
  const cluster = process.env['GUILDHALL_TEST_CLUSTER_URL'];
  if (cluster === undefined) throw new Error('The test cluster is not running: run tests through jest');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onCluster(cluster, `CREATE DATABASE ${name}${template === null ? '' : ` TEMPLATE ${template}`}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropDatabase(cluster, name) };
}

const DROP_TRIES = 20;
const INSUFFICIENT_PRIVILEGE = '42501';

/** A vacuum under way in it is the superuser's, whom the owner may not end: it is over in a moment. */
async function dropDatabase(cluster: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await onCluster(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    } catch (error) {
      if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE || attempt === DROP_TRIES) throw error;
      await sleep(250);
    }
  }
}

async function onCluster(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
