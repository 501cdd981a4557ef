import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { addEffect, handlerOf, JobTrial, onEachBackend } from '../../../test/support/job-trial.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineJob, defineQueue } from './job-definition.js';

// When jobs start. Lower bounds are promises and exact; upper bounds are waits for a condition, since the machine may be busy.

const PLAIN = {
  queue: 'plain',
  payload: z.object({ key: z.string() }),
  attempts: 4,
  backoff: { kind: 'fixed', delayMs: 200 },
  timeoutMs: 5_000,
  dedupKey: null,
} as const;
const ADD = defineJob({ ...PLAIN, name: 'test.add-effect' });
const FAIL_FIXED = defineJob({ ...PLAIN, name: 'test.fail-fixed' });
const FAIL_EXPONENTIAL = defineJob({
  ...PLAIN,
  name: 'test.fail-exponential',
  backoff: { kind: 'exponential', delayMs: 150 },
});
const HOLD = defineJob({ ...PLAIN, name: 'test.hold', queue: 'narrow' });
const LIMITED = defineJob({ ...PLAIN, name: 'test.limited', queue: 'limited' });
const CATALOG = {
  queues: [
    defineQueue({ name: 'plain', concurrency: 5, limiter: null }),
    defineQueue({ name: 'narrow', concurrency: 2, limiter: null }),
    defineQueue({ name: 'limited', concurrency: 10, limiter: { max: 3, durationMs: 600 } }),
  ],
  jobs: [ADD, FAIL_FIXED, FAIL_EXPONENTIAL, HOLD, LIMITED],
  schedules: [],
};

onEachBackend('the times of jobs', (kind) => {
  let trial: JobTrial;
  /** Instants at which a handler was called. */
  const startsMs: number[] = [];
  let running = 0;
  let mostRunning = 0;

  const fail = (): Promise<void> => {
    startsMs.push(Date.now());
    return Promise.reject(new Error('not today'));
  };
  const handlers = [
    handlerOf(ADD, async ({ key }, run) => {
      startsMs.push(Date.now());
      await addEffect(run, key);
    }),
    handlerOf(FAIL_FIXED, fail),
    handlerOf(FAIL_EXPONENTIAL, fail),
    handlerOf(HOLD, async () => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await sleep(100);
      running -= 1;
    }),
    handlerOf(LIMITED, () => {
      startsMs.push(Date.now());
      return Promise.resolve();
    }),
  ];

  beforeAll(async () => {
    trial = await JobTrial.open(kind, { catalog: CATALOG, handlers });
  }, 60_000);
  afterAll(() => trial.close());
  beforeEach(() => void startsMs.splice(0));

  const gaps = (): number[] => startsMs.slice(1).map((atMs, index) => atMs - startsMs[index]!);

  it('starts nothing before its delay', async () => {
    const enqueuedMs = Date.now();
    const id = await trial.enqueue(ADD, { key: 'later' }, { delayMs: 1_200 });
    await trial.until(id, 'done');
    expect(startsMs).toHaveLength(1);
    expect(startsMs[0]! - enqueuedMs).toBeGreaterThanOrEqual(1_190);
  });

  it('keeps what is due much later away from its queue', async () => {
    const id = await trial.enqueue(ADD, { key: 'tomorrow' }, { delayMs: 86_400_000 });
    await trial.until(await trial.enqueue(ADD, { key: 'now' }), 'done');
    expect((await trial.row(id)).state).toBe('open');
  });

  it('waits the same before each try with fixed backoff, and no longer than asked to give up', async () => {
    const id = await trial.enqueue(FAIL_FIXED, { key: '' });
    expect(await trial.until(id, 'dead')).toMatchObject({ error: 'not today' });
    expect(startsMs).toHaveLength(4);
    for (const gapMs of gaps()) expect(gapMs).toBeGreaterThanOrEqual(195);
  });

  it('waits twice as long before each further try with exponential backoff', async () => {
    const id = await trial.enqueue(FAIL_EXPONENTIAL, { key: '' });
    await trial.until(id, 'dead');
    const [first, second, third] = gaps();
    expect(first).toBeGreaterThanOrEqual(145);
    expect(second).toBeGreaterThanOrEqual(295);
    expect(third).toBeGreaterThanOrEqual(595);
  });

  it('runs as many jobs of a queue at a time as it says', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index += 1) ids.push(await trial.enqueue(HOLD, { key: `${index}` }));
    for (const id of ids) await trial.until(id, 'done');
    expect(mostRunning).toBe(2);
  });

  it('starts no more in a time than the limiter says', async () => {
    for (let index = 0; index < 7; index += 1) await trial.enqueue(LIMITED, { key: `${index}` });
    await waitUntil('all have started', 10_000, () => startsMs.length === 7);
    // Of seven the first and the last lie in different thirds of the time, whatever the window's edges are.
    expect(startsMs[6]! - startsMs[0]!).toBeGreaterThanOrEqual(600);
  });
});
