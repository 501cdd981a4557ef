import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/platform/database/embedded-postgres.js';
import { startDebianPostgres } from './debian-postgres.mjs';

// One PostgreSQL per test run, and in it one template database that the product itself migrated and filled with its facts;
// each spec clones that template in a fraction of a second (test/support/database.ts). Jest does not transform this file's imports, so it uses the built launcher.

const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
/** Each spec that runs has servers with pools of their own. */
const ROOMY = { ...FAST, max_connections: '200' };
const TEMPLATE = 'guildhall_template';

export default async function globalSetup() {
  const dir = mkdtempSync(join(tmpdir(), 'guildhall-test-'));
  chmodSync(dir, 0o755); // root's server runs under another account, which must get in
  const cluster =
    process.env.GUILDHALL_TEST_POSTGRES === 'debian'
      ? await startDebianPostgres(dir, ROOMY)
      : await startEmbeddedPostgres({ dir, settings: ROOMY });
  globalThis.testCluster = {
    stop: async () => {
      await cluster.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  process.env.GUILDHALL_TEST_CLUSTER_URL = cluster.url;
  process.env.GUILDHALL_TEST_DATA_DIR = join(dir, 'installations');

  const owner = new pg.Client({ connectionString: cluster.url });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${TEMPLATE}`);
  await owner.end();
  const url = new URL(cluster.url);
  url.pathname = `/${TEMPLATE}`;
  execFileSync(process.execPath, ['dist/cli.js', 'migrate'], {
    env: { ...process.env, DATABASE_URL: url.href, DEMO_SEED: 'false', DATA_DIR: join(dir, 'template') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
