import { randomBytes } from 'node:crypto';
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
  return { url: url.href, drop: () => onCluster(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
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
