import type { z } from 'zod';
import type { Tx } from '../database/unit-of-work.js';

// What a domain says about its background work, in `x.jobs.ts`, and what a handler is given. Everything is explicit: how often,
// how long, how many at once; boot fails on a job without exactly one handler and on a job of an unknown queue.
//
// A handler may run twice for one job (a worker that died after its effect, a lock that expired while the event loop hung).
// `run.once` makes the effect and the end of the job one transaction: it happens once, however often the handler runs.

/** One BullMQ queue. Jobs of one queue share its places; what must not wait for slow work has a queue of its own. */
export interface QueueDefinition {
  /** `<domain>` or `<domain>-<kind of work>`; lower-case kebab. */
  readonly name: string;
  /** Jobs of this queue that one worker process runs at the same time. */
  readonly concurrency: number;
  /** At most `max` starts per `durationMs` over all workers; null = no limit. */
  readonly limiter: { readonly max: number; readonly durationMs: number } | null;
}

export interface JobDefinition<Payload = unknown> {
  /** `<domain>.<verb-noun>`; stored in rows, so it never changes. */
  readonly name: string;
  /** Name of its queue. */
  readonly queue: string;
  /** Ids only: rows carry the truth. New fields are optional for one release. */
  readonly payload: z.ZodType<Payload>;
  /** Tries altogether before the job is dead. */
  readonly attempts: number;
  readonly backoff: { readonly kind: 'fixed' | 'exponential'; readonly delayMs: number };
  /** Longest run of one try; then its signal aborts and the try counts as failed. */
  readonly timeoutMs: number;
  /** While a job with the same key waits for its start, another one is not added. null = never deduplicated. */
  readonly dedupKey: ((payload: Payload) => string) | null;
}

/** A definition whose payload type does not matter to the holder. */
export type AnyJob = Omit<JobDefinition, 'dedupKey'> & {
  readonly dedupKey: ((payload: never) => string) | null;
};

/** Progress of a long job: `done` of `total` units of its own, and what it is at. */
export interface JobProgress {
  readonly done: number;
  /** null while it is not known. */
  readonly total: number | null;
  readonly note?: string;
}

/** One try of one job. */
export interface JobRun {
  /** The job's id, the same at each try. */
  readonly id: string;
  /** Principal in whose name it was enqueued. */
  readonly ownerId: string;
  /** 1 at the first try. */
  readonly attempt: number;
  /** Aborts on timeout, cancellation and shutdown; long work asks it between steps. */
  readonly signal: AbortSignal;
  /** Shown by `GET /api/v1/jobs/{id}` and its events; written at most four times a second. */
  progress(progress: JobProgress): void;
  /**
   * The effect, in one transaction of the system role with the end of the job: committed exactly once.
   * @returns undefined when an earlier try has already committed it
   */
  once<T>(work: (tx: Tx) => Promise<T>): Promise<T | undefined>;
}

/** A provider with `@HandlesJob(definition)`. Returning ends the job, throwing fails the try. */
export interface JobHandler<Payload> {
  handle(payload: Payload, run: JobRun): Promise<void>;
}

export function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return Object.freeze(definition);
}

export function defineQueue(definition: QueueDefinition): QueueDefinition {
  return Object.freeze(definition);
}
