import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { handlerOf } from '../../../test/support/job-trial.js';
import { openJobWorld } from '../../../test/support/job-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { AnyJob } from './job-definition.js';
import { defineJob, defineQueue } from './job-definition.js';
import { JobRegistry } from './job-registry.js';

const PLAIN = {
  queue: 'test',
  payload: z.object({}),
  attempts: 1,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 1_000,
  dedupKey: null,
} as const;
const DECLARED = defineJob({ ...PLAIN, name: 'test.declared' });
const OTHER = defineJob({ ...PLAIN, name: 'test.other' });
const nothing = (): Promise<void> => Promise.resolve();

describe('the registry of jobs', () => {
  let units: TestUnits;

  beforeAll(async () => {
    units = await openUnits();
  }, 60_000);
  afterAll(() => units.close());

  const start = async (jobs: readonly AnyJob[], handlers: readonly Type[]): Promise<string[]> => {
    const world = await openJobWorld({
      databaseUrl: units.url,
      catalog: {
        queues: [defineQueue({ name: 'test', concurrency: 1, limiter: null })],
        jobs,
        schedules: [],
      },
      handlers,
      jobs: { isWorker: false },
    });
    const names = world.app.get(JobRegistry).names();
    await world.close();
    return names;
  };

  it('starts when each job has its handler', async () => {
    expect(await start([DECLARED, OTHER], [handlerOf(OTHER, nothing), handlerOf(DECLARED, nothing)])).toEqual(
      expect.arrayContaining([DECLARED.name, OTHER.name]),
    );
  });

  it.each<[string, readonly AnyJob[], readonly Type[], string]>([
    ['a job without handler', [DECLARED], [], 'test.declared has no handler'],
    [
      'a job with two handlers',
      [DECLARED],
      [handlerOf(DECLARED, nothing), handlerOf(DECLARED, nothing)],
      'test.declared has two handlers',
    ],
    [
      'a handler of a job that nobody declares',
      [DECLARED],
      [handlerOf(DECLARED, nothing), handlerOf(OTHER, nothing)],
      'handles test.other, which is not declared',
    ],
    [
      'a handler of another definition with the name',
      [DECLARED],
      [handlerOf(defineJob({ ...PLAIN, name: DECLARED.name }), nothing)],
      'which is not declared; test.declared has no handler',
    ],
  ])('refuses to start with %s', async (_what, jobs, handlers, fault) => {
    await expect(start(jobs, handlers)).rejects.toThrow(fault);
  });
});
