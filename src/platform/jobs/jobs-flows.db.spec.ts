import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { addEffect, handlerOf, JobTrial, onEachBackend } from '../../../test/support/job-trial.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineJob, defineQueue } from './job-definition.js';
import type { JobFlow } from './jobs.service.js';

// Jobs that wait for others, and jobs that somebody no longer wants.

const PLAIN = {
  queue: 'test',
  payload: z.object({ key: z.string(), holdMs: z.number().default(0) }),
  attempts: 1,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 20_000,
  dedupKey: null,
} as const;
const STEP = defineJob({ ...PLAIN, name: 'test.step' });
const BREAK = defineJob({ ...PLAIN, name: 'test.break' });
const BLOCKER = defineJob({ ...PLAIN, name: 'test.blocker', queue: 'single' });
const BEHIND = defineJob({ ...PLAIN, name: 'test.behind', queue: 'single' });
const LONG = defineJob({ ...PLAIN, name: 'test.long' });

onEachBackend('flows and cancellation', (kind) => {
  let trial: JobTrial;
  let isBroken = true;
  let isBlocked = true;
  const ran: string[] = [];
  const reasons: string[] = [];

  const handlers = [
    handlerOf(STEP, async ({ key, holdMs }, run) => {
      await sleep(holdMs, undefined, { ref: false }); // some are cancelled and outlive the test
      ran.push(key);
      await addEffect(run, key);
    }),
    handlerOf(BREAK, async ({ key }, run) => {
      if (isBroken) throw new Error('broken');
      ran.push(key);
      await addEffect(run, key);
    }),
    handlerOf(BLOCKER, async () => {
      while (isBlocked) await sleep(10);
    }),
    handlerOf(BEHIND, ({ key }) => {
      ran.push(key);
      return Promise.resolve();
    }),
    handlerOf(LONG, async ({ key }, run) => {
      ran.push(key);
      while (!run.signal.aborted) await sleep(10);
      reasons.push((run.signal.reason as Error).message);
      await addEffect(run, key);
    }),
  ];

  beforeAll(async () => {
    trial = await JobTrial.open(kind, {
      catalog: {
        queues: [
          defineQueue({ name: 'test', concurrency: 5, limiter: null }),
          defineQueue({ name: 'single', concurrency: 1, limiter: null }),
        ],
        jobs: [STEP, BREAK, BLOCKER, BEHIND, LONG],
        schedules: [],
      },
      handlers,
    });
  }, 60_000);
  afterAll(async () => {
    isBlocked = false;
    await trial.close();
  });
  beforeEach(() => void ran.splice(0));

  const step = (key: string, children: readonly JobFlow[] = [], holdMs = 0): JobFlow => ({
    definition: STEP,
    payload: { key, holdMs },
    children,
  });
  const breaking = (key: string): JobFlow => ({
    definition: BREAK,
    payload: { key, holdMs: 0 },
    children: [],
  });
  const start = (flow: JobFlow): Promise<string> =>
    trial.units.app.run(trial.scope, (tx) => trial.jobs.enqueueFlow(tx, trial.scope, flow));
  const idOf = async (key: string): Promise<string> => {
    const rows = await trial.units.owner<{ id: string }>(
      `SELECT id FROM platform.job WHERE payload ->> 'key' = $1`,
      [key],
    );
    return rows[0]!.id;
  };

  describe('a flow', () => {
    it('runs children first, in any order, over two levels', async () => {
      const grandchildren = [step('a1', [], 120), step('a2')];
      const id = await start(step('top', [step('a', grandchildren), step('b', [], 60), step('c')]));
      expect((await trial.row(id)).state).toBe('waiting');
      await trial.until(id, 'done');
      expect([...ran].sort()).toEqual(['a', 'a1', 'a2', 'b', 'c', 'top']);
      expect(ran.at(-1)).toBe('top');
      expect(ran.indexOf('a')).toBeGreaterThan(Math.max(ran.indexOf('a1'), ran.indexOf('a2')));
    });

    it('opens a parent once when many children end at the same time', async () => {
      const children = Array.from({ length: 40 }, (_, index) => step(`crowd ${index}`));
      const id = await start(step('crowd', children));
      await trial.until(id, 'done');
      expect(ran).toHaveLength(41);
      expect(ran.at(-1)).toBe('crowd');
    });

    it('ends its parents with a child that dies, and brings them back with it', async () => {
      isBroken = true;
      const id = await start(step('roof', [step('wall', [breaking('stone')]), step('beside', [], 100)]));
      const roof = await trial.until(id, 'dead');
      expect(roof.error).toContain(`${await idOf('stone')} that it waited for ended dead`);
      await trial.until(await idOf('wall'), 'dead');
      await trial.until(await idOf('beside'), 'done');
      expect(await trial.redrive(id)).toBe(false); // its child comes first
      isBroken = false;
      expect(await trial.redrive(await idOf('stone'))).toBe(true);
      await trial.until(id, 'done');
      expect(ran).toEqual(['beside', 'stone', 'wall', 'roof']);
    });
  });

  describe('cancellation', () => {
    it('ends what is due later at once', async () => {
      const later = await trial.enqueue(STEP, { key: 'much later', holdMs: 0 }, { delayMs: 3_600_000 });
      const row = await trial.cancel(later);
      expect(row).toMatchObject({ state: 'cancelled', isCancelRequested: true });
      expect(row!.finishedAt).not.toBeNull();
      expect((await trial.cancel(later))!.version).toBe(row!.version);
    });

    it('never runs what its queue already has, delayed', async () => {
      const id = await trial.enqueue(STEP, { key: 'soon', holdMs: 0 }, { delayMs: 1_000 });
      await trial.until(id, 'relayed');
      await trial.cancel(id);
      await trial.until(id, 'cancelled');
      expect(ran).toEqual([]);
    });

    it('never runs what waits for its place', async () => {
      isBlocked = true;
      const blocker = await trial.enqueue(BLOCKER, { key: 'blocker', holdMs: 0 });
      const behind = await trial.enqueue(BEHIND, { key: 'behind', holdMs: 0 });
      await trial.until(behind, 'relayed');
      expect(await trial.cancel(behind)).toMatchObject({ state: 'relayed', isCancelRequested: true });
      isBlocked = false;
      await trial.until(blocker, 'done');
      await trial.until(behind, 'cancelled');
      expect(ran).toEqual([]);
    });

    it('stops what runs, which then has no effect', async () => {
      const id = await trial.enqueue(LONG, { key: 'long', holdMs: 0 });
      await waitUntil('it runs', 10_000, () => ran.length === 1);
      await trial.cancel(id);
      const row = await trial.until(id, 'cancelled');
      expect(row.error).toBe('The job was cancelled');
      await waitUntil('it was told so', 5_000, () => reasons.length === 1);
      expect(reasons).toEqual(['The job was cancelled']);
      await sleep(200);
      expect(await trial.effects()).not.toContain('long');
    });

    it('refuses the effect of a job that does not ask', async () => {
      const id = await trial.enqueue(STEP, { key: 'deaf', holdMs: 700 });
      await trial.until(id, 'relayed');
      await trial.cancel(id);
      await trial.until(id, 'cancelled');
      expect(await trial.effects()).not.toContain('deaf');
    });

    it('ends a flow from its top, with what it still waits for', async () => {
      const id = await start(step('tower', [step('floor', [step('cellar', [], 3_600_000)])]));
      await waitUntil(
        'the lowest runs',
        10_000,
        async () => (await trial.row(await idOf('cellar'))).state === 'relayed',
      );
      await trial.cancel(id);
      const keys = ['tower', 'floor', 'cellar'];
      for (const key of keys) await trial.until(await idOf(key), 'cancelled');
      expect(ran.filter((key) => keys.includes(key))).toEqual([]); // the deaf job of before may only now come to its end
    });

    it('ends the parents of what was cancelled', async () => {
      const id = await start(step('parent', [step('child', [], 3_600_000)]));
      await trial.cancel(await idOf('child'));
      await trial.until(await idOf('child'), 'cancelled');
      await trial.until(id, 'cancelled');
    });

    it('can be taken back', async () => {
      const id = await trial.enqueue(STEP, { key: 'after all', holdMs: 0 }, { delayMs: 3_600_000 });
      await trial.cancel(id);
      expect(await trial.redrive(id)).toBe(true);
      await trial.until(id, 'done');
      expect(ran).toEqual(['after all']);
    });

    it('is refused for what has ended', async () => {
      const id = await trial.enqueue(STEP, { key: 'finished', holdMs: 0 });
      await trial.until(id, 'done');
      expect(await trial.cancel(id)).toMatchObject({ state: 'done', isCancelRequested: false });
    });
  });
});
