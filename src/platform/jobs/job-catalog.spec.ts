import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type JobCatalog, mergeCatalogs, SCHEDULE_QUEUE } from './job-catalog.js';
import { defineJob, defineQueue, type JobDefinition, type QueueDefinition } from './job-definition.js';

const QUEUE = defineQueue({ name: 'test', concurrency: 5, limiter: null });
const JOB = defineJob({
  name: 'test.work',
  queue: 'test',
  payload: z.object({ key: z.string() }),
  attempts: 3,
  backoff: { kind: 'fixed', delayMs: 20 },
  timeoutMs: 1_000,
  dedupKey: null,
});
const SCHEDULE = { id: 'test.daily', job: JOB, payload: { key: 'x' }, due: { everyMs: 1_000 } };
const of = (parts: Partial<JobCatalog>): JobCatalog => ({ queues: [], jobs: [], schedules: [], ...parts });
const queue = (changes: Partial<QueueDefinition>): JobCatalog => of({ queues: [{ ...QUEUE, ...changes }] });
const job = (changes: Partial<JobDefinition<{ key: string }>>): JobCatalog =>
  of({ queues: [QUEUE], jobs: [{ ...JOB, ...changes }] });

describe('mergeCatalogs', () => {
  it('puts the parts of all domains together', () => {
    const merged = mergeCatalogs([
      of({ queues: [QUEUE] }),
      of({ jobs: [JOB], schedules: [SCHEDULE] }),
      { ...of({}), retiredSchedules: ['test.gone'] },
    ]);
    expect(merged).toEqual({
      queues: [QUEUE],
      jobs: [JOB],
      schedules: [SCHEDULE],
      retiredSchedules: ['test.gone'],
    });
  });

  it.each<[string, JobCatalog, string]>([
    ['a queue twice', of({ queues: [QUEUE, QUEUE] }), 'queue test is declared twice'],
    ['a job twice', of({ queues: [QUEUE], jobs: [JOB, { ...JOB }] }), 'job test.work is declared twice'],
    [
      'a schedule twice',
      of({ queues: [QUEUE], jobs: [JOB], schedules: [SCHEDULE, SCHEDULE] }),
      'schedule test.daily is declared twice',
    ],
    ['a name with capitals', queue({ name: 'Test' }), 'queue Test has a name that cannot be used'],
    ['the name of the schedules', queue({ name: SCHEDULE_QUEUE }), 'has a name that cannot be used'],
    ['no places', queue({ concurrency: 0 }), 'concurrency is 1 to 1000'],
    ['half a place', queue({ concurrency: 1.5 }), 'concurrency is 1 to 1000'],
    ['places without number', queue({ concurrency: Number.NaN }), 'concurrency is 1 to 1000'],
    ['a limiter of nothing', queue({ limiter: { max: 0, durationMs: 1_000 } }), 'limiter needs positive'],
    ['a limiter of no time', queue({ limiter: { max: 1, durationMs: 0 } }), 'limiter needs positive'],
    ['a job of no queue', of({ jobs: [JOB] }), 'job test.work names the unknown queue test'],
    ['a job without domain', job({ name: 'work' }), 'not of the form <domain>.<verb-noun>'],
    [
      'a payload that refuses fields of a newer release',
      job({ payload: z.strictObject({ key: z.string() }) }),
      'job test.work: a strict payload refuses',
    ],
    ['no attempts', job({ attempts: 0 }), 'attempts are 1 to 100'],
    ['backoff below nothing', job({ backoff: { kind: 'fixed', delayMs: -1 } }), 'backoff is 0 to a day'],
    ['no time', job({ timeoutMs: 0 }), 'timeout is 1 ms to a day'],
    ['endless time', job({ timeoutMs: Number.POSITIVE_INFINITY }), 'timeout is 1 ms to a day'],
    ['a schedule of no job', of({ schedules: [SCHEDULE] }), 'names the unknown job test.work'],
    [
      'a schedule that its job refuses',
      of({ queues: [QUEUE], jobs: [JOB], schedules: [{ ...SCHEDULE, payload: {} }] }),
      'its job refuses the payload',
    ],
  ])('refuses %s', (_what, catalog, fault) => {
    expect(() => mergeCatalogs([catalog])).toThrow(fault);
  });

  it('names every fault at once', () => {
    const catalog = of({
      queues: [{ ...QUEUE, concurrency: 0 }],
      jobs: [{ ...JOB, attempts: 0, timeoutMs: 0 }],
    });
    expect(() => mergeCatalogs([catalog])).toThrow(/concurrency.*attempts.*timeout/);
  });
});
