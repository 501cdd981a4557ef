import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { addEffect, handlerOf, JobTrial, onEachBackend } from '../../../test/support/job-trial.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { defineJob, defineQueue, type JobRun } from './job-definition.js';
import { JobStatistics } from './job-statistics.js';
import { QUEUE_JOB_OPTIONS } from './queue-backend.js';
import { Queues } from './queues.service.js';

// How jobs end: done, dead, and driven once more.

const PLAIN = {
  queue: 'test',
  payload: z.object({ key: z.string() }),
  attempts: 2,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 1_000,
  dedupKey: null,
} as const;
const ADD = defineJob({ ...PLAIN, name: 'test.add-effect' });
const MOODY = defineJob({ ...PLAIN, name: 'test.moody' });
const THROW = defineJob({ ...PLAIN, name: 'test.throw' });
const HANG = defineJob({ ...PLAIN, name: 'test.hang', timeoutMs: 300 });
const TWICE = defineJob({ ...PLAIN, name: 'test.twice' });
const GROWN = defineJob({
  ...PLAIN,
  name: 'test.grown',
  payload: z.object({ key: z.string(), isNew: z.boolean().default(false) }),
});
const NEWCOMER = defineJob({ ...PLAIN, name: 'test.newcomer' });
const REPORT = defineJob({ ...PLAIN, name: 'test.report', timeoutMs: 10_000 });
const QUEUES = [defineQueue({ name: 'test', concurrency: 5, limiter: null })];
const JOBS = [ADD, MOODY, THROW, HANG, TWICE, GROWN, REPORT];

