import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { FlakyProxy } from '../../../test/support/flaky-proxy.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { openQueueBackend, type QueueBackend } from './queue-backend.js';

let database: TestDatabase;
let proxy: FlakyProxy;
let backend: QueueBackend;
let queue: ReturnType<QueueBackend['queue']>;
let worker: ReturnType<QueueBackend['worker']>;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await FlakyProxy.before(database.url);
  const url = proxy.urlOf(database.url);
  backend = openQueueBackend({
    target: { url, directUrl: url, pooler: 'none', poolMax: 2 },
    redisUrl: undefined,
    listeners: 1,
  });
});

afterAll(async () => {
  await worker.close();
  await queue.close();
  await backend.close();
  await proxy.close();
  await database.drop();
});

describe('queues in a database that is away when they are first asked for', () => {
  it('leave the process its time, and work when it is back', async () => {
    await proxy.become('refusing');
    const done: string[] = [];
    queue = backend.queue('late');
    worker = backend.worker('late', () => Promise.resolve(), {});
    worker.on('completed', (job) => done.push(job.name));
    worker.opts.runRetryDelay = 50;
    void worker.run();
    await expect(queue.add('too early', { payload: {}, ownerId: 'x' })).rejects.toThrow();
    // Timers are served at all only where the worker waits between its tries.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));

    await proxy.become('passing');
    // Whoever asks while the last look before is still on its way hears of its failure.
    await waitUntil('it is taken', 30_000, () =>
      queue.add('in time', { payload: {}, ownerId: 'x' }).then(
        () => true,
        () => false,
      ),
    );
    await waitUntil('it has run and is over', 30_000, () => done.length === 1);
    expect(done).toEqual(['in time']);
  });
});
