import { afterEach, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/database/embedded-postgres.js';
import { defineJob, defineQueue } from '../../src/platform/jobs/job-definition.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { addEffect, handlerOf, JobTrial, onEachBackend, type TrialParts } from '../support/job-trial.js';
import { FlakyProxy } from '../support/flaky-proxy.js';
import type { TestDatabase } from '../support/database.js';
import { TrialFolders } from '../support/start-trial.js';
import { waitUntil } from '../support/wait-until.js';

// What jobs run on goes away under them: Redis loses its memory or restarts, PostgreSQL drops every connection or answers
// slowly. Every effect is there once in the end, and nothing has to be done by hand.

const ADD = defineJob({
  name: 'test.add-effect',
  queue: 'test',
  payload: z.object({ key: z.string() }),
  attempts: 2,
  backoff: { kind: 'fixed', delayMs: 50 },
  timeoutMs: 10_000,
  dedupKey: null,
});
const PARTS: TrialParts = {
  catalog: {
    queues: [defineQueue({ name: 'test', concurrency: 4, limiter: null })],
    jobs: [ADD],
    schedules: [],
  },
  handlers: [
    handlerOf(ADD, async ({ key }, run) => {
      await sleep(40);
      await addEffect(run, key);
    }),
  ],
  jobs: { lockMs: 1_000, relay: { sweepEveryMs: 500, overdueMs: 1_500 } },
};
const COUNT = 120;
const KEYS = Array.from({ length: COUNT }, (_, index) => `job-${String(index).padStart(3, '0')}`);

onEachBackend('jobs', (kind) => {
  let trial: JobTrial;
  let proxy: FlakyProxy | undefined;
  let server: OwnServer | undefined;

  afterEach(async () => {
    await trial.close();
    await proxy?.close();
    await server?.stop();
    [proxy, server] = [undefined, undefined];
  }, 60_000);

  const enqueueAll = (): Promise<number> =>
    trial.units.app.run(trial.scope, (tx) =>
      trial.jobs.enqueueMany(
        tx,
        trial.scope,
        ADD,
        KEYS.map((key) => ({ key })),
      ),
    );
  const untilUnderWay = (count: number): Promise<unknown> =>
    waitUntil('some are done', 20_000, async () => (await trial.effects()).length >= count);
  const expectEachOnce = async (): Promise<void> => {
    await waitUntil('all have ended', 60_000, async () => {
      const rows = await trial.units.owner("SELECT 1 FROM platform.job WHERE state <> 'done'");
      return rows.length === 0;
    });
    expect(await trial.effects()).toEqual(KEYS);
  };

  it('outlive a PostgreSQL that cuts every connection', async () => {
    trial = await JobTrial.open(kind, PARTS);
    await enqueueAll();
    for (const count of [10, 40]) {
      await untilUnderWay(count);
      await trial.units.owner(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    }
    await expectEachOnce();
  }, 90_000);

  it('outlive a PostgreSQL that is killed and starts again, twice', async () => {
    server = await OwnServer.start();
    trial = await JobTrial.open(kind, PARTS, { database: server.database });
    await enqueueAll();
    for (const count of [10, 40]) {
      await untilUnderWay(count);
      await server.kill();
    }
    await expectEachOnce();
  }, 120_000);

  it('outlive a PostgreSQL that is away for longer than all their tries', async () => {
    trial = await JobTrial.open(kind);
    proxy = await FlakyProxy.before(trial.units.url);
    await trial.addWorld(PARTS, proxy.urlOf(trial.units.url));
    await trial.units.app.run(trial.scope, (tx) =>
      trial.rows.insertJobs(
        tx,
        trial.scope.id,
        KEYS.map((key) => newRow(key)),
      ),
    );
    await untilUnderWay(10);
    await proxy.become('refusing');
    await sleep(4_000);
    await proxy.become('passing');
    await expectEachOnce();
  }, 90_000);

  it('outlive a PostgreSQL that holds its answers', async () => {
    trial = await JobTrial.open(kind);
    proxy = await FlakyProxy.before(trial.units.url);
    await trial.addWorld(PARTS, proxy.urlOf(trial.units.url));
    await trial.units.app.run(trial.scope, (tx) =>
      trial.rows.insertJobs(
        tx,
        trial.scope.id,
        KEYS.map((key) => newRow(key)),
      ),
    );
    for (const holdMs of [300, 1_200, 3_500]) {
      await untilUnderWay(5);
      await proxy.become('holding');
      await sleep(holdMs);
      await proxy.become('passing');
    }
    await expectEachOnce();
  }, 90_000);

  if (kind !== 'redis') return;

  it('are handed over again when Redis was flushed', async () => {
    trial = await JobTrial.open(kind, PARTS);
    await enqueueAll();
    for (const count of [10, 40]) {
      await untilUnderWay(count);
      await trial.redis!.flush();
    }
    await expectEachOnce();
  }, 90_000);

  it.each([
    ['remembers what it acknowledged', true],
    ['forgets everything', false],
  ])(
    'outlive a Redis that is killed and %s',
    async (_what, isDurable) => {
      trial = await JobTrial.open(kind, PARTS, { isDurable });
      await enqueueAll();
      await untilUnderWay(10);
      await trial.redis!.kill();
      await trial.enqueue(ADD, { key: 'job-999' }); // the business goes on: the row is all it needs
      await sleep(1_500);
      await trial.redis!.start();
      await waitUntil('all have ended', 60_000, async () => {
        const rows = await trial.units.owner("SELECT 1 FROM platform.job WHERE state <> 'done'");
        return rows.length === 0;
      });
      expect(await trial.effects()).toEqual([...KEYS, 'job-999']);
    },
    90_000,
  );
});

/** A PostgreSQL of this test's own, migrated, and launched again when it dies. */
class OwnServer {
  private constructor(
    private readonly folders: TrialFolders,
    private readonly server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<OwnServer> {
    const folders = new TrialFolders();
    const server = await startEmbeddedPostgres({ dir: folders.make() });
    void server.keepRunning(() => undefined);
    execFileSync(process.execPath, ['dist/cli.js', 'migrate'], {
      env: { ...process.env, DATABASE_URL: server.url, DEMO_SEED: 'false' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new OwnServer(folders, server);
  }

  get database(): TestDatabase {
    return { url: this.server.url, drop: () => Promise.resolve() };
  }

  async kill(): Promise<void> {
    const { pid } = this.server;
    process.kill(pid, 'SIGKILL');
    await waitUntil('another runs', 20_000, () => this.server.pid !== pid);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.folders.cleanUp();
  }
}

function newRow(key: string) {
  return {
    id: crypto.randomUUID(),
    name: ADD.name,
    queue: ADD.queue,
    payload: { key },
    dedupKey: null,
    delayMs: 0,
    parentId: null,
    waitingFor: 0,
  };
}
