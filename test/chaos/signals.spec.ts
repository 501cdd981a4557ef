import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRunningEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FlakyProxy } from '../support/flaky-proxy.js';
import { IngestLoad } from '../support/ingest-load.js';
import { RawConnection } from '../support/raw-socket.js';
import { type ServerProcess, spawnServer, startServerProcess } from '../support/server-process.js';
import { JSON_TYPE, requestHead } from '../support/stalled-clients.js';
import { expectOneSentence, processesNaming, startUntilExit, TrialFolders } from '../support/start-trial.js';
import { waitUntil } from '../support/wait-until.js';

// SIGTERM and SIGINT: what is under way is finished, then everything ends, the embedded PostgreSQL included, with exit code 0.

const isListening = (base: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(base);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  let database: TestDatabase;
  let proxy: FlakyProxy;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await FlakyProxy.before(database.url);
    server = await startServerProcess({ DATABASE_URL: proxy.urlOf(database.url) });
  });

  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  it('lets the requests in flight finish, takes no new ones, and exits with 0', async () => {
    const element = { name: 'Objet en route', unitPrice: 5, capturedAt: new Date().toISOString() };
    await post(server.url, OBSERVATIONS_PATH, [element]);
    await proxy.become('holding'); // what is asked of the database now takes until we let go
    const inFlight: Promise<Answer>[] = [
      post(server.url, OBSERVATIONS_PATH, [{ ...element, unitPrice: 6 }]),
      post(server.url, OBSERVATIONS_PATH, [{ ...element, unitPrice: 7, name: 'Autre objet en route' }]),
      get(server.url, '/api/v1/market/games/dofus/items/1'),
      get(server.url, '/api/v1/market/games'),
    ];
    await waitUntil('they are under way', 10_000, () => proxy.bytesFromClients > 300);
    await sleep(700); // so that what asks the database twice a second waits, too, and may not keep the port open
    const idle = new RawConnection(server.url);
    await idle.write('');
    server.kill(signal);
    await waitUntil('it takes no new connections', 10_000, async () => !(await isListening(server.url)));
    expect(idle.isClosed || (await waitUntil('the idle one is closed', 10_000, () => idle.isClosed))).toBe(
      true,
    );
    await proxy.become('passing');
    const answers = await Promise.all(inFlight);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('connection'))).toEqual(Array(4).fill('close'));
    expect(await server.exited).toBe(0);
  });
});

describe('with the embedded database', () => {
  const folders = new TrialFolders();
  let dir: string;

  beforeAll(async () => {
    dir = folders.make();
    const first = await startServerProcess({ DATA_DIR: dir });
    await first.stop();
  }, 60_000);

  afterEach(() => {
    expect(processesNaming(dir)).toEqual([]);
  });

  afterAll(() => {
    folders.cleanUp();
  });

  it('a second start says which one runs, and harms it not', async () => {
    const server = await startServerProcess({ DATA_DIR: dir });
    const port = new URL(server.url).port;
    expectOneSentence(
      await startUntilExit({ env: { DATA_DIR: dir } }),
      new RegExp(
        `^Another Guildhall \\(process ${server.pid}\\) is already running on ${dir}; stop it or set DATA_DIR`,
      ),
    );
    expectOneSentence(await startUntilExit({ env: { DATA_DIR: dir, PORT: port } }), /^Port \d+ is taken/);
    expect((await get(server.url, '/health/ready')).status).toBe(200);
    await server.stop();
    expect(await server.exited).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s under load ends everything, and all that was acknowledged is there',
    async (signal) => {
      const server = await startServerProcess({ DATA_DIR: dir });
      const load = new IngestLoad();
      load.start(server.url);
      await waitUntil('batches are stored', 10_000, () => load.acknowledged.length > 10);
      server.kill(signal);
      expect(await server.exited).toBe(0);
      await load.stop();
      expect(processesNaming(dir)).toEqual([]);
      const again = await startServerProcess({ DATA_DIR: dir });
      expect(again.output()).not.toContain('taken over');
      await load.expectNothingLost((await findRunningEmbeddedPostgres({ dir }))!.url);
      await again.stop();
    },
  );

  it('waits for a client that stalls no longer than the grace', async () => {
    const server = await startServerProcess({ DATA_DIR: dir, SHUTDOWN_GRACE_S: '0.5' });
    const stalled = new RawConnection(server.url);
    await stalled.write(
      `${requestHead('POST', OBSERVATIONS_PATH, { ...JSON_TYPE, 'Content-Length': 100 })}[{"na`,
    );
    const other = new RawConnection(server.url);
    await other.write('GET /health HTTP/1.1\r\nHost');
    expect((await get(server.url, '/health/ready')).status).toBe(200);
    const startedMs = performance.now();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(10_000); // the request's own limit is 30 s
    expect(server.output()).not.toContain('did not end in time');
    await Promise.all([stalled.closed, other.closed]);
  });

  it('an impatient second and third interrupt leave nothing behind either', async () => {
    const server = await startServerProcess({ DATA_DIR: dir });
    for (let index = 0; index < 3; index += 1) server.kill('SIGINT');
    expect([0, 130]).toContain(await server.exited);
  });

  it('an interrupt during the start leaves nothing behind', async () => {
    const moments: [string, (output: () => string) => boolean | Promise<boolean>][] = [
      ['when it has just been started', () => true],
      ['when PostgreSQL is there', () => processesNaming(dir).length > 0],
      ['when PostgreSQL answers', async () => (await findRunningEmbeddedPostgres({ dir })) !== null],
      ['when it says its address', (output) => output().includes('API')],
    ];
    for (const [moment, hasCome] of moments) {
      const server = spawnServer({ DATA_DIR: dir });
      await waitUntil(moment, 10_000, () => hasCome(() => server.output()));
      server.kill('SIGTERM');
      expect({ moment, code: await server.exited }).toEqual({
        moment,
        code: moment.includes('just') ? expect.anything() : 0,
      });
      expect({ moment, left: processesNaming(dir) }).toEqual({ moment, left: [] });
    }
  }, 60_000);
});
