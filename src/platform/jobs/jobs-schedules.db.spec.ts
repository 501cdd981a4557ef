import { afterEach, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  addEffect,
  handlerOf,
  JobTrial,
  onEachBackend,
  type TrialParts,
} from '../../../test/support/job-trial.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { type ScheduleDefinition, SCHEDULE_QUEUE } from './job-catalog.js';
import { defineJob, defineQueue } from './job-definition.js';
import { Queues } from './queues.service.js';

const TICK = defineJob({
  name: 'test.tick',
  queue: 'test',
  payload: z.object({ key: z.string() }),
  attempts: 1,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 5_000,
  dedupKey: null,
});
const EVERY: ScheduleDefinition = {
  id: 'test.every',
  job: TICK,
  payload: { key: 'every' },
  due: { everyMs: 1_000 },
};
const CRON: ScheduleDefinition = {
  id: 'test.cron',
  job: TICK,
  payload: { key: 'cron' },
  due: { cron: '* * * * * *', tz: 'Pacific/Auckland' },
};
const NIGHTLY: ScheduleDefinition = {
  id: 'test.nightly',
  job: TICK,
  payload: { key: 'nightly' },
  due: { cron: '30 3 * * *', tz: 'Pacific/Auckland' },
};

onEachBackend('schedules', (kind) => {
  let trial: JobTrial | undefined;

  afterEach(() => trial?.close());

  const parts = (schedules: readonly ScheduleDefinition[], renewEveryMs = 60_000): TrialParts => ({
    catalog: {
      queues: [defineQueue({ name: 'test', concurrency: 5, limiter: null })],
      jobs: [TICK],
      schedules,
    },
    handlers: [handlerOf(TICK, async ({ key }, run) => void (await addEffect(run, key)))],
    jobs: { renewSchedulesEveryMs: renewEveryMs },
  });
  const count = async (key: string): Promise<number> =>
    (await trial!.effects()).filter((effect) => effect === key).length;

  /** Two ticks within four seconds. A machine that stood still meanwhile gets another four. */
  const keepsUp = (key: string): Promise<unknown> =>
    waitUntil('it ticks every second', 20_000, async () => {
      const before = await count(key);
      await sleep(4_000);
      return (await count(key)) - before >= 2;
    });

  it('enqueues every so often and by cron, once per due time though two workers run', async () => {
    trial = await JobTrial.open(kind, parts([EVERY, CRON]));
    await trial.addWorld(parts([EVERY, CRON]));
    await waitUntil(
      'both have ticked',
      20_000,
      async () => (await count('every')) > 0 && (await count('cron')) > 0,
    );
    const before = { every: await count('every'), cron: await count('cron') };
    const startedMs = performance.now();
    await sleep(4_000);
    for (const key of ['every', 'cron'] as const) {
      const ticks = (await count(key)) - before[key];
      expect(ticks).toBeLessThanOrEqual((performance.now() - startedMs) / 1_000 + 1);
      if (ticks < 2) await keepsUp(key);
    }
  }, 60_000);

  it('leaves a schedule to the release that knows it', async () => {
    trial = await JobTrial.open(kind, parts([CRON], 500));
    const newer = parts([CRON, EVERY], 500);
    await trial.addWorld(newer);
    await waitUntil('it has ticked', 20_000, async () => (await count('every')) > 0);
    await keepsUp('every');
  }, 60_000);

  it('means the hour of its zone, and forgets what is retired', async () => {
    trial = await JobTrial.open(kind, parts([EVERY, NIGHTLY]));
    const first = await trial.addWorld(parts([EVERY, NIGHTLY]));
    const queue = first.app.get(Queues).backend.queue(SCHEDULE_QUEUE);
    const known = (): Promise<{ key: string; next?: number }[]> => queue.getJobSchedulers(0, -1);
    await waitUntil('both are written', 10_000, async () => (await known()).length === 2);
    const next = (await known()).find(({ key }) => key === NIGHTLY.id)!.next!;
    const hour = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Pacific/Auckland',
      hour: '2-digit',
      minute: '2-digit',
    }).format(next);
    expect(hour).toBe('03:30');
    const changed = parts([{ ...NIGHTLY, due: { cron: '45 4 * * *', tz: 'Europe/Paris' } }]);
    await trial.addWorld({ ...changed, catalog: { ...changed.catalog, retiredSchedules: [EVERY.id] } });
    await waitUntil('only the changed one is left', 10_000, async () => {
      const left = await known();
      return left.length === 1 && left[0]!.key === NIGHTLY.id && left[0]!.next !== next;
    });
    await queue.close();
  }, 60_000);

  if (kind === 'redis')
    it('writes its calendar again when Redis was flushed', async () => {
      trial = await JobTrial.open(kind, parts([EVERY], 500));
      await waitUntil('it ticks', 10_000, async () => (await count('every')) > 0);
      await trial.redis!.flush();
      const before = await count('every');
      await waitUntil('it ticks again', 15_000, async () => (await count('every')) > before + 1);
    }, 60_000);
});
