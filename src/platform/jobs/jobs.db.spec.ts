import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type JobWorld, openJobWorld } from '../../../test/support/job-world.js';
import { hasRedis, startRedis, type TestRedis } from '../../../test/support/redis.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { HandlesJob } from './handles-job.js';
import { defineJob, defineQueue, type JobHandler, type JobRun } from './job-definition.js';
import { Jobs } from './jobs.service.js';

const QUEUE = defineQueue({ name: 'test', concurrency: 5, limiter: null });
const ADD = defineJob({
  name: 'test.add-effect',
  queue: 'test',
  payload: z.object({ key: z.string(), failures: z.number().default(0) }),
  attempts: 3,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 5_000,
  dedupKey: null,
});

@Injectable()
@HandlesJob(ADD)
class AddHandler implements JobHandler<z.output<typeof ADD.payload>> {
  static tries = new Map<string, number>();

  async handle({ key, failures }: z.output<typeof ADD.payload>, run: JobRun): Promise<void> {
    AddHandler.tries.set(key, run.attempt);
    if (run.attempt <= failures) throw new Error(`not yet ${key}`);
    await run.once((tx) =>
      tx.query({ name: 'test.insert', text: 'INSERT INTO platform.effect VALUES ($1)', values: [key] }),
    );
  }
}

const BACKENDS = [
  ['postgres', true],
  ['redis', hasRedis()],
] as const;

describe.each(BACKENDS)('jobs on %s', (kind, isThere) => {
  (isThere ? describe : describe.skip)(`with ${kind}`, () => {
    let units: TestUnits;
    let redis: TestRedis | undefined;
    let world: JobWorld;
    const scope = { id: randomUUID() };

    beforeAll(async () => {
      units = await openUnits();
      await units.owner('CREATE TABLE platform.effect (key text NOT NULL)');
      await units.owner('GRANT SELECT, INSERT ON platform.effect TO PUBLIC');
      if (kind === 'redis') redis = await startRedis();
      world = await openJobWorld({
        databaseUrl: units.url,
        redisUrl: redis?.url,
        catalog: { queues: [QUEUE], jobs: [ADD], schedules: [] },
        handlers: [AddHandler],
      });
    }, 60_000);

    afterAll(async () => {
      await world.close();
      await units.close();
      await redis?.stop();
    });

    const enqueue = (payload: { key: string; failures?: number }): Promise<string | undefined> =>
      units.app.run(scope, (tx) => world.app.get(Jobs).enqueue(tx, scope, ADD, { failures: 0, ...payload }));
    const stateOf = async (id: string): Promise<string | undefined> =>
      (await units.owner<{ state: string }>('SELECT state FROM platform.job WHERE id = $1', [id]))[0]?.state;
    const effects = async (key: string): Promise<number> =>
      (await units.owner('SELECT 1 FROM platform.effect WHERE key = $1', [key])).length;

    it('runs what was committed, once', async () => {
      const id = (await enqueue({ key: 'plain' }))!;
      await waitUntil('it is done', 10_000, async () => (await stateOf(id)) === 'done');
      expect(await effects('plain')).toBe(1);
    });

    it('tries again, and counts', async () => {
      const id = (await enqueue({ key: 'twice', failures: 2 }))!;
      await waitUntil('it is done', 10_000, async () => (await stateOf(id)) === 'done');
      expect(AddHandler.tries.get('twice')).toBe(3);
      expect(await effects('twice')).toBe(1);
    });

    it('gives up after the last try', async () => {
      const id = (await enqueue({ key: 'never', failures: 9 }))!;
      await waitUntil('it is dead', 10_000, async () => (await stateOf(id)) === 'dead');
      expect(await effects('never')).toBe(0);
    });

    it('never runs what was rolled back', async () => {
      await expect(
        units.app.run(scope, async (tx) => {
          await world.app.get(Jobs).enqueue(tx, scope, ADD, { key: 'gone', failures: 0 });
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      const id = (await enqueue({ key: 'after' }))!;
      await waitUntil('a later one is done', 10_000, async () => (await stateOf(id)) === 'done');
      expect(await effects('gone')).toBe(0);
    });
  });
});
