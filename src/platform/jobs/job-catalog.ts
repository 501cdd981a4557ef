import { z } from 'zod';
import type { AnyJob, QueueDefinition } from './job-definition.js';

export const JOB_CATALOG = Symbol('JobCatalog');

/** When a job is due by the calendar. Each due time enqueues once, however many workers there are. */
export interface ScheduleDefinition {
  /** `<domain>.<what-and-when>`; unique, and stable over releases. */
  readonly id: string;
  readonly job: AnyJob;
  readonly payload: unknown;
  /** Every so many milliseconds, or a cron pattern (five or six fields) in a time zone. */
  readonly due: { readonly everyMs: number } | { readonly cron: string; readonly tz: string };
}

/** What one domain (or the platform) contributes; `app.module` hands all of them to the jobs room. */
export interface JobCatalog {
  readonly queues: readonly QueueDefinition[];
  readonly jobs: readonly AnyJob[];
  readonly schedules: readonly ScheduleDefinition[];
  /** Ids of schedules that an older release had: they are taken out of the calendar. */
  readonly retiredSchedules?: readonly string[];
}

/**
 * Merges catalogues. @throws Error naming every fault: a name used twice, a job of an unknown queue, numbers out of range, a
 * schedule whose payload its job would refuse
 */
export function mergeCatalogs(catalogs: readonly JobCatalog[]): JobCatalog {
  const queues = catalogs.flatMap((catalog) => catalog.queues);
  const jobs = catalogs.flatMap((catalog) => catalog.jobs);
  const schedules = catalogs.flatMap((catalog) => catalog.schedules);
  const retiredSchedules = catalogs.flatMap((catalog) => catalog.retiredSchedules ?? []);
  const faults = [
    ...repeated(queues.map((queue) => queue.name)).map((name) => `queue ${name} is declared twice`),
    ...repeated(jobs.map((job) => job.name)).map((name) => `job ${name} is declared twice`),
    ...repeated(schedules.map((schedule) => schedule.id)).map((id) => `schedule ${id} is declared twice`),
    ...queues.flatMap(faultsOfQueue),
    ...jobs.flatMap((job) => faultsOfJob(job, queues)),
    ...schedules.flatMap((schedule) => faultsOfSchedule(schedule, jobs)),
  ];
  if (faults.length > 0) throw new Error(`The job catalogue is wrong: ${faults.join('; ')}.`);
  return { queues, jobs, schedules, retiredSchedules };
}

/** Queues of the platform's own; a domain's queue may not take their names. */
export const SCHEDULE_QUEUE = 'platform-schedules';

function faultsOfQueue({ name, concurrency, limiter }: QueueDefinition): string[] {
  return [
    ...(/^[a-z][a-z0-9-]*$/.test(name) && name !== SCHEDULE_QUEUE
      ? []
      : [`queue ${name} has a name that cannot be used`]),
    ...(isWithin(concurrency, 1, 1_000) ? [] : [`queue ${name}: concurrency is 1 to 1000`]),
    ...(limiter === null || (limiter.max >= 1 && limiter.durationMs >= 1)
      ? []
      : [`queue ${name}: limiter needs positive numbers`]),
  ];
}

function faultsOfJob(job: AnyJob, queues: readonly QueueDefinition[]): string[] {
  const { name, queue, attempts, backoff, timeoutMs, payload } = job;
  return [
    // An older worker that met a new optional field would call it poison.
    ...(payload instanceof z.ZodObject && payload.def.catchall instanceof z.ZodNever
      ? [`job ${name}: a strict payload refuses what a newer release adds`]
      : []),
    ...(/^[a-z][a-z-]*\.[a-z0-9-]+$/.test(name)
      ? []
      : [`job ${name} is not of the form <domain>.<verb-noun>`]),
    ...(queues.some((known) => known.name === queue) ? [] : [`job ${name} names the unknown queue ${queue}`]),
    ...(isWithin(attempts, 1, 100) ? [] : [`job ${name}: attempts are 1 to 100`]),
    ...(isWithin(backoff.delayMs, 0, 86_400_000) ? [] : [`job ${name}: backoff is 0 to a day`]),
    ...(isWithin(timeoutMs, 1, 86_400_000) ? [] : [`job ${name}: timeout is 1 ms to a day`]),
  ];
}

function faultsOfSchedule(schedule: ScheduleDefinition, jobs: readonly AnyJob[]): string[] {
  if (!jobs.includes(schedule.job))
    return [`schedule ${schedule.id} names the unknown job ${schedule.job.name}`];
  const { success } = schedule.job.payload.safeParse(schedule.payload);
  return success ? [] : [`schedule ${schedule.id}: its job refuses the payload`];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}