onEachBackend('the ends of jobs', (kind) => {
  let trial: JobTrial;
  let statistics: JobStatistics;
  let queues: Queues;
  let isMoody = true;
  const thrown: unknown[] = [];
  const seen: unknown[] = [];
  let report: (run: JobRun) => Promise<void> = () => Promise.resolve();
  const twice: (true | undefined)[] = [];

  const add = handlerOf(ADD, async ({ key }, run) => void (await addEffect(run, key)));
  const handlers = [
    add,
    handlerOf(MOODY, async ({ key }, run) => {
      if (isMoody) throw new Error('not in the mood');
      await addEffect(run, key);
    }),
    handlerOf(THROW, () => {
      throw thrown[0];
    }),
    handlerOf(HANG, async ({ key }, run) => {
      await sleep(600);
      await addEffect(run, key);
    }),
    handlerOf(TWICE, async ({ key }, run) => {
      twice.push(await addEffect(run, key));
      twice.push(await addEffect(run, `${key} again`));
    }),
    handlerOf(GROWN, async (payload, run) => {
      seen.push(payload);
      await addEffect(run, payload.key);
    }),
    handlerOf(REPORT, (_payload, run) => report(run)),
  ];

  beforeAll(async () => {
    trial = await JobTrial.open(kind);
    const world = await trial.addWorld({ catalog: { queues: QUEUES, jobs: JOBS, schedules: [] }, handlers });
    statistics = world.app.get(JobStatistics);
    queues = world.app.get(Queues);
  }, 60_000);
  afterAll(() => trial.close());

  /** A row as another release may have left it. */
  const insertRaw = async (name: string, payload: unknown): Promise<string> => {
    const [row] = await trial.units.owner<{ id: string }>(
      `INSERT INTO platform.job (id, user_id, name, queue, payload) VALUES (gen_random_uuid(), $1, $2, 'test', $3) RETURNING id`,
      [trial.scope.id, name, JSON.stringify(payload)],
    );
    return row!.id;
  };

  it('has a dead job driven once more, though its queue remembers the failure', async () => {
    isMoody = true;
    const id = await trial.enqueue(MOODY, { key: 'moody' });
    expect(await trial.until(id, 'dead')).toMatchObject({ error: 'not in the mood' });
    expect(await trial.redrive(id)).toBe(true);
    await trial.until(id, 'dead');
    isMoody = false;
    expect(await trial.redrive(id)).toBe(true);
    expect(await trial.until(id, 'done')).toMatchObject({ error: null });
    expect(await trial.effects()).toContain('moody');
    expect(await trial.redrive(id)).toBe(false);
  });

  it('ends a poison payload at its first try, and runs its neighbours', async () => {
    const ids = [await trial.enqueue(ADD, { key: 'before' })];
    const poison = await insertRaw(ADD.name, { key: 7 });
    ids.push(await trial.enqueue(ADD, { key: 'behind' }));
    for (const id of ids) await trial.until(id, 'done');
    const row = await trial.until(poison, 'dead');
    expect(row.attempts).toBe(1);
    expect(row.error).toContain('The payload cannot be read: key');
    expect(statistics.all().get(ADD.name)).toMatchObject({ dead: 1, failed: 1 });
  });

  it('reads a payload of an older release', async () => {
    await trial.until(await insertRaw(GROWN.name, { key: 'old' }), 'done');
    await trial.until(await trial.enqueue(GROWN, { key: 'new', isNew: true }), 'done');
    expect(seen).toEqual([
      { key: 'old', isNew: false },
      { key: 'new', isNew: true },
    ]);
  });

  it('keeps a job of another release for a worker that has its handler', async () => {
    const id = await insertRaw(NEWCOMER.name, { key: 'newcomer' });
    await trial.until(await trial.enqueue(ADD, { key: 'meanwhile' }), 'done');
    expect((await trial.row(id)).state).toBe('open');
    // As the relay of a newer release that went down since has left it: this one puts it back.
    await trial.units.owner(`UPDATE platform.job SET state = 'relayed', relay_count = 1 WHERE id = $1`, [id]);
    const data = { payload: { key: 'newcomer' }, ownerId: trial.scope.id };
    await queues.get('test').add(NEWCOMER.name, data, { ...QUEUE_JOB_OPTIONS, jobId: id });
    await trial.until(id, 'open');
    await waitUntil('its queue has forgotten it', 10_000, async () => !(await queues.get('test').getJob(id)));
    const newer = await trial.addWorld({
      catalog: { queues: QUEUES, jobs: [NEWCOMER], schedules: [] },
      handlers: [handlerOf(NEWCOMER, async ({ key }, run) => void (await addEffect(run, key)))],
    });
    // Both releases take from one queue: whichever does not know a job leaves it to the other without counting a try.
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, index) => trial.enqueue(ADD, { key: `mixed ${index}` })),
    );
    for (const other of [id, ...others])
      expect(await trial.until(other, 'done', 40_000)).toMatchObject({ attempts: 0, error: null });
    await trial.removeWorld(newer);
  }, 60_000);

  it.each([
    ['an error', new Error('plain'), 'plain'],
    ['a text', 'only words', 'only words'],
    ['nothing', undefined, 'undefined'],
    ['what PostgreSQL cannot store', new Error('a\0b'), 'a\uFFFDb'],
    ['a very long text', new Error('x'.repeat(100_000)), 'x'.repeat(4_000)],
  ])('writes down that a handler threw %s', async (_what, value, message) => {
    thrown[0] = value;
    const row = await trial.until(await trial.enqueue(THROW, { key: 'throws' }), 'dead');
    expect(row.attempts).toBe(THROW.attempts);
    expect(row.error).toBe(message);
  });

  it('ends a try that takes too long, whose effect then never comes', async () => {
    const row = await trial.until(await trial.enqueue(HANG, { key: 'late' }), 'dead');
    expect(row.error).toBe('The try took longer than 300 ms');
    await sleep(700);
    expect(await trial.effects()).not.toContain('late');
  });

  it('refuses a second effect after the end', async () => {
    const id = await trial.enqueue(TWICE, { key: 'first' });
    await trial.until(id, 'done');
    await waitUntil('its try has failed', 5_000, () => statistics.all().get(TWICE.name)?.failed === 1);
    expect(twice).toEqual([true]);
    expect(await trial.effects()).not.toContain('first again');
    expect((await trial.row(id)).state).toBe('done');
  });

  it('lets an end that is being committed win over a death', async () => {
    const id = await trial.enqueue(ADD, { key: 'slow commit' }, { delayMs: 60_000 });
    let ended: Promise<void> | undefined;
    await trial.units.system.run(SYSTEM_SCOPE, async (tx) => {
      expect(await trial.rows.updateDone(tx, id)).toBe('go');
      ended = trial.units.system.run(SYSTEM_SCOPE, (other) =>
        trial.rows.updateEnded(other, id, { state: 'dead', error: 'too late', attempts: 1 }),
      );
      await sleep(200);
    });
    await ended;
    expect(await trial.row(id)).toMatchObject({ state: 'done', error: null });
  });

  it('writes progress at most four times a second, and the last one always', async () => {
    const versions = new Set<number>();
    report = async (run) => {
      for (let done = 1; done <= 100; done += 1) {
        run.progress({ done, total: 100 });
        await sleep(12);
      }
    };
    const id = await trial.enqueue(REPORT, { key: 'progress' });
    const startedMs = performance.now();
    await waitUntil('it is done', 10_000, async () => {
      const { version, state, progress } = await trial.row(id);
      if (progress && state !== 'done') versions.add(version);
      return state === 'done';
    });
    const seconds = (performance.now() - startedMs) / 1_000;
    expect(versions.size).toBeGreaterThanOrEqual(2);
    expect(await trial.row(id)).toMatchObject({ progress: { done: 100, total: 100 } });
    // One for the end, one for the last step, and one per quarter of a second.
    expect((await trial.row(id)).version - 1).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 2);
  });

  it('keeps the last progress of a job that fails', async () => {
    report = (run) => {
      run.progress({ done: 3, total: null, note: 'third page' });
      return Promise.reject(new Error('page four is missing'));
    };
    const row = await trial.until(await trial.enqueue(REPORT, { key: 'fails' }), 'dead');
    expect(row.progress).toEqual({ done: 3, total: null, note: 'third page' });
  });
});
