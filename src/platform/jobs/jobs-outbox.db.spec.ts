import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { addEffect, handlerOf, JobTrial, onEachBackend } from '../../../test/support/job-trial.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { EndedJobsRepository } from './ended-jobs.repository.js';
import { defineJob, defineQueue } from './job-definition.js';
import { RunningJob } from './running-job.js';

// The outbox itself: what is inserted once, what counts as the same, who sees it, when it goes.

const PLAIN = {
  queue: 'test',
  payload: z.object({ key: z.string() }),
  attempts: 1,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 20_000,
  dedupKey: null,
} as const;
const ADD = defineJob({ ...PLAIN, name: 'test.add-effect' });
const REFRESH = defineJob({ ...PLAIN, name: 'test.refresh', dedupKey: ({ key }) => key });

onEachBackend('the outbox', (kind) => {
  let trial: JobTrial;
  const started: string[] = [];
  let isHeld = false;

  beforeAll(async () => {
    trial = await JobTrial.open(kind, {
      catalog: {
        queues: [defineQueue({ name: 'test', concurrency: 5, limiter: null })],
        jobs: [ADD, REFRESH],
        schedules: [],
      },
      handlers: [
        handlerOf(ADD, async ({ key }, run) => void (await addEffect(run, key))),
        handlerOf(REFRESH, async ({ key }, run) => {
          started.push(key);
          while (isHeld) await sleep(10);
          await addEffect(run, key);
        }),
      ],
    });
  }, 60_000);
  afterAll(() => trial.close());

  it('adds no second job with a key while the first waits for its start', async () => {
    const first = await trial.enqueue(REFRESH, { key: 'weather' }, { delayMs: 1_000 });
    await trial.until(first, 'relayed');
    expect(await trial.tryEnqueue(REFRESH, { key: 'weather' })).toBeUndefined();
    const other = await trial.enqueue(REFRESH, { key: 'friends' });
    await trial.until(other, 'done');
    await trial.until(first, 'done');
    expect(started).toEqual(['friends', 'weather']);
  });

  it('lets a job see what a transaction did that left its own to it, however late that commits', async () => {
    const { units, jobs, scope } = trial;
    const first = await trial.enqueue(REFRESH, { key: 'late' }, { delayMs: 2_000 });
    let isCommitted = false;
    const startedBefore = started.length;
    await units.app.run(scope, async (tx) => {
      expect(await jobs.enqueue(tx, scope, REFRESH, { key: 'late' })).toBeUndefined();
      await trial.until(first, 'relayed');
      await sleep(3_000); // the first is due and would run
      expect(started.slice(startedBefore)).toEqual([]);
      isCommitted = true;
    });
    await trial.until(first, 'done');
    expect(isCommitted).toBe(true);
    expect(started.slice(startedBefore)).toEqual(['late']);
  });

  it('adds a second one when the first is to be cancelled', async () => {
    const first = await trial.enqueue(REFRESH, { key: 'unwanted' }, { delayMs: 5_000 });
    await trial.until(first, 'relayed');
    await trial.cancel(first);
    const second = await trial.enqueue(REFRESH, { key: 'unwanted' });
    await trial.until(second, 'done');
    expect((await trial.until(first, 'cancelled')).error).toBeTruthy();
  });

  it('keeps work that serves everybody to the platform', async () => {
    const { units, jobs, scope } = trial;
    const payloads = [{ key: 'for others' }, { key: 'for all' }];
    await units.app.run(scope, (tx) => jobs.enqueueShared(tx, ADD, payloads));
    await units.app.run(scope, (tx) => jobs.enqueueShared(tx, ADD, []));
    await waitUntil('they have run', 10_000, async () => {
      const effects = await trial.effects();
      return payloads.every(({ key }) => effects.includes(key));
    });
    const page = { state: null, name: null, before: null, limit: 200 };
    const mine = await units.app.run(scope, (tx) => trial.rows.listPage(tx, page));
    expect(mine.filter(({ userId }) => userId === SYSTEM_SCOPE.id)).toEqual([]);
    const [row] = await units.owner<{ id: string; user_id: string }>(
      `SELECT id, user_id FROM platform.job WHERE payload ->> 'key' = 'for all'`,
    );
    expect(row!.user_id).toBe(SYSTEM_SCOPE.id);
    expect(await units.app.run(scope, (tx) => trial.rows.updateCancelRequested(tx, row!.id))).toBeUndefined();
  });

  it('adds a second one once the first runs, since that may have read before the newest change', async () => {
    isHeld = true;
    const first = await trial.enqueue(REFRESH, { key: 'prices' });
    await waitUntil('it runs', 10_000, () => started.includes('prices'));
    const second = await trial.enqueue(REFRESH, { key: 'prices' }, { delayMs: 1_000 }); // or it might run as well
    expect(await trial.tryEnqueue(REFRESH, { key: 'prices' })).toBeUndefined();
    isHeld = false;
    await trial.until(first, 'done');
    await trial.until(second, 'done');
    expect((await trial.effects()).filter((key) => key === 'prices')).toHaveLength(2);
  });

  it('drives nothing once more whose key already waits', async () => {
    const cancelled = await trial.enqueue(REFRESH, { key: 'bank' }, { delayMs: 3_600_000 });
    await trial.cancel(cancelled);
    const waiting = await trial.enqueue(REFRESH, { key: 'bank' }, { delayMs: 3_600_000 });
    expect(await trial.redrive(cancelled)).toBe(false);
    await trial.cancel(waiting);
    expect(await trial.redrive(cancelled)).toBe(true);
  });

  it('enqueues an id once', async () => {
    const id = randomUUID();
    expect(await trial.tryEnqueue(ADD, { key: 'asked' }, { id })).toBe(id);
    expect(await trial.tryEnqueue(ADD, { key: 'asked' }, { id })).toBeUndefined();
    await trial.until(id, 'done');
    expect(await trial.tryEnqueue(ADD, { key: 'asked' }, { id })).toBeUndefined();
    await trial.until(await trial.enqueue(ADD, { key: 'asked later' }), 'done');
    expect((await trial.effects()).filter((key) => key === 'asked')).toHaveLength(1);
  });

  it('enqueues many in one go, without those that are the same', async () => {
    const payloads = Array.from({ length: 500 }, (_, index) => ({ key: `many ${index}` }));
    const enqueueMany = <Payload>(
      definition: Parameters<typeof trial.jobs.enqueueMany<Payload>>[2],
      of: readonly Payload[],
      delayMs = 0,
    ): Promise<number> =>
      trial.units.app.run(trial.scope, (tx) =>
        trial.jobs.enqueueMany(tx, trial.scope, definition, of, { delayMs }),
      );
    expect(await enqueueMany(ADD, [])).toBe(0);
    expect(await enqueueMany(REFRESH, [{ key: 'x' }, { key: 'y' }, { key: 'x' }], 3_600_000)).toBe(2);
    await expect(enqueueMany(ADD, [{ key: 7 as never }])).rejects.toThrow();
    expect(await enqueueMany(ADD, payloads)).toBe(500);
    await waitUntil('all have run', 20_000, async () => {
      const keys = await trial.effects();
      return keys.filter((key) => key.startsWith('many ')).length === 500;
    });
  });

  it('has one effect however many tries of one job end at the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.integer({ max: 15, min: 0 }), { minLength: 4, maxLength: 4 }),
        async (tries, holdsMs) => {
          const id = await trial.enqueue(ADD, { key: 'none' }, { delayMs: 3_600_000 });
          const run = (place: number): RunningJob =>
            new RunningJob(id, trial.scope.id, place + 1, trial.units.system, trial.rows);
          const results = await Promise.all(
            Array.from({ length: tries }, async (_, place) => {
              await sleep(holdsMs[place]);
              return addEffect(run(place), `property ${id}`);
            }),
          );
          expect(results.filter((result) => result === true)).toHaveLength(1);
          expect((await trial.effects()).filter((key) => key === `property ${id}`)).toHaveLength(1);
          expect((await trial.row(id)).state).toBe('done');
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('rows of the outbox', () => {
  let trial: JobTrial;
  const stranger = { id: randomUUID() };
  const ended = new EndedJobsRepository();

  beforeAll(async () => {
    trial = await JobTrial.open('postgres');
  }, 60_000);
  afterAll(() => trial.close());

  it('are seen and changed by their owner alone', async () => {
    const { units, rows } = trial;
    const id = await trial.enqueue(ADD, { key: 'mine' });
    const page = { state: null, name: null, before: null, limit: 10 };
    expect(await units.app.run(trial.scope, (tx) => rows.listPage(tx, page))).toMatchObject([{ id }]);
    expect(await units.app.run(stranger, (tx) => rows.listByIds(tx, [id]))).toEqual([]);
    expect(await units.app.run(stranger, (tx) => rows.listPage(tx, page))).toEqual([]);
    expect(await units.app.run(stranger, (tx) => rows.updateCancelRequested(tx, id))).toBeUndefined();
    expect(await units.app.run(stranger, (tx) => rows.updateDone(tx, id))).toBe('over');
    expect(await trial.row(id)).toMatchObject({ state: 'open', isCancelRequested: false });
    await trial.cancel(id);
    expect(await units.app.run(stranger, (tx) => rows.updateRedriven(tx, id))).toBe(false);
  });

  it('cannot be put under somebody else, nor deleted by requests', async () => {
    const { units } = trial;
    await expect(
      units.app.run(stranger, (tx) => trial.jobs.enqueue(tx, trial.scope, ADD, { key: 'forged' })),
    ).rejects.toThrow('row-level security');
    await expect(units.app.run(trial.scope, (tx) => ended.deleteFinished(tx, 0, 0))).rejects.toThrow(
      'permission denied',
    );
  });

  it('go within the hour when they were the platform’s own and ended well', async () => {
    const { units } = trial;
    await units.owner(
      `INSERT INTO platform.job (id, user_id, name, queue, payload, state, finished_at)
       SELECT gen_random_uuid(), $1, 'test.shared', 'test', jsonb_build_object('state', state), state, now() - minutes * interval '1 minute'
       FROM unnest(ARRAY['done', 'dead', 'cancelled']) AS state, unnest(ARRAY[30, 90]) AS minutes`,
      [SYSTEM_SCOPE.id],
    );
    expect(await units.system.run(SYSTEM_SCOPE, (tx) => ended.deleteFinished(tx, 3, 14))).toBe(1);
    expect(await units.owner("SELECT 1 FROM platform.job WHERE name = 'test.shared'")).toHaveLength(5);
  });

  it('go some days after their end, dead ones later, and never before it', async () => {
    const { units } = trial;
    await units.owner(
      `INSERT INTO platform.job (id, user_id, name, queue, payload, state, finished_at)
       SELECT gen_random_uuid(), $1, 'test.old', 'test', jsonb_build_object('days', days, 'state', state), state,
         CASE WHEN state IN ('done', 'dead', 'cancelled') THEN now() - days * interval '1 day' END
       FROM unnest(ARRAY['waiting', 'open', 'relayed', 'done', 'dead', 'cancelled']) AS state, unnest(ARRAY[1, 5, 20]) AS days`,
      [trial.scope.id],
    );
    expect(await units.system.run(SYSTEM_SCOPE, (tx) => ended.deleteFinished(tx, 3, 14))).toBe(5);
    const left = await units.owner<{ state: string; days: number[] }>(
      `SELECT state, array_agg((payload ->> 'days')::int ORDER BY 1) AS days FROM platform.job WHERE name = 'test.old'
       GROUP BY 1 ORDER BY 1`,
    );
    expect(Object.fromEntries(left.map(({ state, days }) => [state, days.sort((a, b) => a - b)]))).toEqual({
      cancelled: [1],
      dead: [1, 5],
      done: [1],
      open: [1, 5, 20],
      relayed: [1, 5, 20],
      waiting: [1, 5, 20],
    });
  });
});
