import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findPostmaster } from '../../src/platform/database/embedded-postmaster.js';
import { findRunningEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { IngestLoad } from '../support/ingest-load.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { processesNaming, TrialFolders } from '../support/start-trial.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// kill -9 at any moment. Every batch that was answered with 201 is there afterwards, every other one wholly or not at all, and
// the next start serves at once.

const PARTS = 12;
const ROWS_PER_PART = 5_000;

describe('a Guildhall that is killed while it ingests', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('has lost nothing that it acknowledged, five times over', async () => {
    const load = new IngestLoad();
    for (let round = 0; round < 5; round += 1) {
      const server = await startServerProcess({ DATABASE_URL: database.url });
      const before = load.acknowledged.length;
      load.start(server.url);
      await waitUntil('batches are stored', 30_000, () => load.acknowledged.length > before + 3 + round * 4);
      server.kill('SIGKILL');
      expect(await server.exited).toBe('SIGKILL');
      await load.stop();
    }
    await load.expectNothingLost(database.url);
  }, 180_000);
});

describe('a Guildhall with its own database', () => {
  const folders = new TrialFolders();
  const load = new IngestLoad();
  let dir: string;
  let server: ServerProcess;

  const start = async (): Promise<void> => {
    server = await startServerProcess({ DATA_DIR: dir });
  };
  const embedded = async (): Promise<{ pid: number; url: string }> => {
    const running = await findRunningEmbeddedPostgres({ dir });
    return { pid: findPostmaster(join(dir, 'postgres'))!.pid, url: running!.url };
  };
  const ingestSome = async (count: number): Promise<void> => {
    const before = load.acknowledged.length;
    load.start(server.url);
    await waitUntil('batches are stored', 30_000, () => load.acknowledged.length >= before + count);
  };

  beforeAll(async () => {
    dir = folders.make();
    await start();
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    expect(processesNaming(dir)).toEqual([]);
    folders.cleanUp();
  });

  it('leaves an orphan when it is killed, which the next start takes over', async () => {
    for (let round = 0; round < 2; round += 1) {
      await ingestSome(5);
      const orphan = await embedded();
      server.kill('SIGKILL');
      await server.exited;
      await load.stop();
      expect(processesNaming(dir)).toContain(orphan.pid);
      await load.expectNothingLost(orphan.url);
      await start();
      expect(server.output()).toContain('left running by a killed process, taken over');
      expect((await embedded()).pid).toBe(orphan.pid);
      await load.expectNothingLost((await embedded()).url);
    }
  }, 60_000);

  it('recovers when its database is killed with it', async () => {
    await ingestSome(5);
    for (const pid of [server.pid, ...processesNaming(dir)]) process.kill(pid, 'SIGKILL');
    await server.exited;
    await load.stop();
    await waitUntil('all are gone', 5_000, () => processesNaming(dir).length === 0);
    await start();
    expect((await get(server.url, '/health')).json).toMatchObject({ status: 'healthy' });
    await load.expectNothingLost((await embedded()).url);
    await ingestSome(3);
    await load.stop();
  }, 60_000);

  it('recovers by itself when PostgreSQL crashes and restarts under it', async () => {
    await ingestSome(3);
    const { url } = await embedded();
    process.kill(await backendOf(url), 'SIGKILL'); // to PostgreSQL, memory that all backends share is now suspect
    await waitUntil('somebody has noticed', 10_000, () => load.refusals.length > 0);
    await waitUntil(
      'it is ready again',
      10_000,
      async () => (await get(server.url, '/health/ready')).status === 200,
    );
    const again = load.acknowledged.length;
    await waitUntil('batches are stored again', 10_000, () => load.acknowledged.length > again + 3);
    await load.stop();
    expectUnavailable();
    await load.expectNothingLost(url);
  }, 60_000);

  const killDatabase = async (): Promise<void> => {
    const { pid, url } = await embedded();
    load.start(server.url);
    process.kill(pid, 'SIGKILL');
    // It can be back before a batch meets its absence.
    await waitUntil('another runs', 20_000, () => {
      const other = findPostmaster(join(dir, 'postgres'));
      return other?.phase === 'ready' && other.pid !== pid;
    });
    const again = load.acknowledged.length;
    await waitUntil('batches are stored again', 10_000, () => load.acknowledged.length > again + 3);
    await load.stop();
    expectUnavailable();
    expect((await embedded()).url).toBe(url);
    expect((await get(server.url, '/health/ready')).status).toBe(200);
    await load.expectNothingLost(url);
  };

  it('brings its database back when that alone is killed', killDatabase, 60_000);

  it('carries an import to its end although its database is killed under the job', async () => {
    const url = OBSERVATIONS_PATH.replace('observations', 'imports');
    const { id } = (await post(server.url, url, { format: 'csv' })).json as { id: string };
    const header = 'externalId,unitPrice,lots,capturedAt,source';
    for (let part = 0; part < PARTS; part += 1) {
      const rows = Array.from({ length: ROWS_PER_PART }, (_, row) => {
        const at = new Date(Date.UTC(2022, 0, 1) + (part * ROWS_PER_PART + row) * 1_200_000).toISOString();
        return `910000099,${1 + row},1,${at},old-book`;
      });
      const body = part === 0 ? [header, ...rows].join('\n') : rows.join('\n');
      const headers = { 'content-type': 'text/csv' };
      expect((await call(server.url, 'PUT', `${url}/${id}/parts/${part}`, { headers, body })).status).toBe(
        200,
      );
    }
    const find = async (): Promise<Answer['json']> =>
      (await get(server.url, `${url}/${id}`, { token: INGEST_TOKEN })).json;
    expect((await post(server.url, `${url}/${id}/start`, undefined)).status).toBe(202);
    await waitUntil('some rows are in', 20_000, async () => (await find()).acceptedCount > 0);
    const database = await embedded();
    process.kill(database.pid, 'SIGKILL');
    await waitUntil('the import is finished', 60_000, async () => (await find()).state === 'finished');
    const accepted = PARTS * ROWS_PER_PART;
    expect(await find()).toMatchObject({ acceptedCount: accepted, duplicateCount: 0, rejectedCount: 0 });
    expect((await embedded()).pid).not.toBe(database.pid);
    expect(
      await queryRows(
        (await embedded()).url,
        `SELECT count(*)::int AS rows FROM market.observation o JOIN market.item i ON i.id = o.item_id
         WHERE i.external_id = 910000099`,
        [],
      ),
    ).toEqual([{ rows: accepted }]);
  }, 120_000);

  it('brings a database back that it took over', async () => {
    server.kill('SIGKILL');
    await server.exited;
    await start();
    expect(server.output()).toContain('taken over');
    await killDatabase();
  }, 60_000);

  /** Refused are only batches that met the database away; forgets them. */
  function expectUnavailable(): void {
    for (const { status, text } of load.refusals.splice(0))
      expect({ status, code: JSON.parse(text).code }).toEqual({
        status: 503,
        code: 'http/database-unavailable',
      });
  }
});

describe('a Guildhall whose own database cannot be brought back', () => {
  it('ends with one sentence', async () => {
    const folders = new TrialFolders();
    const dir = folders.make();
    const server = await startServerProcess({ DATA_DIR: dir });
    const cluster = join(dir, 'postgres');
    const { pid } = findPostmaster(cluster)!;
    renameSync(join(cluster, 'global'), join(cluster, 'gone'));
    process.kill(pid, 'SIGKILL');
    expect(await server.exited).toBe(1);
    expect(server.output()).toMatch(/^PostgreSQL in .* did not start: .*\.$/m); // among log lines
    await waitUntil('all are gone', 5_000, () => processesNaming(dir).length === 0);
    folders.cleanUp();
  }, 60_000);
});

/** A process of PostgreSQL that serves one of the program's lasting connections. */
async function backendOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'guildhall app' LIMIT 1",
    );
    return rows[0]!.pid;
  } finally {
    await client.end();
  }
}
